import { Generator, normal } from '@paragrad/tensor';

/**
 * The training step that every library is timed on: a network 60-64-64-1 with ReLU, mean squared error, Adam (1e-3, 0.9, 0.999,
 * 1e-8), batch 1024. All libraries get the same weights and data, so their losses show whether they do the same work.
 */
const SIZES = [60, 64, 64, 1];
export const BATCH = 1024;

export interface MlpProblem {
  /** [BATCH, inputs], row by row */
  x: Float32Array;
  /** [BATCH, 1] */
  y: Float32Array;
  /** weight [outputs, inputs], row by row, and bias [outputs] */
  layers: { inputs: number; outputs: number; weight: Float32Array; bias: Float32Array }[];
}

export function mlpProblem(): MlpProblem {
  const generator = new Generator(1);
  const x = numbers([BATCH, SIZES[0]], generator);
  const y = Float32Array.from({ length: BATCH }, (_, row) => x[row * SIZES[0]] * x[row * SIZES[0] + 1]);
  const layers = SIZES.slice(1).map((outputs, i) => {
    const inputs = SIZES[i];
    const weight = numbers([outputs, inputs], generator).map((value) => value / Math.sqrt(inputs));
    return { inputs, outputs, weight, bias: numbers([outputs], generator).map((value) => value / 10) };
  });
  return { x, y, layers };
}

function numbers(shape: number[], generator: Generator): Float32Array {
  return Float32Array.from(normal(shape, generator).data);
}
