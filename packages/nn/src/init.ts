import {
  anyNumber,
  atLeast0,
  checkArgument,
  checkNoMore,
  checkOptions,
  finite,
  type OptionChecks,
  oneOf,
  ShapeError,
} from '@paragrad/check';
import { aGenerator, aTensor, formatShape, type Generator, type Shape, type Tensor } from '@paragrad/tensor';

// Initial values, as in `torch.nn.init`. Each function overwrites a tensor. Weights are [out, in], or
// [out, in, ...kernel].

/** Overwrites a weight with initial values, drawn from the generator. */
export type Initializer = (weight: Tensor, options: { generator: Generator }) => void;

/** Options of `xavierUniform` and `xavierNormal`. */
export interface XavierOptions {
  /** Draws the weights. */
  generator: Generator;
  /** Default 1. `calculateGain` gives the usual values. */
  gain?: number;
}

/** Options of `kaimingUniform` and `kaimingNormal`. */
export interface KaimingOptions {
  /** Draws the weights. */
  generator: Generator;
  /** Default √2, for ReLU. */
  gain?: number;
  /** Which variance stays the same: of the signal, forwards ('fanIn', the default), or of the gradient ('fanOut'). */
  mode?: 'fanIn' | 'fanOut';
}

const withGenerator = { generator: aGenerator };
const xavierOptions: OptionChecks<XavierOptions> = { ...withGenerator, gain: finite };
const kaimingOptions: OptionChecks<KaimingOptions> = { ...xavierOptions, mode: oneOf('fanIn', 'fanOut') };

/** Sets every element to `value`. */
export function constant(tensor: Tensor, value: number): void {
  checkNoMore('constant', arguments, 2);
  checkArgument('constant', 'tensor', tensor, aTensor);
  checkArgument('constant', 'value', value, anyNumber);
  fill(tensor, () => value);
}

/** Sets every element to 0, a common initial value of a bias. */
export function zeros(tensor: Tensor): void {
  checkArgument('zeros', 'tensor', tensor, aTensor);
  constant(tensor, 0);
}

/**
 * Independent draws, uniform in [low, high).
 *
 * @throws ArgumentError if `low` is above `high`.
 */
export function uniform(
  tensor: Tensor,
  options: { low?: number; high?: number; generator: Generator },
): void {
  checkArgument('uniform', 'tensor', tensor, aTensor);
  checkOptions('uniform', options, { ...withGenerator, low: finite, high: finite }, ['generator']);
  const { low = 0, high = 1, generator } = options;
  tensor.updateValues((data) => {
    for (let i = 0; i < data.length; i++) {
      data[i] = generator.uniform(low, high);
      if (data[i] >= high) data[i] = low; // float32 may round it up to high
    }
  });
}

/** Independent Gaussian draws. */
export function normal(tensor: Tensor, options: { mean?: number; std?: number; generator: Generator }): void {
  checkArgument('normal', 'tensor', tensor, aTensor);
  checkOptions('normal', options, { ...withGenerator, mean: finite, std: atLeast0 }, ['generator']);
  const { mean = 0, std = 1, generator } = options;
  fill(tensor, () => mean + std * generator.normal());
}

