import { Arena, type GrowableMemory } from '../../memory/arena.js';
import { PLAIN, RELAXED, SHARED_FLAG } from './binary.js';

/** What the files in assembly/ export. Addresses are in bytes; `shared`: whether there are workers to help. */
export interface Exports {
  // biome-ignore format: sizes and operands stay together
  matmul(
    m: number, k: number, n: number,
    a: number, aRow: number, aCol: number,
    b: number, bRow: number, bCol: number,
    bias: number, c: number, panels: number, turned: number, activation: number, shared: boolean,
  ): void;
  elementwise(op: number, n: number, a: number, b: number, z: number, shared: boolean): void;
  // biome-ignore format: sizes and operands stay together
  copyRows(
    rows: number, length: number, x: number, xRow: number, y: number, yRow: number, shared: boolean,
  ): void;
  sumColumns(rows: number, columns: number, x: number, y: number): void;
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
 * Null where WebAssembly with vectors is missing or forbidden or, if `relaxed` is asked for, relaxed vectors are missing.
 * Synchronous, which is allowed for a binary this small.
 */
export function compile(relaxed: boolean): Compiled | null {
  return instantiate(relaxed, true) ?? instantiate(relaxed, false);
}

/**
 * A shared memory can be given to worker threads, and arrays on it stay valid when it grows. Some browsers allow one on
 * pages that are cross-origin isolated only; the binary is then told to expect one that is not shared.
 */
function instantiate(relaxed: boolean, shared: boolean): Compiled | null {
  try {
    const bytes = Uint8Array.from(atob(relaxed ? RELAXED : PLAIN), (character) => character.charCodeAt(0));
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

/** What the memory can grow to. */
export const MAX_BYTES = 2 ** 30;

/** Below it is what assembly/jobs.ts keeps there. */
const FIRST_FREE = 1024;

// What is used of the platform, which the language's own types don't know.
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => Module;
  Memory: new (options: { initial: number; maximum: number; shared: boolean }) => GrowableMemory;
  Instance: new (module: Module, imports: object) => { exports: Exports };
};
declare function atob(base64: string): string;
