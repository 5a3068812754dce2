import { makeEnv, makeVectorEnv, type ScenarioName, scenarioNames } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { type Effort, type Timing, time, type Work } from '../timing.js';

/** Environment steps without learning, including the resets between episodes. One step moves all agents. */
export function environment(effort: Effort): Promise<Timing[]> {
  const spread = [3, 10, 30, 100].flatMap((N) => [
    single('simple_spread', { N }, `${N} agents`),
    together('simple_spread', { N }, `${N} agents`, N > 10 ? 16 : 1024),
  ]);
  const others = scenarioNames.filter((name) => name !== 'simple_spread').map((name) => single(name, {}));
  return time([...spread, ...others], effort);
}

function single(scenario: ScenarioName, params: { N?: number }, agents?: string): Work {
  const prepare = () => {
    const env = makeEnv(scenario, { actionMode: 'force', ...params });
    const generator = new Generator(1);
    const actions = Object.fromEntries(
      env.possibleAgents.map((name) => [name, env.actionSpace(name).sample(generator)]),
    );
    env.reset({ seed: 1 });
    return () => {
      if (env.agents.length === 0) env.reset();
      env.step(actions);
    };
  };
  return { name: ['environment step', scenario, ...(agents ? [agents] : [])].join(', '), prepare, calls: 25 };
}

/** In a VectorEnv, which resets by itself. */
function together(scenario: ScenarioName, params: { N: number }, agents: string, copies: number): Work {
  const prepare = () => {
    const env = makeVectorEnv(scenario, copies, { actionMode: 'force', ...params });
    const generator = new Generator(1);
    const actions = Float32Array.from({ length: copies * env.possibleAgents.length * 2 }, () =>
      generator.uniform(-1, 1),
    );
    env.reset({ seed: 1 });
    return () => env.step(actions);
  };
  const name = `environment step, ${scenario}, ${agents}, ${copies} copies together`;
  return { name, prepare, counts: copies };
}