/**
 * The default of `Linear`: uniform in ±1/sqrt(fanIn), as in PyTorch.
 *
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function linearDefault(weight: Tensor, options: { generator: Generator }): void {
  checkArgument('linearDefault', 'weight', weight, aTensor);
  checkOptions('linearDefault', options, withGenerator, ['generator']);
  const { generator } = options;
  const bound = 1 / Math.sqrt(fansOf('linearDefault', weight.shape).fanIn);
  uniform(weight, { low: -bound, high: bound, generator });
}

/**
 * Uniform with variance 2 gain² / (fanIn + fanOut) (Glorot & Bengio 2010, equation 16).
 *
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function xavierUniform(weight: Tensor, options: XavierOptions): void {
  checkArgument('xavierUniform', 'weight', weight, aTensor);
  checkOptions('xavierUniform', options, xavierOptions, ['generator']);
  const { gain = 1, generator } = options;
  const bound = Math.sqrt(3) * xavierStd('xavierUniform', weight.shape, gain);
  uniform(weight, { low: -bound, high: bound, generator });
}

/**
 * Gaussian with variance 2 gain² / (fanIn + fanOut) (Glorot & Bengio 2010).
 *
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function xavierNormal(weight: Tensor, options: XavierOptions): void {
  checkArgument('xavierNormal', 'weight', weight, aTensor);
  checkOptions('xavierNormal', options, xavierOptions, ['generator']);
  const { gain = 1, generator } = options;
  normal(weight, { std: xavierStd('xavierNormal', weight.shape, gain), generator });
}

/**
 * Uniform with variance gain² / fan (He et al. 2015, equations 10 and 14).
 *
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function kaimingUniform(weight: Tensor, options: KaimingOptions): void {
  checkArgument('kaimingUniform', 'weight', weight, aTensor);
  checkOptions('kaimingUniform', options, kaimingOptions, ['generator']);
  const { gain = Math.SQRT2, mode = 'fanIn', generator } = options;
  const bound = (Math.sqrt(3) * gain) / Math.sqrt(fansOf('kaimingUniform', weight.shape)[mode]);
  uniform(weight, { low: -bound, high: bound, generator });
}

/**
 * Gaussian with variance gain² / fan (He et al. 2015, equations 10 and 14).
 *
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function kaimingNormal(weight: Tensor, options: KaimingOptions): void {
  checkArgument('kaimingNormal', 'weight', weight, aTensor);
  checkOptions('kaimingNormal', options, kaimingOptions, ['generator']);
  const { gain = Math.SQRT2, mode = 'fanIn', generator } = options;
  normal(weight, { std: gain / Math.sqrt(fansOf('kaimingNormal', weight.shape)[mode]), generator });
}

/**
 * gain Q, where Q is a random matrix [out, all other axes as one] whose rows have length 1 and are at right angles; if
 * there are more rows than columns, its columns do. Q is uniformly distributed among all such matrices (Saxe, McClelland
 * & Ganguli 2014).
 *
 * Computed by modified Gram-Schmidt on Gaussian vectors. This is the QR decomposition whose R has a positive diagonal,
 * which makes Q uniform. (PyTorch uses another QR decomposition and corrects the signs.)
 *
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function orthogonal(weight: Tensor, options: { gain?: number; generator: Generator }): void {
  checkArgument('orthogonal', 'weight', weight, aTensor);
  checkOptions('orthogonal', options, xavierOptions, ['generator']);
  const { gain = 1, generator } = options;
  checkRank('orthogonal', weight.shape);
  const rows = weight.shape[0];
  const columns = weight.size / (rows || 1);
  const basis: Float64Array[] = [];
  while (basis.length < Math.min(rows, columns)) {
    const vector = new Float64Array(Math.max(rows, columns)).map(() => generator.normal());
    for (const unit of basis) addScaled(vector, -dot(unit, vector), unit);
    const length = Math.sqrt(dot(vector, vector));
    if (length > 1e-6) basis.push(vector.map((x) => x / length)); // otherwise draw again: rounding errors are too large
  }
  fill(weight, (i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return gain * (rows <= columns ? basis[row][column] : basis[column][row]);
  });
}

/**
 * The gain that compensates for how much a nonlinearity shrinks a signal, as `torch.nn.init.calculate_gain`. The slope,
 * by default 0.01, is used only for leaky ReLU.
 */
export function calculateGain(
  nonlinearity: 'linear' | 'sigmoid' | 'tanh' | 'relu' | 'leakyRelu',
  slope = 0.01,
): number {
  checkNoMore('calculateGain', arguments, 2);
  checkArgument('calculateGain', 'slope', slope, finite);
  const gains = {
    linear: 1,
    sigmoid: 1,
    tanh: 5 / 3,
    relu: Math.SQRT2,
    leakyRelu: Math.sqrt(2 / (1 + slope ** 2)),
  };
  checkArgument('calculateGain', 'nonlinearity', nonlinearity, oneOf(...Object.keys(gains)));
  return gains[nonlinearity];
}

function xavierStd(op: string, shape: Shape, gain: number): number {
  const { fanIn, fanOut } = fansOf(op, shape);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/** fanIn: how many inputs each output depends on. fanOut: how many outputs each input affects. */
function fansOf(op: string, shape: Shape): { fanIn: number; fanOut: number } {
  checkRank(op, shape);
  const [out, inputs, ...kernel] = shape;
  const field = kernel.reduce((product, length) => product * length, 1);
  return { fanIn: inputs * field, fanOut: out * field };
}

function checkRank(op: string, shape: Shape): void {
  if (shape.length < 2) {
    throw new ShapeError(
      `${op}: shape ${formatShape(shape)} is not a weight [out, in]; for a bias use zeros, constant or uniform`,
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

/** All initializers write through this function. */
function fill(x: Tensor, valueAt: (index: number) => number): void {
  x.updateValues((data) => {
    for (let i = 0; i < data.length; i++) data[i] = valueAt(i);
  });
}
