/** Compares an answer of Paragrad with PyTorch's. */
import {
  type DType,
  type KernelSet,
  referenceKernels,
  scope,
  simdKernels,
  useKernels,
} from '@paragrad/tensor';
import { type Program, run } from './program.js';

/** An answer of in_pytorch.py. */
export interface TorchAnswer {
  /** Of each tensor: outputs, gradients, second gradients. */
  lengths: number[];
  float64: string;
  float32: string;
  /** Whether all orders of a product give the same in float32: else float32 is not compared. */
  single: boolean;
  /** Whether the second gradients follow from mathematics, not from convention. */
  second: boolean;
  /** Of each tensor: how much it changes if results that are not exact in float32 are rounded at random. */
  errors: number[];
}

/** The kernel sets that run here. */
export const kernelSets: KernelSet[] = [
  referenceKernels,
  simdKernels({ relaxed: false }),
  simdKernels({ relaxed: true }),
].filter((set) => set !== null);

/** One way to run a program. */
export interface Way {
  set: KernelSet;
  dtype: DType;
  inScope: boolean;
}

/** Every kernel set, in float64 and float32, outside and inside a scope. */
const allWays: Way[] = kernelSets.flatMap((set) =>
  [false, true].flatMap((inScope): Way[] => [
    { set, dtype: 'float64', inScope },
    { set, dtype: 'float32', inScope },
  ]),
);

/** For large programs: what is exact, and what threads compute. */
export const largeWays = allWays.filter(
  ({ set, dtype }) => dtype === (set === referenceKernels ? 'float64' : 'float32'),
);

/** Runs the program in each way. Returns the first difference, or null. */
export function difference(program: Program, torch: TorchAnswer, ways = allWays): string | null {
  for (const { set, dtype, inScope } of ways) {
    const inUse = useKernels(set);
    try {
      const found = compare(
        program,
        inScope ? scope(() => numbersOf(program, dtype)) : numbersOf(program, dtype),
        torch,
        dtype,
      );
      if (found) return `${set.name}, ${dtype}${inScope ? ', in a scope' : ''}: ${found}`;
    } catch (error) {
      return `${set.name}, ${dtype}${inScope ? ', in a scope' : ''}: ${error}`;
    } finally {
      useKernels(inUse);
    }
  }
  return null;
}

function numbersOf(program: Program, dtype: DType): Numbers {
  const { outputs, gradients, secondGradients } = run(program, dtype);
  const data = [...outputs, ...gradients, ...secondGradients].map((x) => Array.from(x.data));
  return { counts: [outputs.length, gradients.length], data };
}

interface Numbers {
  counts: number[];
  data: number[][];
}

function compare(
  program: Program,
  { counts: [outputs, leaves], data }: Numbers,
  torch: TorchAnswer,
  dtype: DType,
): string | null {
  if (dtype === 'float32' && !torch.single) return null;
  if (String(data.map(({ length }) => length)) !== String(torch.lengths)) {
    return `lengths ${data.map(({ length }) => length)}, PyTorch ${torch.lengths}`;
  }
  const exact = split(new Float64Array(bytesOf(torch.float64)), torch.lengths);
  const single = split(new Float32Array(bytesOf(torch.float32)), torch.lengths);
  const all = (tensors: ArrayLike<number>[]) => tensors.every((x) => Array.from(x).every(Number.isFinite));
  for (const [k, got] of data.entries()) {
    const isSecond = k >= outputs + leaves;
    // Behind a gradient that is not finite, the second one is chance: inf - inf, 0 * inf. So it is where numbers differ by 2^100.
    if (isSecond && (program.kind === 'extreme' || !torch.second)) return null;
    if (isSecond && !(all(exact.slice(0, outputs + leaves)) && all(single.slice(0, outputs + leaves))))
      return null;
    const name =
      k < outputs
        ? `output ${k}`
        : isSecond
          ? `second gradient ${k - outputs - leaves}`
          : `gradient ${k - outputs}`;
    // Where large numbers cancel, what is left has their rounding errors.
    const scale = Math.max(
      ...exact.slice(0, k < outputs ? outputs : isSecond ? data.length : outputs + leaves).map(largest),
    );
    if (torch.errors[k] > 0.001 * scale) continue; // a rounding decides, for example which side of a kink a number is on
    const tolerance =
      dtype === 'float64'
        ? Math.min(torch.errors[k] + distance(exact[k], single[k]), scale) * 1e-6 + scale * 1e-12
        : 32 * torch.errors[k] + 8 * distance(exact[k], single[k]) + scale * 1e-6;
    for (const [i, value] of got.entries()) {
      const isClose = Math.abs(value - exact[k][i]) <= tolerance || Object.is(value + 0, exact[k][i] + 0);
      // In a gradient the order of the terms decides whether infinities give NaN.
      const areBothInfinite = k >= outputs && !Number.isFinite(value) && !Number.isFinite(exact[k][i]);
      // In float32 what PyTorch gives is right, too; and anything is where its range is left on the way, there or here.
      const leavesRange =
        !Number.isFinite(single[k][i]) || (program.kind === 'extreme' && !Number.isFinite(value));
      const isFloat32 =
        dtype === 'float32' &&
        (Object.is(value, single[k][i]) || (Number.isFinite(exact[k][i]) && leavesRange));
      if (!isClose && !isFloat32 && !areBothInfinite) {
        return `${name}[${i}] is ${value}, PyTorch: ${exact[k][i]} in float64, ${single[k][i]} in float32; tolerance ${tolerance}`;
      }
    }
  }
  return null;
}

/** The largest difference of finite numbers. */
function distance(a: Float64Array, b: Float32Array): number {
  return largest(a.map((value, i) => value - b[i]));
}

function largest(numbers: Float64Array): number {
  return numbers.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
}

function split<T extends Float64Array | Float32Array>(numbers: T, lengths: number[]): T[] {
  let start = 0;
  return lengths.map((length) => {
    start += length;
    return numbers.slice(start - length, start) as T;
  });
}

const bytesOf = (base64: string): ArrayBuffer => new Uint8Array(Buffer.from(base64, 'base64')).buffer;

/** JSON has no infinities and no NaN: they are strings. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, x) => (typeof x === 'number' && !Number.isFinite(x) ? String(x) : x));
