import { tensor, zeros } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Adam,
  AdamW,
  clipGradNorm,
  clipGradValue,
  LayerNorm,
  type Optimizer,
  readSafetensors,
  SGD,
  writeSafetensors,
} from '../src/index.js';

const parameter = (values: number[], gradient: number[] | null) => {
  const p = tensor(values, { dtype: 'float64', requiresGrad: true });
  p.grad = gradient && tensor(gradient, { dtype: 'float64' });
  return p;
};

const makers: [string, (parameters: ReturnType<typeof parameter>[]) => Optimizer][] = [
  ['SGD', (parameters) => new SGD(parameters, { lr: 0.1 })],
  ['SGD with momentum', (parameters) => new SGD(parameters, { lr: 0.1, momentum: 0.9, nesterov: true })],
  ['Adam', (parameters) => new Adam(parameters, { lr: 0.1, weightDecay: 0.1 })],
  ['AdamW', (parameters) => new AdamW(parameters, { lr: 0.1 })],
];

describe('weight decay', () => {
  test('SGD: p - lr (g + λp)', () => {
    const p = parameter([2], [1]);
    new SGD([p], { lr: 0.1, weightDecay: 0.5 }).step();
    expect(p.item()).toBeCloseTo(2 - 0.1 * (1 + 0.5 * 2), 12);
  });

  test('Adam: it enters the averages, so without a gradient the first step moves p by lr', () => {
    const p = parameter([2], [0]);
    const adam = new Adam([p], { lr: 0.1, weightDecay: 0.5 });
    adam.step();
    expect(p.item()).toBeCloseTo(1.9, 7);
    expect(adam.stateDict()['0.mean'].item()).toBeCloseTo(0.1 * 0.5 * 2, 12);
  });

  test('AdamW: it bypasses the averages, so it scales p, and a gradient still moves p by lr in the first step', () => {
    const withoutGradient = parameter([2], [0]);
    const withGradient = parameter([2], [-3]);
    const adamW = new AdamW([withoutGradient, withGradient], { lr: 0.1, weightDecay: 0.5 });
    adamW.step();
    expect(withoutGradient.item()).toBeCloseTo(2 * (1 - 0.1 * 0.5), 12);
    expect(withGradient.item()).toBeCloseTo(2 * (1 - 0.1 * 0.5) + 0.1, 7);
    adamW.step();
    expect(withoutGradient.item()).toBeCloseTo(2 * (1 - 0.1 * 0.5) ** 2, 12);
  });

  test('AdamW without weight decay is Adam; with the default of 0.01 it is not', () => {
    const [one, two, three] = [1, 2, 3].map(() => parameter([1, -2], [0.3, 4]));
    new Adam([one]).step();
    new AdamW([two], { weightDecay: 0 }).step();
    new AdamW([three]).step();
    expect(two.data).toEqual(one.data);
    expect(three.data[1]).toBeCloseTo(one.data[1] + 2 * 1e-3 * 0.01, 12);
  });
});

