/** Exported actors, each alone: they act as `policyOf` does. `npm run test:differential` also runs them in PyTorch. */
import { makeEnv, type SpaceValue } from '@paragrad/mpe';
import { Linear, Sequential, Tanh } from '@paragrad/nn';
import { Generator, type Tensor, tensor } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ActOptions,
  Actor,
  type AgentSpec,
  type Algorithm,
  ArgumentError,
  agentSpecs,
  algorithmNames,
  BatchNorm,
  CommunicatingMaddpg,
  exportOnnx,
  exportPyTorch,
  Maddpg,
  policyOf,
  RunningNorm,
} from '../../src/index.js';
import { close, type Rows, split, toleranceOf, turns } from './alone.js';
import { DescribedActor } from './described-actor.js';
import { type Output, runOnnx } from './in-onnxruntime.js';
import { kinds, type RandomAlgorithm, randomAlgorithm } from './random-algorithm.js';

/** An action from the outputs of a model: one output, or one for each part, such as `action.gear`. */
function actionOf(outputs: Readonly<Record<string, Output>>, row: number): SpaceValue {
  const action: Record<string, SpaceValue> = {};
  for (const [name, { rows, type, shape }] of Object.entries(outputs)) {
    const keys = name.split('.');
    const last = keys.pop()!;
    const part = keys.reduce((inside, key) => {
      inside[key] ??= {};
      return inside[key] as Record<string, SpaceValue>;
    }, action);
    part[last] = type === 'int64' && shape.length === 0 ? rows[row][0] : [...rows[row]];
  }
  return action.action;
}

/** Fails unless an agent's files do what its policy does. */
async function expectTheSame({ algorithm, observe }: RandomAlgorithm): Promise<void> {
  algorithm.startEpisode(new Generator(2));
  const models = exportOnnx(algorithm);
  const actors = Object.fromEntries(
    Object.entries(exportPyTorch(algorithm)).map(([file, bytes]) => [file, new DescribedActor(bytes)]),
  );
  expect(Object.keys(actors)).toEqual(Object.keys(models));
  const observations = Array.from({ length: 4 }, observe);
  const speak = async (file: string, inputs: Rows) => {
    const { rows } = (await runOnnx(models[file], inputs)).action;
    for (const [row, input] of inputs.entries()) {
      const { description } = actors[file];
      const tolerance = actors[file].tolerance(input);
      expect(close(actors[file].numbers(input), rows[row], description, tolerance)).toBe(true);
    }
    return rows;
  };
  for (const turn of await turns(algorithm, observations, speak)) {
    const { spec, file, inputs, actions } = turn;
    const outputs = await runOnnx(models[file], inputs);
    for (const [row, input] of inputs.entries()) {
      const expected = split(spec, actions[row]);
      const { description } = actors[file];
      const tolerance = toleranceOf(turn, row, actors);
      const described = { numbers: actors[file].numbers(input), choices: actors[file].choices(input) };
      const modeled = split(spec, actionOf(outputs, row));
      for (const { numbers, choices } of [described, modeled]) {
        if (!close(numbers, expected.numbers, description, tolerance)) {
          expect(numbers, file).toEqual(expected.numbers);
        }
        if (!actors[file].isCloseCall(input, tolerance)) expect(choices, file).toEqual(expected.choices);
      }
      if (outputs.index) expect(outputs.index.rows[row]).toEqual([indexOf(spec, modeled.choices)]);
    }
  }
}

/** The combination of choices as one integer; the first choice changes fastest. */
function indexOf({ choices: sizes = [] }: AgentSpec, choices: readonly number[]): number {
  return choices.reduceRight((index, choice, k) => index * sizes[k] + choice, 0);
}

describe.each(algorithmNames)('%s', (name) => {
  test('each actor alone does what the policy does', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(kinds, (kind) => expectTheSame(randomAlgorithm(name, kind))),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 5) },
    );
  });
});

const generator = new Generator(1);
const ada: AgentSpec = { name: 'ada', observationSize: 3, actionSize: 2, maxAction: 1 };

