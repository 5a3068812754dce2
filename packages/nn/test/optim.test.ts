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

  test('Adam: through the averages, so alone it moves p by lr in the first step', () => {
    const p = parameter([2], [0]);
    const adam = new Adam([p], { lr: 0.1, weightDecay: 0.5 });
    adam.step();
    expect(p.item()).toBeCloseTo(1.9, 7);
    expect(adam.stateDict()['0.mean'].item()).toBeCloseTo(0.1 * 0.5 * 2, 12);
  });

  test('AdamW: past the averages, so alone it scales p, and the gradient moves p by lr in the first step', () => {
    const still = parameter([2], [0]);
    const moved = parameter([2], [-3]);
    const adamW = new AdamW([still, moved], { lr: 0.1, weightDecay: 0.5 });
    adamW.step();
    expect(still.item()).toBeCloseTo(2 * (1 - 0.1 * 0.5), 12);
    expect(moved.item()).toBeCloseTo(2 * (1 - 0.1 * 0.5) + 0.1, 7);
    adamW.step();
    expect(still.item()).toBeCloseTo(2 * (1 - 0.1 * 0.5) ** 2, 12);
  });

  test('AdamW without it is Adam, and with the default 0.01 is not', () => {
    const [one, two, three] = [1, 2, 3].map(() => parameter([1, -2], [0.3, 4]));
    new Adam([one]).step();
    new AdamW([two], { weightDecay: 0 }).step();
    new AdamW([three]).step();
    expect(two.data).toEqual(one.data);
    expect(three.data[1]).toBeCloseTo(one.data[1] + 2 * 1e-3 * 0.01, 12);
  });
});

describe.each(makers)('%s', (_, make) => {
  test('a parameter without a gradient is left alone, and starts afresh when it gets one', () => {
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

  test('a restored state goes on exactly as the original, through a file as well', () => {
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
        run(original, after); // the state must not change with it
        restored.loadStateDict(readSafetensors(writeSafetensors(state)));
        expect(restored.stateDict()).toEqual(state);
        run(restored, after);
        expect(q.data).toEqual(p.data);
        expect(restored.stateDict()).toEqual(original.stateDict());
      }),
    );
  });

  test('a state that does not fit is refused before anything changes', () => {
    const optimizer = make([parameter([1, 2], [3, 4]), parameter([5], [6])]);
    optimizer.step();
    const before = optimizer.stateDict();
    const other = make([parameter([1, 2], [1, 1]), parameter([5], [1])]);
    other.step();
    const state = other.stateDict();
    const { lr, ...missing } = state;
    const refused: [Record<string, typeof lr>, RegExp][] = [
      [missing, /^loadStateDict: missing \[lr\], unknown \[\]; /],
      [{ ...state, '2.mean': lr }, /unknown \[2\.mean\]/],
      [{ ...state, constructor: lr }, /unknown \[constructor\]/],
      [
        { ...state, lr: zeros([2]) },
        /lr is float32 of shape \[2\] in the state and float64 of shape \[\] in/,
      ],
      [{ ...state, lr: tensor(-1, { dtype: 'float64' }) }, /lr -1; give a number from 0/],
    ];
    const last = Object.keys(state).findLast((name) => name.startsWith('1.'));
    if (last)
      refused.push([{ ...state, [last]: zeros([3]) }, /1\.\w+ is float32 of shape \[3\] in the state/]);
    for (const [bad, message] of refused) {
      expect(() => optimizer.loadStateDict(bad)).toThrow(message);
      expect(optimizer.stateDict()).toEqual(before);
    }
  });

  test('a gradient of another shape is refused', () => {
    const p = parameter([1, 2], [1]);
    expect(() => make([p]).step()).toThrow(
      /parameter 0 has shape \[2\] and its grad \[1\]; they must be equal/,
    );
    expect([...p.data]).toEqual([1, 2]);
  });

  test('the same parameter twice is refused', () => {
    const p = parameter([1], null);
    expect(() => make([parameter([1], null), p, p])).toThrow(/parameter 2 is there twice/);
  });

  test('a tensor that would never move is refused', () => {
    const p = parameter([1], null);
    expect(() => make([p, tensor([1, 2])])).toThrow(
      'optimizer: parameter 1 of shape [2] requires no gradient; pass tensors made with { requiresGrad: true }',
    );
    expect(() => make([p.mul(2)])).toThrow(/parameter 0 of shape \[1\] is computed from others; pass/);
  });

  test('what is no array of tensors is refused', () => {
    const module = new LayerNorm(1);
    for (const wrong of [module, undefined, module.namedParameters()])
      expect(() => make(wrong as never)).toThrow(
        'optimizer: not an array of tensors; pass module.parameters()',
      );
  });

  test('the learning rate can be set, and counts from the next step on', () => {
    const p = parameter([1, 2], [3, 4]);
    const optimizer = make([p]);
    optimizer.lr = 0;
    optimizer.step();
    expect([...p.data]).toEqual([1, 2]);
    for (const lr of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => {
        optimizer.lr = lr;
      }).toThrow(`optimizer: lr ${lr}; give a number from 0`);
    expect(optimizer.lr).toBe(0);
  });

  test('zeroGrad forgets the gradients', () => {
    const p = parameter([1], [1]);
    make([p]).zeroGrad();
    expect(p.grad).toBeNull();
  });
});

