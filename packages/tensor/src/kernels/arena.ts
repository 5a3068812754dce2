import type { FloatArray } from '../dtype.js';

/** The part of WebAssembly.Memory that is used here. */
export interface GrowableMemory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

/**
 * The memory that WebAssembly kernels compute in. It is a stack, from the address `bottom` upwards: what was reserved
 * last is released first. The memory grows when needed, up to its maximum, and never shrinks.
 *
 * Below the stack are the pinned arrays: they stay until the garbage collector finds that nothing uses them. The stack
 * must be empty when one is added, because then its bottom moves up. A free block is used again for an equal length.
 *
 * Addresses are in bytes. Lengths are counted in float32 numbers.
 */
export class Arena {
  /** The first free address. */
  top: number;
  readonly #memory: GrowableMemory;
  /** The current buffer and, for a stable memory, all earlier ones: arrays on them stay valid. */
  readonly #buffers = new Set<ArrayBufferLike>();
  #buffer: ArrayBufferLike;
  /** The whole buffer as float32 numbers. */
  #numbers: Float32Array;
  #bottom: number;
  readonly #views: (Float32Array | undefined)[] = [];
  /** The addresses of the free blocks below the stack, by their length. */
  readonly #free = new Map<number, number[]>();
  readonly #pinned = new FinalizationRegistry<Block>(({ length, address }) => {
    const others = this.#free.get(length);
    if (others) others.push(address);
    else this.#free.set(length, [address]);
  });

  /** `stable`: whether arrays stay valid when the memory grows. They do if threads share it. */
  constructor(
    memory: GrowableMemory,
    bottom: number,
    /** Whether arrays stay valid when the memory grows. */
    readonly stable: boolean,
  ) {
    this.#memory = memory;
    this.top = bottom;
    this.#bottom = bottom;
    this.#buffer = memory.buffer;
    this.#numbers = new Float32Array(this.#buffer);
    this.#buffers.add(this.#buffer);
  }

  /** The address of space for `length` numbers, with arbitrary contents; 0 if there is no room. */
  reserve(length: number): number {
    const address = this.top;
    const end = address + aligned(length) * 4;
    if (end + SLACK > this.#buffer.byteLength && !this.#grow(end + SLACK)) return 0;
    this.top = end;
    return address;
  }

  /** Releases everything that was reserved since `top` had this value. Pinned arrays stay. */
  release(top: number): void {
    this.top = Math.max(top, this.#bottom);
  }

  /** Whether nothing is reserved, so that arrays can be pinned. */
  get isEmpty(): boolean {
    return this.top === this.#bottom;
  }

  /**
   * An array with these numbers that stays in this memory for as long as anything uses it. The stack must be empty. Null
   * if there is no room: the pinned arrays have a quarter of the memory at most, because those that nobody uses any more
   * are found only between two tasks of the event loop.
   */
  pin(numbers: Float32Array): Float32Array | null {
    const length = aligned(numbers.length);
    let address = this.#free.get(length)?.pop() ?? 0;
    if (address === 0) {
      if (this.#bottom + length * 4 > MOST_PINNED) return null;
      address = this.reserve(length);
      if (address === 0) return null;
      this.#bottom = this.top;
    }
    this.write(address, numbers);
    const array = this.#view(address, numbers.length);
    this.#pinned.register(array, { length, address });
    return array;
  }

  /**
   * The numbers at an address. Training reserves the same addresses in every step, so the array is kept for the next one:
   * to make an array takes longer than many kernels run.
   */
  at(address: number, length: number): Float32Array {
    const slot = address / (4 * ALIGNMENT);
    const known = this.#views[slot];
    if (known?.length === length) return known;
    const view = this.#view(address, length);
    if (slot < MOST_VIEWS) this.#views[slot] = view;
    return view;
  }

  #view(address: number, length: number): Float32Array {
    const view: ArenaView = new Float32Array(this.#buffer, address, length);
    view.arena = this;
    view.address = address;
    return view as Float32Array;
  }

  /** Copies numbers to an address. */
  write(address: number, from: FloatArray): void {
    const start = address / 4;
    if (from.length > SHORT) this.#numbers.set(from, start);
    else for (let i = 0; i < from.length; i++) this.#numbers[start + i] = from[i];
  }

  /** Copies numbers from an address. */
  read(address: number, to: FloatArray): void {
    const start = address / 4;
    if (to.length > SHORT) to.set(this.#numbers.subarray(start, start + to.length));
    else for (let i = 0; i < to.length; i++) to[i] = this.#numbers[start + i];
  }

  /** The address of an array; 0 if the array is not in this memory. */
  addressOf(array: FloatArray): number {
    const { arena, address } = array as ArenaView;
    if (arena === this) return address!;
    const { buffer } = array;
    return buffer === this.#buffer || this.#buffers.has(buffer) ? array.byteOffset : 0;
  }

  #grow(bytes: number): boolean {
    const missing = bytes - this.#buffer.byteLength;
    try {
      // By at least half: a scope that grows in small steps would otherwise grow the memory at each of them.
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
    if (!this.stable) {
      this.#buffers.clear();
      this.#views.length = 0;
    }
    this.#buffers.add(this.#buffer);
    return true;
  }
}

/** An array that knows where it is: to ask an array for its buffer is slow. */
type ArenaView = Float32Array & { arena?: Arena; address?: number };

interface Block {
  readonly length: number;
  readonly address: number;
}

/** The length of the space for so many numbers. */
function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

/** As many arrays are kept: those in the first 4 MB. */
const MOST_VIEWS = 2 ** 16;
const MOST_PINNED = 2 ** 28;
const PAGE = 2 ** 16;
/** Up to this length, a JavaScript loop copies faster than a call of `set`. */
const SHORT = 100;
/** 16 numbers are 64 bytes, one cache line: vectors that straddle two lines load more slowly. */
const ALIGNMENT = 16;
/** Kernels read up to eight numbers past the end of an array. */
const SLACK = 64;
