import { makeEnv, type ScenarioName, SeededRandom } from '../../src/index.js';

export type Env = ReturnType<typeof makeEnv>;
export type Actions = Parameters<Env['step']>[0];

/** A random action for each live agent. */
export function sampleActions(env: Env, random: SeededRandom): Actions {
  return Object.fromEntries(env.agents.map((agent) => [agent, env.actionSpace(agent).sample(random)]));
}

/** Everything that an episode of random actions returns. */
export function playEpisode(env: Env, seed: number, actionSeed = 0): unknown[] {
  const random = new SeededRandom(actionSeed);
  const results: unknown[] = [env.reset({ seed })];
  while (env.agents.length > 0) results.push(env.step(sampleActions(env, random)));
  return results;
}

/** An environment after `steps` random steps of an episode. */
export function midEpisode(name: ScenarioName, steps = 5, seed = 0): Env {
  const env = makeEnv(name);
  const random = new SeededRandom(seed);
  env.reset({ seed });
  for (let i = 0; i < steps; i++) env.step(sampleActions(env, random));
  return env;
}
