import { makeEnv, type Scene, scenarioNames } from '../../src/index.js';

/** For every scenario, the scene after a few steps of an episode, with an arrow. */
export const scenes: [name: string, scene: Scene][] = scenarioNames.map((name) => {
  const env = makeEnv(name);
  const random = { uniform: (low: number, high: number) => (low + high) / 2, integer: (n: number) => n - 1 };
  env.reset({ seed: 1 });
  for (let step = 0; step < 5; step++) {
    env.step(Object.fromEntries(env.agents.map((agent) => [agent, env.actionSpace(agent).sample(random)])));
  }
  return [name, env.scene({ arrows: { [env.possibleAgents[0] as string]: [0.3, -0.2] } })];
});
