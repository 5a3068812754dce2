import { checkGenerator, type Generator } from '@paragrad/tensor';

/** Returns the options. Throws if they contain no generator. */
export function requireGenerator<Options extends { generator: Generator }>(
  op: string,
  options: Options,
): Options {
  checkGenerator(op, options?.generator);
  return options;
}
