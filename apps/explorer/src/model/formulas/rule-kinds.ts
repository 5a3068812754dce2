/** What the formula of an op consists of, and kinds of ops whose formulas are alike. */
import { number } from '../../numbers.js';
import { type Call, constant, type Position, positions, range, type Term } from './call.js';

export interface Rule {
  /** How the output is computed. */
  readonly formula: string;
  /** How the gradient of each input follows from dy, that of the output; the last is for all further inputs. */
  readonly gradients: readonly string[];
  /** The products whose sum is the output at this position. */
  terms(call: Call, at: Position): Term[];
  /** The products whose sum is the gradient for input k at this position. */
  gradientTerms(call: Call, k: number, at: Position): Term[];
}

/** An op on single numbers. `value` and `slope` name a number and give it. */
export function unary(
  formula: string,
  gradient: string,
  name: (x: string) => string,
  slope: (x: number, y: number) => readonly [text: string, value: number],
): Rule {
  return {
    formula,
    gradients: [gradient],
    terms(call, at) {
      const x = call.input(0, 'x', at);
      return [
        [
          {
            ...x,
            text: name(x.text),
            value: call.output('y', at).value,
            written: name(`(${number(x.value)})`),
          },
        ],
      ];
    },
    gradientTerms(call, _, at) {
      const [x, y] = [call.input(0, 'x', at).value, call.output('y', at).value];
      return [[call.dy(at), constant(...slope(x, y))]];
    },
  };
}

/** The same numbers elsewhere: y at each position is x at `source`. */
export function moved(
  formula: string,
  gradient: string,
  source: (call: Call, at: Position) => Position,
): Rule {
  return {
    formula,
    gradients: [gradient],
    terms: (call, at) => [[call.input(0, 'x', source(call, at))]],
    gradientTerms: (call, _, at) =>
      positions(call.node.shape).flatMap((to) => {
        const from = source(call, to);
        return from.every((i, axis) => i === at[axis]) ? [[call.dy(to)]] : [];
      }),
  };
}

/** A product of two matrices, or of batches of them. `x` and `w`: where the k-th factors of y are. */
export function product(
  formula: string,
  gradients: readonly string[],
  transposed: { readonly a: boolean; readonly b: boolean },
  bias = false,
): Rule {
  const at = (outer: Position, row: number, column: number, isTransposed: boolean): number[] =>
    isTransposed ? [...outer, column, row] : [...outer, row, column];
  return {
    formula,
    gradients,
    terms(call, position) {
      const [outer, [row, column]] = [position.slice(0, -2), position.slice(-2)];
      const length = call.inputs[0].shape.at(transposed.a ? -2 : -1)!;
      const products = range(length).map((k) => [
        call.input(0, 'x', at(outer, row, k, transposed.a)),
        call.input(1, 'W', at(outer, k, column, transposed.b)),
      ]);
      return bias ? [...products, [call.input(2, 'b', [column])]] : products;
    },
    gradientTerms(call, input, position) {
      const [rows, columns] = call.node.shape.slice(-2);
      if (input === 2) return range(rows).map((row) => [call.dy([row, position[0]])]);
      const outer = position.slice(0, -2);
      const own = position.slice(-2);
      const [first, second] = (input === 0 ? transposed.a : transposed.b) ? own.toReversed() : own;
      return input === 0
        ? range(columns).map((column) => [
            call.dy([...outer, first, column]),
            call.input(1, 'W', at(outer, second, column, transposed.b)),
          ])
        : range(rows).map((row) => [
            call.dy([...outer, row, second]),
            call.input(0, 'x', at(outer, row, first, transposed.a)),
          ]);
    },
  };
}

/** The position in a smaller shape, whose axes are missing or have length 1 where `at` is summed or repeated. */
export const inSmaller = (at: Position, shape: Position): number[] =>
  shape.map((length, axis) => (length === 1 ? 0 : at[axis + at.length - shape.length]));

/** All positions of the larger shape that belong to a position in the smaller one. */
export const inLarger = (at: Position, small: Position, large: Position): number[][] =>
  positions(large).filter((one) => inSmaller(one, small).every((i, axis) => i === at[axis]));

export const slice: Rule = {
  formula: 'y = the part of x from `start` on',
  gradients: ['dx = dy in that part, 0 elsewhere'],
  terms: (call, at) => [[call.input(0, 'x', sliceSource(call, at))]],
  gradientTerms(call, _, at) {
    const { axis, start, step, length } = call.attributes as {
      axis: number;
      start: number;
      step: number;
      length: number;
    };
    const k = (at[axis] - start) / step;
    return Number.isInteger(k) && k >= 0 && k < length ? [[call.dy(at.with(axis, k))]] : [];
  },
};

function sliceSource({ attributes }: Call, at: Position): number[] {
  const { axis, start, step } = attributes as { axis: number; start: number; step: number };
  return at.with(axis, start + step * at[axis]);
}
