/** Compares optimizers and gradient clipping with PyTorch's. fixtures/golden/torch/README.md has formats and tolerances. */
import { Tensor } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import { readJson, torchDir } from '../../../fixtures/golden/read.js';
import { Adam, type AdamOptions, clipGradNorm, type Optimizer, SGD, type SGDOptions } from '../src/index.js';

interface Recorded {
  f32: number[];
  f64: number[];
}

interface Steps {
  steps: number;
  gradCycle: number;
}

interface OptimizerCase<Options> {
  id: string;
  attrs: Options & Steps;
  shapes: number[][];
  params: number[][];
  grads: (number[] | null)[][];
  after: { step: number; params: Recorded[] }[];
  finalState: { [name: string]: Recorded }[];
}

interface ClipCase {
  id: string;
  attrs: { maxNorm: number };
  shapes: number[][];
  grads: (number[] | null)[];
  totalNorm: { f64: number };
  clipped: (Recorded | null)[];
}

const { cases } = readJson<{ cases: { id: string; op: string }[] }>(torchDir, 'optim.json');
const of = <T>(op: string): T[] => cases.filter((one) => one.op === op) as T[];

/** PyTorch's names of the values in an optimizer's state, and ours. */
const STATE_NAMES: Record<string, string> = {
  exp_avg: 'mean',
  exp_avg_sq: 'meanSquare',
  momentum_buffer: 'momentumBuffer',
};

test('every kind of recorded case is tested below', () => {
  expect([...new Set(cases.map(({ op }) => op))].sort()).toEqual(['adam', 'clipGradNorm', 'sgd']);
});

describe('Adam', () => {
  test.each(of<OptimizerCase<AdamOptions>>('adam'))('$id', (one) => {
    expectSteps(one, (parameters) => new Adam(parameters, optionsOf(one.attrs)));
  });
});

describe('SGD', () => {
  test.each(of<OptimizerCase<SGDOptions>>('sgd'))('$id', (one) => {
    expectSteps(one, (parameters) => new SGD(parameters, optionsOf(one.attrs)));
  });
});

/** The attributes of a case also say how many steps to run. */
function optionsOf<Options>({ steps, gradCycle, ...options }: Options & Steps): Omit<Options, keyof Steps> {
  return options;
}

function expectSteps(
  { attrs, shapes, params, grads, after, finalState }: OptimizerCase<object>,
  make: (parameters: Tensor[]) => Optimizer,
): void {
  const parameters = params.map(
    (values, j) => new Tensor(Float32Array.from(values), shapes[j], { requiresGrad: true }),
  );
  const optimizer = make(parameters);
  for (let step = 1; step <= attrs.steps; step++) {
    grads[(step - 1) % attrs.gradCycle].forEach((values, j) => {
      parameters[j].grad = values && float32(values, shapes[j]);
    });
    optimizer.step();
    const recorded = after.find((one) => one.step === step);
    recorded?.params.forEach((expected, j) => {
      expectClose(parameters[j].data, expected);
    });
  }
  const state = optimizer.stateDict();
  const compared = finalState.flatMap((values, j) =>
    Object.entries(values).map(([name, expected]) => {
      expectClose(state[`${j}.${STATE_NAMES[name]}`].data, expected);
      return `${j}.${STATE_NAMES[name]}`;
    }),
  );
  const arrays = Object.keys(state).filter((name) => name !== 'lr' && !name.endsWith('.step'));
  expect(compared.sort()).toEqual(arrays.sort());
}

describe('clipGradNorm', () => {
  test.each(of<ClipCase>('clipGradNorm'))(
    '$id',
    ({ attrs: { maxNorm }, shapes, grads, totalNorm, clipped }) => {
      const parameters = shapes.map((shape, j) => {
        const parameter = float32(new Array(sizeOf(shape)).fill(0), shape);
        const values = grads[j];
        parameter.grad = values && float32(values, shape);
        return parameter;
      });
      const before = parameters.map(({ grad }) => grad && Array.from(grad.data));

      if (!Number.isFinite(totalNorm.f64)) {
        // Unlike PyTorch: an error, and no gradient changes.
        expect(() => clipGradNorm(parameters, maxNorm)).toThrow(
          /the norm of the gradient is (NaN|Infinity), because of parameter/,
        );
        expect(parameters.map(({ grad }) => grad && Array.from(grad.data))).toEqual(before);
        return;
      }
      const norm = clipGradNorm(parameters, maxNorm);
      expect(Math.abs(norm - totalNorm.f64)).toBeLessThanOrEqual(2e-6 * totalNorm.f64);
      parameters.forEach(({ grad }, j) => {
        if (norm < maxNorm) expect(grad && Array.from(grad.data)).toEqual(before[j]);
        if (grad) expectClose(grad.data, clipped[j]!);
        else expect(clipped[j]).toBeNull();
      });
    },
  );
});

function float32(values: number[], shape: number[]): Tensor {
  return new Tensor(Float32Array.from(values), shape);
}

function sizeOf(shape: number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

function expectClose(got: ArrayLike<number>, { f64 }: Recorded): void {
  expect(got.length).toBe(f64.length);
  const scale = Math.max(...f64.map(Math.abs));
  f64.forEach((expected, k) => {
    expect(Math.abs(got[k] - expected), `[${k}]: got ${got[k]}, expected ${expected}`).toBeLessThanOrEqual(
      2e-6 * scale,
    );
  });
}