describe('the outputs of a model are what the environment takes', () => {
  const box = { shape: [2, 1], low: 3, high: 7 };
  const chooser = { actionSize: 3, choices: [3] };
  test.each<[string, Partial<AgentSpec>, Record<string, Pick<Output, 'type' | 'shape'>>]>([
    ['a vector', {}, { action: { type: 'float32', shape: [2] } }],
    ['a Box', { actionSpace: box }, { action: { type: 'float32', shape: [2, 1] } }],
    [
      'a Discrete',
      { ...chooser, actionSpace: { n: 3, start: -1 } },
      { action: { type: 'int64', shape: [] } },
    ],
    [
      'a MultiDiscrete',
      { actionSize: 5, choices: [3, 2], actionSpace: { nvec: [3, 2] } },
      { action: { type: 'int64', shape: [2] } },
    ],
    [
      'a Dict',
      { actionSize: 5, choices: [3], actionSpace: { spaces: { gear: { n: 3, start: 0 }, throttle: box } } },
      { 'action.gear': { type: 'int64', shape: [] }, 'action.throttle': { type: 'float32', shape: [2, 1] } },
    ],
    [
      'weights of choices',
      { actionSize: 5, choices: [3, 2] },
      { action: { type: 'float32', shape: [5] }, index: { type: 'int64', shape: [] } },
    ],
  ])('%s', async (_, changes, expected) => {
    const maddpg = new Maddpg([{ ...ada, ...changes }], { generator, hidden: [4] });
    const outputs = await runOnnx(exportOnnx(maddpg).ada, [
      [1, 2, 3],
      [-1, 0, 5],
    ]);
    for (const [name, { type, shape }] of Object.entries(outputs)) {
      expect({ type, shape }, name).toEqual(expected[name]);
    }
    expect(Object.keys(outputs)).toEqual(Object.keys(expected));
  });

  test('an index does in a discrete environment what the weights do in a continuous one', async () => {
    const [weighted, discrete] = (['continuous', 'discrete'] as const).map((actionMode) =>
      makeEnv('simple_reference', { actionMode }),
    );
    const maddpg = new Maddpg(agentSpecs(weighted), { generator, hidden: [8] });
    const models = exportOnnx(maddpg);
    let { observations } = weighted.reset({ seed: 1 });
    discrete.reset({ seed: 1 });
    for (let k = 0; k < 5; k++) {
      const indices: Record<string, number> = {};
      for (const [name, model] of Object.entries(models)) {
        const { index } = await runOnnx(model, [Array.from(observations[name])]);
        indices[name] = index.rows[0][0];
      }
      const step = weighted.step(policyOf(maddpg)(observations));
      expect(discrete.step(indices).observations).toEqual(step.observations);
      observations = step.observations;
    }
  });
});

test('numbers are within their bounds, also where rounding would lead beyond', async () => {
  const low = Array.from({ length: 40 }, (_, k) => Math.fround(0.1 * k));
  const high = low.map((l, k) => Math.fround(l + 0.03 * (k + 1)));
  const spec = { ...ada, actionSize: 40, actionSpace: { shape: [40], low, high } };
  const maddpg = new Maddpg([spec], { generator, hidden: [] });
  const [, bias] = maddpg.agents[0].actor.network.body.parameters();
  for (const [side, bounds] of [
    [100, high],
    [-100, low],
  ] as const) {
    bias.update((data) => data.fill(side));
    const { action } = await runOnnx(exportOnnx(maddpg).ada, [[0, 0, 0]]);
    for (const [k, x] of action.rows[0].entries()) {
      expect(x).toBeGreaterThanOrEqual(low[k]);
      expect(x).toBeLessThanOrEqual(high[k]);
      expect(x).toBeCloseTo(bounds[k], 6);
    }
  }
});

test.each([new BatchNorm(2), new RunningNorm(2)])(
  'the formula of a normalization is what it computes',
  (norm) => {
    // The second number never changes, so its variance becomes 0.
    for (let k = 0; k < 200; k++) {
      norm.observe([k, 0.3]);
      norm.trackBatch(
        tensor([
          [k, 0.3],
          [k + 1, 0.3],
        ]),
      );
    }
    const { mean, deviation, limit = Number.POSITIVE_INFINITY } = norm.formula;
    const observed = [150, 0.31];
    const expected = norm.forward(tensor([observed])).data;
    for (const [k, o] of observed.entries()) {
      const x = (Math.fround(o) - mean[k]) / deviation[k];
      expect(Math.max(-limit, Math.min(limit, x)) / expected[k]).toBeCloseTo(1, 5);
    }
  },
);