test('options that make no sense are refused', () => {
  const parameters = [parameter([1], null)];
  expect(() => new SGD(parameters, { nesterov: true })).toThrow(/nesterov without momentum/);
  expect(() => new SGD(parameters, { momentum: -0.1 })).toThrow(/momentum -0.1; give a number from 0/);
  expect(() => new SGD(parameters, { weightDecay: Number.NaN })).toThrow(/weightDecay NaN/);
  expect(() => new Adam(parameters, { eps: -1 })).toThrow(/eps -1/);
  expect(() => new AdamW(parameters, { weightDecay: -1 })).toThrow(/weightDecay -1/);
});

describe('clipping', () => {
  test('by value: each number by itself, infinities too, missing gradients not at all', () => {
    const p = parameter([0, 0, 0, 0, 0], [-3, -0.5, 0.25, 2, Number.POSITIVE_INFINITY]);
    const before = p.grad;
    const none = parameter([1], null);
    clipGradValue([p, none], 0.5);
    expect([...p.grad!.data]).toEqual([-0.5, -0.5, 0.25, 0.5, 0.5]);
    expect(before!.data[0]).toBe(-3); // whoever holds the old gradient keeps it
    expect(none.grad).toBeNull();
  });

  test('by value: a NaN is refused, and no gradient changes', () => {
    const large = parameter([1], [100]);
    const bad = parameter([1, 2], [0, Number.NaN]);
    expect(() => clipGradValue([large, bad], 1)).toThrow(
      /the gradient of parameter 1 of shape \[2\] contains NaN; no gradient was changed/,
    );
    expect(large.grad!.item()).toBe(100);
  });

  test('by norm: the error names the parameter, unless it takes all of them to overflow', () => {
    const huge = parameter([0, 0], [1e200, 1e200]);
    expect(() => clipGradNorm([huge], 1)).toThrow(/norm is Infinity, from all together; no gradient was/);
    const bad = parameter([0], [Number.NaN]);
    expect(() => clipGradNorm([huge, bad], 1)).toThrow(/norm is NaN, from parameter 1 of shape \[1\]; no/);
  });

  test('a limit that is none is refused', () => {
    expect(() => clipGradValue([], -1)).toThrow(/clipGradValue: clipValue -1; give a number from 0/);
    expect(() => clipGradNorm([], Number.NaN)).toThrow(/clipGradNorm: maxNorm NaN; give a number from 0/);
  });
});
