/** Entries of a kind that ops.ts needs several times. */
import type * as t from '@paragrad/tensor';
import type { Draw } from './draw.js';

export type Args = Record<string, never>;
export interface Entry {
  draw: (d: Draw) => { of: number[]; args?: object };
  run: (x: t.Tensor[], args: Args) => t.Tensor;
}

export const one = (f: (x: t.Tensor) => t.Tensor): Entry => ({
  draw: (d) => ({ of: [d.any()] }),
  run: ([x]) => f(x),
});

export const ofPositive = (f: (x: t.Tensor) => t.Tensor): Entry => ({
  draw: (d) => ({ of: [d.positive()] }),
  run: ([x]) => f(x),
});

/** Two operands that broadcast, in either order, or an operand and a number. */
export const two = (
  f: (a: t.Tensor | number, b: t.Tensor | number) => t.Tensor,
  first = (d: Draw) => d.any(),
): Entry => ({
  draw(d) {
    const a = first(d);
    if (d.bool(0.15)) return { of: [a], args: { number: d.int(-8, 8) / 4, left: d.bool() } };
    const b = d.partner(a);
    return { of: d.bool() ? [a, b] : [b, a] };
  },
  run: ([a, b], { number, left }) => (b ? f(a, b) : left ? f(number, a) : f(a, number)),
});

/** Two tensors that broadcast. */
export const pair = (f: (a: t.Tensor, b: t.Tensor) => t.Tensor): Entry => ({
  draw(d) {
    const a = d.any();
    return { of: [a, d.partner(a)] };
  },
  run: ([a, b]) => f(a, b),
});

export const over = ({ axis, keepDim }: Record<string, never>): t.ReduceOptions =>
  axis ? { axis, keepDim } : { keepDim };

export const reduced = (f: (x: t.Tensor, options: t.ReduceOptions) => t.Tensor): Entry => ({
  draw(d) {
    const x = d.any();
    return { of: [x], args: { axis: d.axes(x), keepDim: d.bool() } };
  },
  run: ([x], { axis, keepDim }) => f(x, over({ axis, keepDim })),
});

/** An op along one axis, with more arguments for an axis of this length. */
export const along = (
  f: (x: t.Tensor, axis: number, args: Args) => t.Tensor,
  more: (d: Draw, length: number, shape: readonly number[]) => object = () => ({}),
): Entry => ({
  draw(d) {
    const x = d.ofRank(1);
    const axis = d.axis(x);
    return { of: [x], args: { axis, ...more(d, d.values[x].shape.at(axis)!, d.values[x].shape) } };
  },
  run: ([x], args) => f(x, args.axis, args),
});

export const withArgs = (
  args: (d: Draw) => object,
  run: (x: t.Tensor, args: Args) => t.Tensor,
  rank = 0,
): Entry => ({
  draw: (d) => ({ of: [rank > 0 ? d.ofRank(rank) : d.any()], args: args(d) }),
  run: ([x], given) => run(x, given),
});

export const loss = (
  f: (a: t.Tensor, b: t.Tensor, args: Args) => t.Tensor,
  more: (d: Draw) => object = () => ({}),
): Entry => ({
  draw(d) {
    const a = d.any();
    const reduction = d.from(['mean', 'sum', 'none']);
    return { of: [a, d.ofShape(d.values[a].shape)], args: { reduction, ...more(d) } };
  },
  run: ([a, b], args) => f(a, b, args),
});
