import {
  currentKernels,
  type FloatArray,
  Generator,
  type KernelSet,
  type MatmulProduct,
  normal,
  useKernels,
} from '@paragrad/tensor';

/** A matrix product: the sizes and the form of [m, k] [k, n], and whether a bias and an activation are part of it. */
export type Product = Omit<MatmulProduct, 'bias'> & { readonly hasBias?: boolean };

/** Multiplications and additions, as two operations. */
export const flopOf = ({ m, k, n }: Product) => 2 * m * k * n;

/** The matrix products that `work` computes, in their order. */
export function productsOf(work: () => unknown): Product[] {
  const products: Product[] = [];
  const kernels = currentKernels();
  const matmul: KernelSet['matmul'] = ({ bias, ...product }, a, b, c) => {
    products.push({ ...product, hasBias: bias !== undefined });
    kernels.matmul({ ...product, bias }, a, b, c);
  };
  useKernels(Object.create(kernels, { matmul: { value: matmul } }));
  try {
    work();
  } finally {
    useKernels(kernels);
  }
  return products;
}

/** A function that computes these products, of random matrices, and does nothing else. Products of one size share their matrices. */
export function computing(products: readonly Product[]): () => void {
  const kernels = currentKernels();
  const matrices = new Map<string, FloatArray>();
  const matrix = (name: string, length: number) => {
    const key = `${name} ${length}`;
    if (!matrices.has(key)) matrices.set(key, placed(random(length)));
    return matrices.get(key)!;
  };
  const calls = products.map(({ hasBias, ...product }) => {
    const { m, k, n } = product;
    const bias = hasBias ? matrix('bias', n) : undefined;
    const [a, b, c] = [matrix('a', m * k), matrix('b', k * n), matrix('c', m * n)];
    return () => kernels.matmul({ ...product, bias }, a, b, c);
  });
  return () => {
    for (const call of calls) call();
  };
}

/** Copies numbers to the memory of the kernel set, where a training step keeps its tensors (`scope`). */
function placed(numbers: Float32Array): Float32Array {
  const { arena } = currentKernels();
  if (!arena) return numbers;
  const array = arena.at(arena.reserve(numbers.length), numbers.length);
  array.set(numbers);
  return array;
}

export function random(length: number): Float32Array {
  return normal([length], new Generator(length)).data as Float32Array;
}
