/** A layer, an optimizer, a schedule and an initializer of one's own. */
import {
  Adam,
  type AdamOptions,
  type AdamState,
  type AnyModule,
  init,
  LambdaLR,
  Linear,
  Module,
  Optimizer,
  type ParameterState,
  readSafetensors,
  type SafetensorsType,
  type StateDict,
  type WithLr,
} from '@paragrad/nn';
import { type FloatArray, type Generator, normal, type Tensor, zeros } from '@paragrad/tensor';

export class Residual extends Module {
  readonly linear;
  readonly scale;

  constructor(width: number, generator: Generator) {
    super();
    this.linear = new Linear(width, width, { generator });
    this.scale = normal([width], generator, { requiresGrad: true });
  }

  override forward(x: Tensor) {
    return x.add(this.linear.forward(x).tanh().mul(this.scale));
  }

  protected override ownBuffers() {
    return super.ownBuffers();
  }

  protected override namedChildren(): [name: string, child: AnyModule][] {
    return super.namedChildren();
  }
}

export class TwoInputs extends Module<[x: Tensor, y: Tensor]> {
  forward(x: Tensor, y: Tensor) {
    return x.mul(y);
  }
}

export interface Velocity extends ParameterState {
  velocity: Tensor;
}

export class HeavyBall extends Optimizer<Velocity> {
  constructor(parameters: readonly Tensor[], { lr = 0.1 } = {}) {
    super(parameters, lr, ({ shape, dtype }) => ({ velocity: zeros(shape, { dtype }) }));
  }

  protected override updateParameter(p: FloatArray, g: FloatArray, { velocity }: Velocity) {
    const v = velocity.values;
    for (let i = 0; i < p.length; i++) {
      v[i] = 0.9 * v[i]! + g[i]!;
      p[i] = p[i]! - this.lr * v[i]!;
    }
  }
}

export class HalfAdam extends Adam {
  constructor(parameters: readonly Tensor[], options?: AdamOptions) {
    super(parameters, options);
  }

  protected override updateParameter(p: FloatArray, g: FloatArray, state: AdamState) {
    super.updateParameter(p, g, state);
  }

  protected override decay() {
    return 0.5;
  }
}

export const inverse = (optimizer: WithLr) => new LambdaLR(optimizer, (t) => 1 / (1 + t));
export const start = (x: Tensor, generator: Generator) => init.xavierUniform(x, { generator });
export const typesOf = (bytes: Uint8Array) =>
  Object.values(readSafetensors(bytes).tensors).map(({ dtype }) => dtype as SafetensorsType);
export const load = (module: Residual, state: StateDict) => module.loadStateDict(state);
