import type { Module } from '@paragrad/nn';
import { scope, type Tensor } from '@paragrad/tensor';
import type { Learner } from './learner.js';

type AnyLearner = Learner<Module<never>>;

/** Scales the gradients of these parameters in place. Returns their norm before that. MADDPG's is `clip` in ../maddpg.ts. */
type Clip = (parameters: readonly Tensor[]) => number;

/** The losses before a step of gradient descent, and the norm of the gradient before clipping. */
export interface Descent {
  readonly losses: readonly number[];
  readonly gradNorm: number;
}

/**
 * One step of gradient descent: θ <- Adam(clip(dL / dθ)), where θ are the weights of all these networks. Clipping sees
 * their gradient as one vector. The gradient may pass through other networks, but only the weights θ receive it. `loss`
 * returns L as one number or as several, which are added up.
 */
export function descend(learners: readonly AnyLearner[], loss: () => Tensor, clip: Clip): Descent {
  return scope(() => {
    const losses = backward(learners, loss);
    const gradNorm = clip(learners.flatMap(({ optimizer }) => optimizer.parameters));
    for (const { optimizer } of learners) optimizer.step();
    return { losses, gradNorm };
  });
}

/** Like `descend`, but clips each network separately. `gradNorms` has one norm for each network. */
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

/** Computes the gradients of these networks only. Returns the losses. */
function backward(learners: readonly AnyLearner[], loss: () => Tensor): number[] {
  const losses = loss();
  for (const { optimizer } of learners) optimizer.zeroGrad();
  losses.sum().backward({ inputs: learners.flatMap(({ optimizer }) => optimizer.parameters) });
  return Array.from(losses.data);
}
