import { aFunction, checkArgument, instanceOf, listOf, NumericalError } from '@paragrad/check';
import type { Module } from '@paragrad/nn';
import { scope, Tensor } from '@paragrad/tensor';
import { Learner } from './learner.js';

/** A learner with any network. */
export type AnyLearner = Learner<Module<never>>;

/** Scales the gradients of these parameters in place. Returns their norm before that. MADDPG's is `clip` in ../maddpg.ts. */
export type Clip = (parameters: readonly Tensor[]) => number;

/** The losses before a step of gradient descent, and the norm of the gradient before clipping. */
export interface Descent {
  /** The numbers that `loss` returned, before the step. */
  readonly losses: readonly number[];
  /** The norm of the gradient of all networks as one vector, before clipping. */
  readonly gradNorm: number;
}

/**
 * One step of gradient descent: θ <- Adam(clip(dL / dθ)), where θ are the weights of all these networks. Clipping sees
 * their gradient as one vector. The gradient may pass through other networks, but only the weights θ receive it. `loss`
 * returns L as one number or as several, which are added up. Throws before the step if a loss or the gradient is not finite.
 */
export function descend(learners: readonly AnyLearner[], loss: () => Tensor, clip: Clip): Descent {
  checkArguments('descend', learners, loss, clip);
  return scope(() => {
    const losses = backward(learners, loss);
    const gradNorm = clipped(learners, losses, clip);
    for (const { optimizer } of learners) optimizer.step();
    return { losses, gradNorm };
  });
}

/** Like `descend`, but clips each network separately. */
export function descendEach(
  learners: readonly AnyLearner[],
  loss: () => Tensor,
  clip: Clip,
): {
  /** The numbers that `loss` returned, before the step. */
  losses: readonly number[];
  /** The norm of each network's gradient before clipping, in the order of the learners. */
  gradNorms: readonly number[];
} {
  checkArguments('descendEach', learners, loss, clip);
  return scope(() => {
    const losses = backward(learners, loss);
    const gradNorms = learners.map((learner) => clipped([learner], losses, clip));
    for (const { optimizer } of learners) optimizer.step();
    return { losses, gradNorms };
  });
}

function checkArguments(owner: string, learners: readonly AnyLearner[], loss: unknown, clip: unknown): void {
  checkArgument(owner, 'learners', learners, listOf(instanceOf(Learner<Module<never>>, 'a Learner')));
  checkArgument(owner, 'loss', loss, aFunction);
  checkArgument(owner, 'clip', clip, aFunction);
}

/** Computes the gradients of these networks only. Returns the losses. */
function backward(learners: readonly AnyLearner[], loss: () => Tensor): number[] {
  const losses = loss();
  checkArgument('descend', 'what loss returns', losses, instanceOf(Tensor, 'a tensor'));
  for (const { optimizer } of learners) optimizer.zeroGrad();
  losses.sum().backward({ inputs: learners.flatMap(({ optimizer }) => optimizer.parameters) });
  return Array.from(losses.data);
}

/** Clips the gradient of these networks as one vector. Throws if it or a loss is not finite: a step would make all weights NaN. */
function clipped(learners: readonly AnyLearner[], losses: readonly number[], clip: Clip): number {
  const names = learners.map(({ name }) => name).join(', ');
  if (!losses.every(Number.isFinite)) {
    throw new NumericalError(
      `${names}: the loss is ${losses.join(', ')}, so this step was not taken: training has diverged; ` +
        'lower the learning rates, or make rewards and observations smaller',
    );
  }
  try {
    const norm = clip(learners.flatMap(({ optimizer }) => optimizer.parameters));
    if (!Number.isFinite(norm))
      throw new NumericalError(`the norm of the gradient is ${norm}; no step was taken`);
    return norm;
  } catch (error) {
    if (!(error instanceof NumericalError)) throw error;
    throw new NumericalError(`${names}: ${error.message}`, { cause: error });
  }
}
