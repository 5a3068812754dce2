import { Generator } from '@paragrad/tensor';

/** Throws where a size or a count is none. */
export function checkCount(op: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${op}: ${name} ${value}; give a whole number from 1`);
}

/** The options, if there is a generator in them. For callers in plain JavaScript: others have the compiler. */
export function withGenerator<Options extends { generator: Generator }>(
  op: string,
  options: Options,
): Options {
  if (!(options?.generator instanceof Generator))
    throw new Error(
      `${op}: no generator; pass { generator: new Generator(seed) }, and the seed decides every draw`,
    );
  return options;
}
