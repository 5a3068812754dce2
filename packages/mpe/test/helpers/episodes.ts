import { makeEnv, type ScenarioName, SeededRandom } from '../../src/index.js';

export type Env = ReturnType<typeof makeEnv>;
export type Actions = Parameters<Env['step']>[0];

/** One action for each live agent, drawn from its action space. */
export function sampleActions(env: Env, random: SeededRandom): Actions {
  return Object.fromEntries(env.agents.map((agent) => [agent, env.actionSpace(agent).sample(random)]));
}

/** All that a whole episode of random actions gives back. */
export function playEpisode(env: Env, seed: number, actionSeed = 0): unknown[] {
  const random = new SeededRandom(actionSeed);
  const results: unknown[] = [env.reset({ seed })];
  while (env.agents.length > 0) results.push(env.step(sampleActions(env, random)));
  return results;
}

/** A running episode of `steps` random steps. */
export function midEpisode(name: ScenarioName, steps = 5, seed = 0): Env {
  const env = makeEnv(name);
  const random = new SeededRandom(seed);
  env.reset({ seed });
  for (let i = 0; i < steps; i++) env.step(sampleActions(env, random));
  return env;
}
