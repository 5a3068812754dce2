import { formatShape, type Generator, type Shape, type Tensor } from '@paragrad/tensor';
import { withGenerator } from './with-generator.js';

// Initial values, as `torch.nn.init`: each function overwrites a tensor. Weights are [out, in], or [out, in, ...kernel].

/** Overwrites a weight with its initial values, drawn from the generator. */
export type Initializer = (weight: Tensor, options: { generator: Generator }) => void;

export interface XavierOptions {
  generator: Generator;
  /** Default 1. `calculateGain` has the usual ones. */
  gain?: number;
}

export interface KaimingOptions {
  generator: Generator;
  /** Default √2, for ReLU. */
  gain?: number;
  /** Whose variance is to stay the same: the signal's, forwards ('fanIn', the default), or the gradient's ('fanOut'). */
  mode?: 'fanIn' | 'fanOut';
}

/** Every number becomes the value. */
export function constant(tensor: Tensor, value: number): void {
  fill(tensor, () => value);
}

/** Every number becomes 0, as a bias often starts. */
export function zeros(tensor: Tensor): void {
  constant(tensor, 0);
}

/** Independent draws, uniform in [low, high). */
export function uniform(
  tensor: Tensor,
  options: { low?: number; high?: number; generator: Generator },
): void {
  const { low = 0, high = 1, generator } = withGenerator('uniform', options);
  fill(tensor, () => generator.uniform(low, high));
}

/** Independent draws, Gaussian. */
export function normal(tensor: Tensor, options: { mean?: number; std?: number; generator: Generator }): void {
  const { mean = 0, std = 1, generator } = withGenerator('normal', options);
  fill(tensor, () => mean + std * generator.normal());
}

/** What a `Linear` starts with: uniform in ±1/sqrt(fanIn), as PyTorch's. */
export function linearDefault(weight: Tensor, options: { generator: Generator }): void {
  const { generator } = withGenerator('linearDefault', options);
  const bound = 1 / Math.sqrt(fansOf('linearDefault', weight.shape).fanIn);
  uniform(weight, { low: -bound, high: bound, generator });
}

/** Uniform with variance 2 gain² / (fanIn + fanOut) (Glorot & Bengio 2010, equation 16). */
export function xavierUniform(weight: Tensor, options: XavierOptions): void {
  const { gain = 1, generator } = withGenerator('xavierUniform', options);
  const bound = Math.sqrt(3) * xavierStd('xavierUniform', weight.shape, gain);
  uniform(weight, { low: -bound, high: bound, generator });
}

/** Gaussian with variance 2 gain² / (fanIn + fanOut) (Glorot & Bengio 2010). */
export function xavierNormal(weight: Tensor, options: XavierOptions): void {
  const { gain = 1, generator } = withGenerator('xavierNormal', options);
  normal(weight, { std: xavierStd('xavierNormal', weight.shape, gain), generator });
}

/** Uniform with variance gain² / fan (He et al. 2015, equations 10 and 14). */
export function kaimingUniform(weight: Tensor, options: KaimingOptions): void {
  const { gain = Math.SQRT2, mode = 'fanIn', generator } = withGenerator('kaimingUniform', options);
  const bound = (Math.sqrt(3) * gain) / Math.sqrt(fansOf('kaimingUniform', weight.shape)[mode]);
  uniform(weight, { low: -bound, high: bound, generator });
}

/** Gaussian with variance gain² / fan (He et al. 2015, equations 10 and 14). */
export function kaimingNormal(weight: Tensor, options: KaimingOptions): void {
  const { gain = Math.SQRT2, mode = 'fanIn', generator } = withGenerator('kaimingNormal', options);
  normal(weight, { std: gain / Math.sqrt(fansOf('kaimingNormal', weight.shape)[mode]), generator });
}

/**
 * gain Q, with Q of [out, in ...kernel as one axis] uniformly distributed among the matrices whose rows (or, if there
 * are more rows than columns, whose columns) are of length 1 and at right angles (Saxe, McClelland & Ganguli 2014).
 *
 * Modified Gram-Schmidt on Gaussian vectors: the QR decomposition whose R has a positive diagonal. PyTorch gets it by
 * fixing the signs of another, and without that Q would not be uniform.
 */
export function orthogonal(weight: Tensor, options: { gain?: number; generator: Generator }): void {
  const { gain = 1, generator } = withGenerator('orthogonal', options);
  checkRank('orthogonal', weight.shape);
  const rows = weight.shape[0];
  const columns = weight.size / (rows || 1);
  const basis: Float64Array[] = [];
  while (basis.length < Math.min(rows, columns)) {
    const vector = new Float64Array(Math.max(rows, columns)).map(() => generator.normal());
    for (const unit of basis) addScaled(vector, -dot(unit, vector), unit);
    const length = Math.sqrt(dot(vector, vector));
    if (length > 1e-6) basis.push(vector.map((x) => x / length)); // else draw again: too much of it is rounding
  }
  fill(weight, (i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return gain * (rows <= columns ? basis[row][column] : basis[column][row]);
  });
}

/**
 * By how much a nonlinearity shrinks a signal, inverted, as `torch.nn.init.calculate_gain`. The slope is leaky ReLU's,
 * by default 0.01.
 */
export function calculateGain(
  nonlinearity: 'linear' | 'sigmoid' | 'tanh' | 'relu' | 'leakyRelu',
  slope = 0.01,
): number {
  return { linear: 1, sigmoid: 1, tanh: 5 / 3, relu: Math.SQRT2, leakyRelu: Math.sqrt(2 / (1 + slope ** 2)) }[
    nonlinearity
  ];
}

function xavierStd(op: string, shape: Shape, gain: number): number {
  const { fanIn, fanOut } = fansOf(op, shape);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/** How many numbers each output is a sum of, and how many outputs each input goes into. */
function fansOf(op: string, shape: Shape): { fanIn: number; fanOut: number } {
  checkRank(op, shape);
  const [out, inputs, ...kernel] = shape;
  const field = kernel.reduce((product, length) => product * length, 1);
  return { fanIn: inputs * field, fanOut: out * field };
}

function checkRank(op: string, shape: Shape): void {
  if (shape.length < 2) {
    throw new Error(
      `${op}: shape ${formatShape(shape)} is no weight of [out, in]; for a bias use zeros, constant or uniform`,
    );
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(target: Float64Array, scale: number, source: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += scale * source[i];
}

/** The one place where an initializer writes. */
function fill(x: Tensor, valueAt: (index: number) => number): void {
  x.update((data) => {
    for (let i = 0; i < data.length; i++) data[i] = valueAt(i);
  });
}
