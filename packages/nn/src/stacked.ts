import {
  ArgumentError,
  checkArgument,
  checkOptions,
  instanceOf,
  integerFrom0,
  listOf,
  type OptionChecks,
} from '@paragrad/check';
import {
  add,
  aTensor,
  broadcastTo,
  type FusedActivation,
  formatShape,
  linear,
  narrow,
  relu,
  stackedLinear,
  type Tensor,
  tanh,
} from '@paragrad/tensor';
import { checkWidth } from './check-width.js';
import { Linear, ReLU, Sequential, Tanh } from './layers.js';
import { Module } from './module.js';

/** Numbers that are added to an x that all networks see, for each network to other columns. */
export interface OwnColumns {
  /** `[n, batch, width]`: what network k adds to the columns of x from `columns[k]` on. */
  readonly own: Tensor;
  /** For each network, the first column that it adds to. */
  readonly columns: readonly number[];
}

/**
 * n networks of the same shape side by side, each layer of all of them as one op. As `torch.vmap` with
 * `torch.func.stack_module_state`, but nothing is copied: the weights stay those of the networks. They consist of Linear,
 * ReLU and Tanh. If all n are the same network, it runs once, on the rows of all.
 *
 * x [n, batch, in], with a part for each network, or [batch, in], which all of them see -> [n, batch, out]
 */
export class Stacked extends Module<[x: Tensor, added?: OwnColumns]> {
  /** The networks that run side by side. */
  readonly networks: readonly Sequential[];
  readonly #layers: readonly Layer[];

  /**
   * n networks of the same shape side by side: x [n, batch, in] or [batch, in] -> [n, batch, out].
   *
   * @throws ArgumentError on layers other than Linear, ReLU and Tanh, and if the networks do not have the same layers.
   */
  constructor(networks: readonly Sequential[]) {
    super();
    checkArgument('Stacked', 'networks', networks, listOf(instanceOf(Sequential, 'a Sequential')));
    this.networks = networks;
    this.#layers = layersOf(networks);
  }

  /**
   * With `added`, network k sees these columns of x changed. The sum is not made: the first layer multiplies both.
   *
   * @throws ShapeError unless the last axis of x is as wide as the networks take it.
   */
  forward(x: Tensor, added?: OwnColumns): Tensor {
    checkArgument('Stacked', 'x', x, aTensor);
    if (added !== undefined) checkOptions('Stacked', added, ownColumns, ['own', 'columns']);
    const [first] = this.#layers;
    if (first) {
      const [out, into] = first.linears[0].weight.shape;
      checkWidth(
        () => `Stacked, ${this.networks.length} networks from Linear(${into}, ${out}) on`,
        'x',
        x,
        into,
      );
    }
    const y = this.#layers.reduce((value, layer, index) => {
      const { linears, activation } = layer;
      if (index > 0 || !added) return runLayer(linears, value, activation);
      const y = add(runLayer(linears, x), multiplyOwn(linears, added));
      return activation ? ACTIVATIONS[activation](y) : y;
    }, x);
    // One network for all has run once on what all of them see.
    return y.rank === 2 ? broadcastTo(y, [this.networks.length, ...y.shape]) : y;
  }
}

const ownColumns: OptionChecks<OwnColumns> = { own: aTensor, columns: listOf(integerFrom0) };

/** A Linear of each network, and the activation that follows them. */
interface Layer {
  readonly linears: readonly Linear[];
  readonly activation: FusedActivation | undefined;
}

const ACTIVATIONS = { relu, tanh };

/** y_k = activation(x_k W_kᵀ + b_k) */
function runLayer(linears: readonly Linear[], x: Tensor, activation?: FusedActivation): Tensor {
  if (isOne(linears)) return linears[0].forward(x, activation);
  const weights = linears.map(({ weight }) => weight);
  const biases = linears.flatMap(({ bias }) => bias ?? []);
  return stackedLinear(x, weights, biases, activation && { activation });
}

/** own_k W_kᵀ, where W_k are the columns of the weight that it is added to */
function multiplyOwn(linears: readonly Linear[], { own, columns }: OwnColumns): Tensor {
  const weightOf = (k: number) => narrow(linears[k].weight, 1, columns[k], own.shape[2]);
  if (isOne(linears) && new Set(columns).size === 1) return linear(own, weightOf(0));
  return stackedLinear(
    own,
    linears.map((_, k) => weightOf(k)),
  );
}

const isOne = (linears: readonly Linear[]) => linears.every((linear) => linear === linears[0]);

function layersOf(networks: readonly Sequential[]): Layer[] {
  const forms = new Set(networks.map(formOf));
  if (forms.size !== 1) {
    throw new ArgumentError(
      `Stacked: networks are ${[...forms].join(' and ') || 'empty'}; give networks of one shape`,
    );
  }
  const { layers } = networks[0];
  return layers.flatMap((layer, index) => {
    if (!(layer instanceof Linear)) return [];
    const next = layers[index + 1];
    const activation = next instanceof ReLU ? 'relu' : next instanceof Tanh ? 'tanh' : undefined;
    return { linears: networks.map(({ layers }) => layers[index] as Linear), activation };
  });
}

/** The network in words, such as "Linear [64, 18], ReLU, Linear [2, 64]". Throws if it cannot be stacked. */
function formOf({ layers }: Sequential): string {
  const names = layers.map((layer, index) => {
    if (layer instanceof Linear)
      return `Linear ${formatShape(layer.weight.shape)}${layer.bias ? '' : ' without bias'}`;
    const follows = layers[index - 1] instanceof Linear;
    if (follows && layer instanceof ReLU) return 'ReLU';
    if (follows && layer instanceof Tanh) return 'Tanh';
    throw new ArgumentError(
      `Stacked: layer ${index} is a ${layer.constructor.name}; give networks of Linear, each with a ReLU or Tanh after it, or none`,
    );
  });
  return names.join(', ');
}
