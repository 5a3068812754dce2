import { Linear, ReLU, Sequential } from '@paragrad/nn';
import type { Generator } from '@paragrad/tensor';

/** Linear layers with ReLU between them. `sizes` begins with the size of the input and ends with that of the output. */
export function perceptron(sizes: readonly number[], generator: Generator): Sequential {
  const layers = sizes.slice(1).map((size, index) => new Linear(sizes[index], size, { generator }));
  return new Sequential(...layers.flatMap((layer, index) => (index === 0 ? [layer] : [new ReLU(), layer])));
}
