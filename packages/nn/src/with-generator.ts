import { checkGenerator, type Generator } from '@paragrad/tensor';

/** The options, if there is a generator in them. */
export function withGenerator<Options extends { generator: Generator }>(
  op: string,
  options: Options,
): Options {
  checkGenerator(op, options?.generator);
  return options;
}
