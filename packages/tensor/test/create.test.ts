import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arange, eye, linspace } from '../src/index.js';

describe('arange', () => {
  test('from 0, from a start, and in steps', () => {
    expect(arange(4).tolist()).toEqual([0, 1, 2, 3]);
    expect(arange(2, 4).tolist()).toEqual([2, 3]);
    expect(arange(5, 0, -2).tolist()).toEqual([5, 3, 1]);
    expect(arange(0.5, 2).tolist()).toEqual([0.5, 1.5]);
    expect(arange(0).shape).toEqual([0]);
    expect(arange(3, 3, -1).shape).toEqual([0]);
    const x = arange(2, { dtype: 'float64', requiresGrad: true });
    expect([x.dtype, x.requiresGrad]).toEqual(['float64', true]);
    expect(arange(0, 1, 0.1, { dtype: 'float64' }).tolist()).toEqual(
      Array.from({ length: 10 }, (_, i) => i * 0.1),
    );
  });

  test.each<[string, () => unknown, RegExp]>([
    ['nothing', () => (arange as () => unknown)(), /arange: .*give the end, or start, end and step/],
    ['text', () => arange(0, '5' as never), /give the end, or start, end and step, as finite numbers/],
    ['four numbers', () => (arange as (...all: number[]) => unknown)(0, 1, 2, 3), /give the end, or start/],
    ['NaN', () => arange(Number.NaN), /arange: \[NaN\]; give the end/],
    ['the wrong direction', () => arange(0, 5, -1), /from 0 to 5 in steps of -1; such steps do not lead/],
    ['no step', () => arange(0, 5, 0), /from 0 to 5 in steps of 0; such steps do not lead/],
    ['backwards', () => arange(-3), /from 0 to -3 in steps of 1; such steps/],
  ])('error: %s', (_, compute, message) => {
    expect(compute).toThrow(message);
  });
});

describe('linspace', () => {
  test('both ends are exact, and the distances are equal', () => {
    expect(linspace(0, 1, 5).tolist()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(linspace(3, 9, 1).tolist()).toEqual([3]);
    expect(linspace(3, 9, 0).tolist()).toEqual([]);
    const numbers = fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 64);
    fc.assert(
      fc.property(numbers, numbers, fc.integer({ min: 2, max: 20 }), (start, end, steps) => {
        const { data } = linspace(start, end, steps, { dtype: 'float64' });
        expect([data[0], data[steps - 1]]).toEqual([start, end]);
        const step = (end - start) / (steps - 1);
        data.forEach((value, k) => {
          expect(Math.abs(value - (start + k * step))).toBeLessThanOrEqual(
            1e-12 * (Math.abs(start) + Math.abs(end)),
          );
        });
      }),
    );
  });

  test.each<[string, () => unknown, RegExp]>([
    ['steps', () => linspace(0, 1, 2.5), /linspace: steps is 2.5; give an integer of at least 0/],
    ['no steps', () => (linspace as (...all: number[]) => unknown)(0, 1), /linspace: steps is undefined/],
    [
      'infinite',
      () => linspace(0, Number.POSITIVE_INFINITY, 3),
      /linspace: end is Infinity; give a finite number/,
    ],
  ])('error: %s', (_, compute, message) => {
    expect(compute).toThrow(message);
  });
});

test('eye is the identity, and may be wider or higher', () => {
  expect(eye(2).tolist()).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(eye(2, 3).tolist()).toEqual([
    [1, 0, 0],
    [0, 1, 0],
  ]);
  expect(eye(2, 1, { dtype: 'float64' }).tolist()).toEqual([[1], [0]]);
  expect(eye(1, { dtype: 'float64' }).dtype).toBe('float64');
  expect(eye(0).shape).toEqual([0, 0]);
  expect(() => eye(-1)).toThrow(/eye: the shape is \[-1, -1\]; give/);
});
