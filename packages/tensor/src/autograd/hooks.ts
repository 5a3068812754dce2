import { ArgumentError, aFunction, checkArgument } from '@paragrad/check';
import { aTensor, fits, unfit } from '../argument-checks.js';
import { formatShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { type GradNode, nodeOf } from './record.js';

/** Receives a gradient. If it returns a tensor, that tensor replaces the gradient. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks returns nothing
export type GradientHook = (gradient: Tensor) => Tensor | null | undefined | void;

/** What `registerHook` returns, to remove the hook again. */
export interface RemovableHandle {
  /** Removes the hook: it is not called any more. */
  remove(): void;
}

export function registerHook(x: Tensor, hook: GradientHook): RemovableHandle {
  checkArgument('registerHook', 'hook', hook, aFunction);
  checkRequiresGrad('registerHook', x);
  const node = nodeOf(x);
  const entry = { hook };
  node.hooks ??= new Set();
  node.hooks.add(entry);
  return { remove: () => void node.hooks?.delete(entry) };
}

export function retainGrad(x: Tensor): void {
  checkRequiresGrad('retainGrad', x);
  if (x.record) x.record.retaining = x;
}

/** Passes a gradient through the hooks of its node, in the order in which they were registered. Calls `show` with all that they see. */
export function runHooks(node: GradNode, gradient: Tensor, show?: (gradient: Tensor) => void): Tensor {
  let current = gradient;
  for (const { hook } of node.hooks ?? []) {
    show?.(current);
    const replacement = hook(current);
    if (replacement === undefined || replacement === null) continue;
    checkArgument('registerHook', 'the result of a hook', replacement, aTensor);
    if (!fits(replacement, current))
      throw unfit('registerHook', 'the result of a hook', replacement, 'the gradient', current);
    show?.(replacement);
    current = replacement;
  }
  return current;
}

function checkRequiresGrad(caller: string, x: Tensor): void {
  if (!x.requiresGrad) {
    throw new ArgumentError(
      `${caller}: this tensor of shape ${formatShape(x.shape)} requires no gradient, so it never gets one; ` +
        'create it with requiresGrad: true, or compute it from such a tensor, outside noGrad',
    );
  }
}
