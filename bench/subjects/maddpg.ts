import { type AgentSpec, type Batch, jointBatch, Maddpg } from '@paragrad/maddpg';
import { Generator, normal, uniform, zeros } from '@paragrad/tensor';
import { type Effort, type Timing, time } from '../timing.js';

const BATCH = 1024;

/** The size of each agent's observation. All actions have two components. */
const CASES: { name: string; observations: number[]; hidden?: number[] }[] = [
  { name: '3 agents of 18/2', observations: [18, 18, 18] },
  { name: '4 agents of 16,16,16,14/2', observations: [16, 16, 16, 14] },
  { name: '10 agents of 60/2', observations: Array(10).fill(60) },
  { name: '3 agents of 18/2, hidden 256', observations: [18, 18, 18], hidden: [256, 256] },
];

export function maddpg(effort: Effort): Promise<Timing[]> {
  const works = CASES.map(({ name, observations, hidden = [64, 64] }) => ({
    name: `MADDPG update, ${name}`,
    warmup: 1500,
    prepare() {
      const generator = new Generator(1);
      const specs = observations.map((observationSize, i) => agentSpec(i, observationSize));
      const algorithm = new Maddpg(specs, { generator, hidden });
      const batch = randomBatch(specs, generator);
      return () => algorithm.update(batch);
    },
  }));
  return time(works, effort);
}

function agentSpec(i: number, observationSize: number): AgentSpec {
  return { name: `agent_${i}`, observationSize, actionSize: 2, maxAction: 1 };
}

function randomBatch(specs: AgentSpec[], generator: Generator): Batch {
  const observed = () => specs.map(({ observationSize }) => normal([BATCH, observationSize], generator));
  return jointBatch({
    observations: observed(),
    actions: specs.map(({ actionSize, maxAction }) =>
      uniform([BATCH, actionSize], generator, { low: -maxAction, high: maxAction }),
    ),
    rewards: specs.map(() => normal([BATCH, 1], generator)),
    nextObservations: observed(),
    terminations: specs.map(() => zeros([BATCH, 1])),
  });
}
