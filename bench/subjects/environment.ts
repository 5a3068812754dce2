import { makeEnv } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { type Effort, type Timing, time } from '../timing.js';

/** Steps of environments, by themselves; the resets between episodes included. */
export function environment(effort: Effort): Promise<Timing[]> {
  return time(
    [{ name: 'environment step, simple_spread, 3 agents', prepare: simpleSpread, calls: 25 }],
    effort,
  );
}

function simpleSpread() {
  const env = makeEnv('simple_spread', { actionMode: 'force' });
  const generator = new Generator(1);
  const actions = Object.fromEntries(
    env.possibleAgents.map((name) => [name, env.actionSpace(name).sample(generator)]),
  );
  env.reset({ seed: 1 });
  return () => {
    if (env.agents.length === 0) env.reset();
    env.step(actions);
  };
}