describe.each(makers)('%s', (_, make) => {
  test('a parameter without a gradient is not changed, and starts with a fresh state when it gets one', () => {
    const late = parameter([1, 2], null);
    const first = make([parameter([5], [1]), late]);
    first.step();
    first.step();
    expect([...late.data]).toEqual([1, 2]);
    const fresh = parameter([1, 2], [3, -4]);
    make([fresh]).step();
    late.grad = fresh.grad;
    first.step();
    expect(late.data).toEqual(fresh.data);
  });

  test('an optimizer with a restored state continues exactly as the original, also through a file', () => {
    const gradients = fc.array(fc.array(fc.double({ min: -10, max: 10 }), { minLength: 2, maxLength: 2 }), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(gradients, gradients, (before, after) => {
        const p = parameter([1, -2], null);
        const original = make([p]);
        const run = (optimizer: Optimizer, steps: number[][]) => {
          for (const g of steps) {
            optimizer.parameters[0].grad = tensor(g, { dtype: 'float64' });
            optimizer.step();
          }
        };
        run(original, before);
        original.lr *= 0.5;
        const q = parameter([...p.data], null);
        const restored = make([q]);
        const state = original.stateDict();
        run(original, after); // must not change the state
        restored.loadStateDict(readSafetensors(writeSafetensors(state)));
        expect(restored.stateDict()).toEqual(state);
        run(restored, after);
        expect(q.data).toEqual(p.data);
        expect(restored.stateDict()).toEqual(original.stateDict());
      }),
    );
  });

  test('a state that does not fit is rejected before anything changes', () => {
    const optimizer = make([parameter([1, 2], [3, 4]), parameter([5], [6])]);
    optimizer.step();
    const before = optimizer.stateDict();
    const other = make([parameter([1, 2], [1, 1]), parameter([5], [1])]);
    other.step();
    const state = other.stateDict();
    const { lr, ...missing } = state;
    const invalid: [Record<string, typeof lr>, RegExp][] = [
      [missing, /^loadStateDict: missing \[lr\], unknown \[\]; /],
      [{ ...state, '2.mean': lr }, /unknown \[2\.mean\]/],
      [{ ...state, constructor: lr }, /unknown \[constructor\]/],
      [
        { ...state, lr: zeros([2]) },
        /lr is float32 of shape \[2\] in the state and float64 of shape \[\] in/,
      ],
      [{ ...state, lr: tensor(-1, { dtype: 'float64' }) }, /lr is -1; give a finite number of at least 0/],
    ];
    const last = Object.keys(state).findLast((name) => name.startsWith('1.'));
    if (last)
      invalid.push([{ ...state, [last]: zeros([3]) }, /1\.\w+ is float32 of shape \[3\] in the state/]);
    if ('0.step' in state) {
      for (const wrong of [-1, 0.5, Number.NaN]) {
        const step = tensor(wrong, { dtype: 'float64' });
        invalid.push([{ ...state, '0.step': step }, /0\.step is .*; give an integer of at least 0/]);
      }
    }
    for (const [bad, message] of invalid) {
      expect(() => optimizer.loadStateDict(bad)).toThrow(message);
      expect(optimizer.stateDict()).toEqual(before);
    }
  });

  test('the same parameter twice is rejected', () => {
    const p = parameter([1], null);
    expect(() => make([parameter([1], null), p, p])).toThrow(/^Optimizer: parameter 2 appears twice/);
  });

  test('a tensor that would never move is rejected', () => {
    const p = parameter([1], null);
    expect(() => make([p, tensor([1, 2])])).toThrow(
      'Optimizer: parameter 1 of shape [2] requires no gradient; pass tensors made with { requiresGrad: true }',
    );
    expect(() => make([p.mul(2)])).toThrow(/parameter 0 of shape \[1\] is computed from others; pass/);
  });

  test('anything but an array of tensors is rejected', () => {
    const module = new LayerNorm(1);
    for (const wrong of [module, undefined, module.namedParameters()])
      expect(() => make(wrong as never)).toThrow(
        'Optimizer: parameters is not an array of tensors; pass module.parameters()',
      );
  });

  test('the learning rate can be changed, from the next step on', () => {
    const p = parameter([1, 2], [3, 4]);
    const optimizer = make([p]);
    optimizer.lr = 0;
    optimizer.step();
    expect([...p.data]).toEqual([1, 2]);
    for (const lr of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => {
        optimizer.lr = lr;
      }).toThrow(`Optimizer: lr is ${lr}; give a finite number of at least 0`);
    expect(optimizer.lr).toBe(0);
  });

  test('zeroGrad removes the gradients', () => {
    const p = parameter([1], [1]);
    make([p]).zeroGrad();
    expect(p.grad).toBeNull();
  });
});

test('invalid options are rejected', () => {
  const parameters = [parameter([1], null)];
  expect(() => new SGD(parameters, { nesterov: true })).toThrow(/^SGD: nesterov without momentum/);
  expect(() => new SGD(parameters, { momentum: -0.1 })).toThrow(
    /^SGD: momentum is -0.1; give a finite number of at least 0/,
  );
  expect(() => new SGD(parameters, { weightDecay: Number.NaN })).toThrow(/^SGD: weightDecay is NaN/);
  expect(() => new Adam(parameters, { eps: -1 })).toThrow(/^Adam: eps is -1/);
  expect(() => new AdamW(parameters, { weightDecay: -1 })).toThrow(/^AdamW: weightDecay is -1/);
});

describe('clipping', () => {
  test('by value: each number separately, also infinities; missing gradients stay missing', () => {
    const p = parameter([0, 0, 0, 0, 0], [-3, -0.5, 0.25, 2, Number.POSITIVE_INFINITY]);
    const before = p.grad;
    const none = parameter([1], null);
    clipGradValue([p, none], 0.5);
    expect([...p.grad!.data]).toEqual([-0.5, -0.5, 0.25, 0.5, 0.5]);
    expect(before!.data[0]).toBe(-3); // the old gradient tensor is not changed
    expect(none.grad).toBeNull();
  });

  test('by value: NaN is an error, and no gradient changes', () => {
    const large = parameter([1], [100]);
    const bad = parameter([1, 2], [0, Number.NaN]);
    expect(() => clipGradValue([large, bad], 1)).toThrow(
      /the gradient of parameter 1 of shape \[2\] contains NaN; no gradient was changed/,
    );
    expect(large.grad!.item()).toBe(100);
  });

  test('by norm: the error names the parameter, unless only the sum overflows', () => {
    const huge = parameter([0, 0], [1e200, 1e200]);
    expect(() => clipGradNorm([huge], 1)).toThrow(
      /norm of the gradient is Infinity, because of the sum over all parameters; no gradient was/,
    );
    const bad = parameter([0], [Number.NaN]);
    expect(() => clipGradNorm([huge, bad], 1)).toThrow(
      /norm of the gradient is NaN, because of parameter 1 of shape \[1\]; no/,
    );
  });

  test('an invalid limit is rejected', () => {
    expect(() => clipGradValue([], -1)).toThrow(
      /clipGradValue: clipValue is -1; give a number of at least 0/,
    );
    expect(() => clipGradNorm([], Number.NaN)).toThrow(
      /clipGradNorm: maxNorm is NaN; give a number of at least 0/,
    );
  });
});
