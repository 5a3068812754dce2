import type { FloatArray } from './allocate.js';

/** The part of WebAssembly.Memory that is used. */
export interface GrowableMemory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

/**
 * The memory that WebAssembly's kernels compute in, from `bottom` up: what is reserved last is released first. Grows as it
 * needs to, up to what the memory allows, and never shrinks.
 *
 * Addresses are in bytes, lengths in numbers of float32.
 */
export class Arena {
  /** The first address that is free. */
  top: number;
  readonly #memory: GrowableMemory;
  /** All that the memory's buffer has been: arrays made before it grew are on an earlier one, and as good as new. */
  readonly #buffers = new Set<ArrayBufferLike>();
  #buffer: ArrayBufferLike;
  /** All of it, as numbers. */
  #numbers: Float32Array;

  /** `stable`: whether arrays stay valid when the memory grows, as they do when it is shared between threads. */
  constructor(
    memory: GrowableMemory,
    bottom: number,
    readonly stable: boolean,
  ) {
    this.#memory = memory;
    this.top = bottom;
    this.#buffer = memory.buffer;
    this.#numbers = new Float32Array(this.#buffer);
    this.#buffers.add(this.#buffer);
  }

  /** The address of room for `length` numbers, with arbitrary contents; 0 if there is no room. */
  reserve(length: number): number {
    const address = this.top;
    const end = address + Math.ceil(length / ALIGNMENT) * ALIGNMENT * 4;
    if (end + SLACK > this.#buffer.byteLength && !this.#grow(end + SLACK)) return 0;
    this.top = end;
    return address;
  }

  /** Gives back all that was reserved since `top` was this. */
  release(top: number): void {
    this.top = top;
  }

  /** The numbers at an address. */
  at(address: number, length: number): Float32Array {
    return new Float32Array(this.#buffer, address, length);
  }

  /** Copies numbers to an address. */
  write(address: number, from: FloatArray): void {
    const start = address / 4;
    if (from.length > FEW) this.#numbers.set(from, start);
    else for (let i = 0; i < from.length; i++) this.#numbers[start + i] = from[i];
  }

  /** Copies numbers from an address. */
  read(address: number, to: FloatArray): void {
    const start = address / 4;
    if (to.length > FEW) to.set(this.#numbers.subarray(start, start + to.length));
    else for (let i = 0; i < to.length; i++) to[i] = this.#numbers[start + i];
  }

  /** The address of an array's numbers; 0 if they are not in here. */
  addressOf(array: Float32Array): number {
    const { buffer } = array;
    return buffer === this.#buffer || this.#buffers.has(buffer) ? array.byteOffset : 0;
  }

  #grow(bytes: number): boolean {
    const missing = bytes - this.#buffer.byteLength;
    try {
      // At least by half, or a scope that grows bit by bit would grow the memory as often.
      this.#memory.grow(Math.ceil(Math.max(missing, this.#buffer.byteLength / 2) / PAGE));
    } catch {
      try {
        this.#memory.grow(Math.ceil(missing / PAGE));
      } catch {
        return false;
      }
    }
    this.#buffer = this.#memory.buffer;
    this.#numbers = new Float32Array(this.#buffer);
    if (!this.stable) this.#buffers.clear();
    this.#buffers.add(this.#buffer);
    return true;
  }
}

const PAGE = 2 ** 16;
/** A loop copies so many numbers before a call of the platform's has begun. */
const FEW = 100;
/** 64 bytes: vectors that straddle cache lines take longer to load. */
const ALIGNMENT = 16;
/** Kernels read up to eight numbers past the end. */
const SLACK = 64;
