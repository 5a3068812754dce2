import { Arena, type GrowableMemory } from '../arena.js';
import { PLAIN, RELAXED, SHARED_FLAG } from './binary.js';

/** The exports of assembly/kernels.ts. Addresses are in bytes. `shared` says whether worker threads can help. */
export interface Exports {
  // biome-ignore format: sizes and operands stay together
  matmul(
    m: number, k: number, n: number,
    a: number, aRow: number, aCol: number,
    b: number, bRow: number, bCol: number,
    bias: number, c: number, panels: number, transposedA: number, activation: number, shared: boolean,
  ): void;
  elementwise(op: number, n: number, a: number, b: number, z: number, shared: boolean): void;
  // biome-ignore format: sizes and operands stay together
  copyRows(
    rows: number, length: number, x: number, xRow: number, y: number, yRow: number, shared: boolean,
  ): void;
  sumColumns(rows: number, columns: number, x: number, y: number): void;
  // biome-ignore format: operands and numbers stay together
  adam(
    n: number, p: number, g: number, m: number, v: number,
    beta1: number, beta2: number, eps: number, stepSize: number, correction: number, weightDecay: number, factor: number,
  ): void;
  average(n: number, x: number, y: number, share: number): void;
  scale(n: number, x: number, factor: number): void;
  addSquares(n: number, x: number, sum: number): number;
  prepare(): void;
  stop(): void;
}

/** A WebAssembly.Module. */
export type Module = object;

export interface Compiled {
  readonly exports: Exports;
  readonly module: Module;
  readonly memory: GrowableMemory;
  readonly arena: Arena;
}

/**
 * Compiles the kernels. Null if WebAssembly SIMD is missing or forbidden; with `relaxed`, also if relaxed SIMD is
 * missing. Synchronous, which browsers allow for a binary this small.
 */
export function compile(relaxed: boolean): Compiled | null {
  return instantiate(relaxed, true) ?? instantiate(relaxed, false);
}

/**
 * A shared memory can be used by worker threads, and arrays on it stay valid when it grows. Some browsers allow it only
 * on pages that are cross-origin isolated. If `shared` is false, one byte of the binary is changed so that it expects a
 * memory that is not shared.
 */
function instantiate(relaxed: boolean, shared: boolean): Compiled | null {
  try {
    const digits = relaxed ? RELAXED : PLAIN;
    const bytes = Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
      Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
    );
    if (!shared) bytes[SHARED_FLAG] = 1;
    if (!WebAssembly.validate(bytes)) return null;
    const memory = new WebAssembly.Memory({ initial: 16, maximum: MAX_BYTES / 2 ** 16, shared });
    const module = new WebAssembly.Module(bytes);
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return { exports, module, memory, arena: new Arena(memory, FIRST_FREE, shared) };
  } catch {
    return null;
  }
}

/** The size that the memory can grow to. */
export const MAX_BYTES = 2 ** 30;

/** The addresses below hold the variables of assembly/jobs.ts. */
const FIRST_FREE = 1024;

// The part of the platform that is used here; TypeScript's own types do not include it.
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => Module;
  Memory: new (options: { initial: number; maximum: number; shared: boolean }) => GrowableMemory;
  Instance: new (module: Module, imports: object) => { exports: Exports };
};
