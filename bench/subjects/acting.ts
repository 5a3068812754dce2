import { prepareRun } from '@paragrad/maddpg';
import { Generator, noGrad, normal } from '@paragrad/tensor';
import { type Effort, type Timing, time } from '../timing.js';

/** Choosing actions, as agents do at each environment step: from one observation, without gradients. */
export function acting(effort: Effort): Promise<Timing[]> {
  const { algorithm: maddpg } = prepareRun({});
  const generator = new Generator(1);
  const observations = maddpg.specs.map(({ observationSize }) => normal([1, observationSize], generator));
  const { actor } = maddpg.agents[0];
  const works = [
    {
      name: 'action of one agent',
      prepare: () => () => noGrad(() => actor.network.forward(observations[0])),
    },
    { name: 'actions of 3 agents', prepare: () => () => maddpg.act(observations) },
  ];
  return time(
    works.map((work) => ({ ...work, calls: 50, warmup: 1000 })),
    effort,
  );
}
