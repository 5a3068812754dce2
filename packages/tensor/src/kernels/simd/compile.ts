import { BINARY } from './binary.js';

/** What the files in assembly/ export. Addresses are in bytes. */
export interface Compiled {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): void };
  // biome-ignore format: sizes and operands stay together
  matmul(
    m: number, k: number, n: number,
    a: number, aRow: number, aCol: number,
    b: number, bRow: number, bCol: number,
    bias: number, c: number, panel: number,
  ): void;
  relu(n: number, x: number): void;
  gate(n: number, a: number, b: number): void;
}

/** Null where WebAssembly with vectors is missing or forbidden. Synchronous, which is allowed for a binary this small. */
export function compile(): Compiled | null {
  try {
    const bytes = Uint8Array.from(atob(BINARY), (character) => character.charCodeAt(0));
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  } catch {
    return null;
  }
}

// What is used of the platform, which the language's own types don't know.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: Compiled };
};
declare function atob(base64: string): string;
