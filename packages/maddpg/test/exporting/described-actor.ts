/** What a file of `exportPyTorch` says, computed number by number. */
import { parseSafetensors } from '@paragrad/nn';
import type { ActorDescription } from '../../src/index.js';

export class DescribedActor {
  readonly description: ActorDescription;
  readonly #file: ReturnType<typeof parseSafetensors>;

  constructor(bytes: Uint8Array) {
    this.#file = parseSafetensors(bytes);
    this.description = JSON.parse(this.#file.metadata.actor);
  }

  /** The shape of each tensor. */
  get layout(): Record<string, readonly number[]> {
    return Object.fromEntries([...this.#file.entries].map(([name, { shape }]) => [name, shape]));
  }

  /** The outputs of the last layer. */
  outputs(input: readonly number[]): number[] {
    return this.#run(input, (x) => x);
  }

  /**
   * How far float32 may lead from the outputs: 1e-5, or more if numbers on the way are large, because it rounds each relative to
   * its size. They cannot be larger than the outputs with the absolute value of every input, weight and bias.
   */
  tolerance(input: readonly number[]): number {
    return 1e-5 * Math.max(1, ...this.#run(input, Math.abs).map((x) => x / 20));
  }

  #run(input: readonly number[], part: (x: number) => number): number[] {
    const { mean, deviation, limit = Number.POSITIVE_INFINITY, sizes } = this.description;
    const at = (value: number | readonly number[], k: number) =>
      typeof value === 'number' ? value : value[k];
    const normalized = input.map((x, k) =>
      part(Math.min(limit, Math.max(-limit, (Math.fround(x) - at(mean, k)) / at(deviation, k)))),
    );
    return sizes.slice(1).reduce((x, size, layer) => {
      const active = layer > 0 ? x.map((value) => Math.max(0, value)) : x;
      const weight = this.#tensor(`${2 * layer}.weight`, [size, sizes[layer]]);
      const bias = this.#tensor(`${2 * layer}.bias`, [size]);
      return bias.map((b, row) =>
        active.reduce((sum, value, k) => sum + value * part(weight[row * active.length + k]), part(b)),
      );
    }, normalized);
  }

  numbers(input: readonly number[]): number[] {
    const { low, high } = this.description;
    const outputs = this.outputs(input);
    return low.map((l, k) => l + ((high[k] - l) * (Math.tanh(outputs[k]) + 1)) / 2);
  }

  choices(input: readonly number[]): number[] {
    const outputs = this.outputs(input);
    return this.description.choices.map(({ from, to, stride, size, first }) => {
      const part = outputs.slice(from, to);
      return (Math.floor(part.indexOf(Math.max(...part)) / stride) % size) + first;
    });
  }

  /** Whether the best two options of a choice are so close that rounding decides. */
  isCloseCall(input: readonly number[], tolerance: number): boolean {
    const outputs = this.outputs(input);
    return this.description.choices.some(({ from, to }) => {
      const [best, second] = outputs.slice(from, to).sort((a, b) => b - a);
      return best - second < 2 * tolerance;
    });
  }

  #tensor(name: string, shape: readonly number[]): number[] {
    const entry = this.#file.entries.get(name);
    if (entry?.dtype !== 'F32' || entry.shape.join() !== shape.join()) {
      throw new Error(`${name} should be F32 [${shape}], but is ${entry?.dtype} [${entry?.shape}]`);
    }
    return Array.from(entry.data as Float32Array);
  }
}