test("PyTorch's layout: the state of an nn.Sequential", () => {
  const maddpg = new Maddpg([ada], { generator, hidden: [5, 4], observationNorm: 'running' });
  const { description, layout } = new DescribedActor(exportPyTorch(maddpg).ada);
  expect(layout).toEqual({
    '0.weight': [5, 3],
    '0.bias': [5],
    '2.weight': [4, 5],
    '2.bias': [4],
    '4.weight': [2, 4],
    '4.bias': [2],
  });
  expect(description).toMatchObject({
    input: "ada's observation",
    sizes: [3, 5, 4, 2],
    limit: 10,
    low: [-1, -1],
  });
});

describe('what cannot be exported is an error that says why', () => {
  const specs = [ada, { ...ada, name: 'bob' }];
  class OtherWay extends Maddpg {
    override act(observations: readonly Tensor[], options?: ActOptions): Tensor[] {
      return super.act(observations, options).map((action) => action.neg());
    }
  }
  class OtherMessages extends CommunicatingMaddpg {
    protected override withMessages(...args: Parameters<CommunicatingMaddpg['withMessages']>): Tensor[] {
      return super.withMessages(...args).reverse();
    }
  }
  class OtherActor extends Actor {
    override act(observation: Tensor): Tensor {
      return observation.narrow(1, 0, 2);
    }
  }
  class WithOtherActor extends Maddpg {
    protected override makeActor(i: number, generator: Generator): Actor {
      return new OtherActor(this.specs[i], [4], generator);
    }
  }
  class TanhActor extends Actor {
    override readonly body = new Sequential(new Linear(3, 2, { generator }), new Tanh());
  }
  class WithTanh extends Maddpg {
    protected override makeActor(i: number, generator: Generator): Actor {
      return new TanhActor(this.specs[i], [4], generator);
    }
  }
  const diverged = new Maddpg(specs, { generator, hidden: [4] });
  diverged.agents[1].actor.network.body.parameters()[0].update((data) => data.fill(Number.NaN, 2, 3));

  const far: AgentSpec = { ...ada, actionSpace: { shape: [2], low: 0, high: 1e300 } };

  test.each<[string, unknown, string]>([
    [
      'bounds',
      new Maddpg([far], { generator }),
      "ada's action space has the bound 1e+300, which float32 cannot hold; give",
    ],
    ['another act', new OtherWay(specs, { generator }), 'OtherWay acts in a way of its own'],
    ['other messages', new OtherMessages(specs, { generator }), 'OtherMessages acts in a way of its own'],
    ['another actor', new WithOtherActor(specs, { generator }), 'WithOtherActor acts in a way of its own'],
    [
      'other layers',
      new WithTanh(specs, { generator }),
      "ada's network is Linear, Tanh; give one of Linear layers",
    ],
    ['NaN', diverged, 'bob: 0.weight contains NaN at 2, but needs finite numbers'],
    ['no algorithm', 3, 'algorithm is 3; give an algorithm, such as new Maddpg(specs, { generator })'],
  ])('%s', (_, algorithm, message) => {
    for (const [name, exported] of Object.entries({ exportOnnx, exportPyTorch })) {
      expect(() => exported(algorithm as Algorithm)).toThrow(ArgumentError);
      expect(() => exported(algorithm as Algorithm)).toThrow(`${name}: ${message}`);
    }
  });

  test('a variant of your own that acts as usual is exported', () => {
    class Lazy extends Maddpg {
      override actorLoss(i: number, ...rest: [never, never]): Tensor {
        return super.actorLoss(i, ...rest).mul(2);
      }
    }
    expect(Object.keys(exportOnnx(new Lazy(specs, { generator })))).toEqual(['ada', 'bob']);
  });
});
