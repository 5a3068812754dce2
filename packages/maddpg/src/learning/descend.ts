import type { Module } from '@paragrad/nn';
import { scope, type Tensor } from '@paragrad/tensor';
import type { Learner } from './learner.js';

type AnyLearner = Learner<Module<never>>;

/** Scales gradients in place. Returns their norm before. */
type Clip = (parameters: readonly Tensor[]) => number;

/** One step of gradient descent: the losses before it, and the norm of the gradient before clipping. */
export interface Descent {
  readonly losses: readonly number[];
  readonly gradNorm: number;
}

/**
 * θ <- Adam(clip(dL / dθ)), where θ are the weights of these networks, clipped as one vector. The gradient passes through any
 * other network on its way, but only these weights receive it. L is the sum of what `loss` returns: one number or several.
 */
export function descend(learners: readonly AnyLearner[], loss: () => Tensor, clip: Clip): Descent {
  return scope(() => {
    const losses = backward(learners, loss);
    const gradNorm = clip(learners.flatMap(({ optimizer }) => optimizer.parameters));
    for (const { optimizer } of learners) optimizer.step();
    return { losses, gradNorm };
  });
}

/** The same, each network clipped by itself: their norms in order. */
export function descendEach(
  learners: readonly AnyLearner[],
  loss: () => Tensor,
  clip: Clip,
): { losses: readonly number[]; gradNorms: readonly number[] } {
  return scope(() => {
    const losses = backward(learners, loss);
    const gradNorms = learners.map(({ optimizer }) => {
      const norm = clip(optimizer.parameters);
      optimizer.step();
      return norm;
    });
    return { losses, gradNorms };
  });
}

function backward(learners: readonly AnyLearner[], loss: () => Tensor): number[] {
  const losses = loss();
  for (const { optimizer } of learners) optimizer.zeroGrad();
  losses.sum().backward({ inputs: learners.flatMap(({ optimizer }) => optimizer.parameters) });
  return Array.from(losses.data);
}
