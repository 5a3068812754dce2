import { type AgentSpec, type Batch, jointBatch, Maddpg } from '@paragrad/maddpg';
import { Generator, normal, uniform, zeros } from '@paragrad/tensor';
import { computing, flopOf, productsOf } from '../products.js';
import { type Effort, type Timing, time, type Work } from '../timing.js';

interface Case {
  readonly name: string;
  /** The size of each agent's observation. All actions have two components. */
  readonly observations: number[];
  readonly batch?: number;
  readonly hidden?: number[];
}

const THREE = { name: '3 agents of 18/2', observations: [18, 18, 18] };
const TEN = { name: '10 agents of 60/2', observations: Array<number>(10).fill(60) };
const SMALL: Case[] = [128, 16].map((batch) => ({ ...THREE, name: `${THREE.name}, batch ${batch}`, batch }));
const CASES: Case[] = [
  THREE,
  ...SMALL,
  { name: '4 agents of 16,16,16,14/2', observations: [16, 16, 16, 14] },
  TEN,
  { ...THREE, name: `${THREE.name}, hidden 256`, hidden: [256, 256] },
];
/** Those that are also measured with all agents' steps together. */
const TOGETHER: Case[] = [THREE, ...SMALL, TEN];

/** An update, in which each agent takes its steps in turn, or all together; and its matrix products alone. */
export function maddpg(effort: Effort): Promise<Timing[]> {
  const together = 'updates' in Maddpg.settings ? TOGETHER : []; // an older commit (--against) may not have the setting
  const works = [
    ...CASES.map((one) => ({ ...one, settings: {} })),
    ...together.map((one) => ({
      ...one,
      name: `${one.name}, together`,
      settings: { updates: 'together' },
    })),
  ].flatMap(({ name, ...one }): Work[] => {
    const prepare = () => updateOf(one);
    const products = productsOf(prepare());
    return [
      { name: `MADDPG update, ${name}`, warmup: 1500, prepare },
      {
        name: `products of MADDPG update, ${name}`,
        flop: products.reduce((sum, product) => sum + flopOf(product), 0),
        prepare: () => computing(products),
      },
    ];
  });
  return time(works, effort);
}

function updateOf({
  observations,
  batch = 1024,
  hidden = [64, 64],
  settings,
}: Omit<Case, 'name'> & { settings: object }) {
  const generator = new Generator(1);
  const specs = observations.map((observationSize, i) => agentSpec(i, observationSize));
  const algorithm = new Maddpg(specs, { generator, hidden, ...settings });
  const transitions = randomBatch(specs, batch, generator);
  return () => algorithm.update(transitions);
}

function agentSpec(i: number, observationSize: number): AgentSpec {
  return { name: `agent_${i}`, observationSize, actionSize: 2, maxAction: 1 };
}

export function randomBatch(specs: readonly AgentSpec[], size: number, generator: Generator): Batch {
  const observed = () => specs.map(({ observationSize }) => normal([size, observationSize], generator));
  return jointBatch({
    observations: observed(),
    actions: specs.map(({ actionSize, maxAction }) =>
      uniform([size, actionSize], generator, { low: -maxAction, high: maxAction }),
    ),
    rewards: specs.map(() => normal([size, 1], generator)),
    nextObservations: observed(),
    terminations: specs.map(() => zeros([size, 1])),
  });
}
