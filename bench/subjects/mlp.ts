import { Adam, Linear, ReLU, Sequential } from '@paragrad/nn';
import { Generator, mseLoss, scope, zeros } from '@paragrad/tensor';
import { BATCH, type MlpProblem, mlpProblem } from '../mlp-problem.js';
import { type Effort, type Timing, time } from '../timing.js';

export function mlp(effort: Effort): Promise<Timing[]> {
  return time([{ name: 'MLP step', prepare: () => mlpStep(mlpProblem()), warmup: 1500 }], effort);
}

/** Returns a function that takes one training step (forward, backward, Adam), and returns the loss before it. */
export function mlpStep({ x: inputs, y: targets, layers }: MlpProblem): () => number {
  const generator = new Generator(1); // the problem replaces the weights
  const linears = layers.map(({ inputs, outputs }) => new Linear(inputs, outputs, { generator }));
  linears.forEach((linear, i) => {
    const { weight, bias } = layers[i];
    linear.weight.updateValues((data) => data.set(weight));
    linear.bias!.updateValues((data) => data.set(bias));
  });
  const network = new Sequential(linears[0], new ReLU(), linears[1], new ReLU(), linears[2]);
  const adam = new Adam(network.parameters());
  const x = zeros([BATCH, layers[0].inputs]);
  x.updateValues((data) => data.set(inputs));
  const y = zeros([BATCH, 1]);
  y.updateValues((data) => data.set(targets));
  return () =>
    scope(() => {
      adam.zeroGrad();
      const loss = mseLoss(network.forward(x), y);
      loss.backward();
      adam.step();
      return loss.item();
    });
}
