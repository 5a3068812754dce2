/**
 * `npm run bench`: how fast this machine is at what training consists of. Prints medians; the numbers in a table are
 * comparable with each other, not with another machine's.
 */
import { defaultConfig, prepareRun, train } from '@paragrad/maddpg';
import { makeEnv } from '@paragrad/mpe';
import { Adam, Linear, ReLU, Sequential } from '@paragrad/nn';
import {
  Generator,
  type KernelSet,
  type MatmulForm,
  mseLoss,
  normal,
  reference,
  simdKernels,
  useKernels,
} from '@paragrad/tensor';
import { Bench } from 'tinybench';

const generator = new Generator(1);

const PRODUCTS: [MatmulForm, m: number, k: number, n: number][] = [
  ['nt', 1024, 64, 64],
  ['nn', 1024, 64, 64],
  ['tn', 64, 1024, 64],
  ['nt', 1024, 60, 64],
  ['nt', 1024, 64, 1],
  ['nn', 256, 256, 256],
];

async function products(kernelSet: KernelSet): Promise<void> {
  const bench = new Bench({ time: 300 });
  for (const [form, m, k, n] of PRODUCTS) {
    const a = normal([m, k], generator).data;
    const b = normal([k, n], generator).data;
    const c = new Float32Array(m * n);
    bench.add(`${form} ${m} x ${k} x ${n}`, () => kernelSet.matmul({ form, m, k, n }, a, b, c));
  }
  await bench.run();
  print(
    `matmul, ${kernelSet.name} kernels`,
    bench.tasks.map((task, index) => {
      const [, m, k, n] = PRODUCTS[index];
      const ms = medianMs(task);
      return { product: task.name, ms: ms.toFixed(3), 'GFLOP/s': ((2 * m * k * n) / ms / 1e6).toFixed(2) };
    }),
  );
}

async function learning(name: string): Promise<void> {
  const network = new Sequential(
    new Linear(60, 64, { generator }),
    new ReLU(),
    new Linear(64, 64, { generator }),
    new ReLU(),
    new Linear(64, 1, { generator }),
  );
  const adam = new Adam(network.parameters());
  const x = normal([1024, 60], generator);
  const y = normal([1024, 1], generator);

  const training = prepareRun({ ...defaultConfig, episodes: 100, warmupSteps: 1e9 });
  for (const _ of train(training)); // fills the memory
  const batch = training.memory.sample(1024, generator);

  const bench = new Bench({ time: 2000, warmupIterations: 5 })
    .add('MLP 60-64-64-1 at batch 1024: forward, backward, Adam', () => {
      adam.zeroGrad();
      mseLoss(network.forward(x), y).backward();
      adam.step();
    })
    .add('MADDPG update, 3 agents, batch 1024', () => void training.maddpg.update(batch));
  await bench.run();
  print(
    `learning, ${name} kernels`,
    bench.tasks.map((task) => ({ what: task.name, ms: medianMs(task).toFixed(2) })),
  );
}

async function acting(): Promise<void> {
  const env = makeEnv('simple_spread', { actionMode: 'force' });
  const actions = Object.fromEntries(
    env.possibleAgents.map((name) => [name, env.actionSpace(name).sample(generator)]),
  );
  env.reset({ seed: 1 });
  const training = prepareRun(defaultConfig);
  const observations = training.maddpg.specs.map((spec) => normal([1, spec.observationSize], generator));

  const bench = new Bench({ time: 500 })
    .add('simple_spread, 3 agents, a step (resets included)', () => {
      if (env.agents.length === 0) env.reset();
      env.step(actions);
    })
    .add('choosing the actions of 3 agents', () => void training.maddpg.act(observations));
  await bench.run();
  print(
    'acting',
    bench.tasks.map((task) => ({ what: task.name, 'a second': Math.round(1000 / medianMs(task)) })),
  );
}

function medianMs(task: Bench['tasks'][number]): number {
  const { result } = task;
  if (!('latency' in result)) throw new Error(`${task.name} did not run: ${JSON.stringify(result)}`);
  return result.latency.p50;
}

function print(title: string, rows: Record<string, string | number>[]): void {
  console.log(`\n${title}`);
  console.table(rows);
}

const simd = simdKernels();
await products(reference);
if (simd) await products(simd);
for (const kernelSet of simd ? [reference, simd] : [reference]) {
  useKernels(kernelSet);
  await learning(kernelSet.name);
}
await acting();
