import { formatShape, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { type GradNode, nodeOf } from './record.js';

/** Sees a gradient; the tensor it returns, if any, goes on in its place. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks returns nothing
export type GradientHook = (gradient: Tensor) => Tensor | null | undefined | void;

export interface HookHandle {
  /** From now on the hook is not called. */
  remove(): void;
}

export function registerHook(x: Tensor, hook: GradientHook): HookHandle {
  requireGradient('registerHook', x);
  const node = nodeOf(x);
  const entry = { hook };
  node.hooks ??= new Set();
  node.hooks.add(entry);
  return { remove: () => void node.hooks?.delete(entry) };
}

export function retainGrad(x: Tensor): void {
  requireGradient('retainGrad', x);
  if (x.record) x.record.retaining = x;
}

/** What the hooks of a node make of its gradient, in the order in which they were registered. */
export function runHooks(node: GradNode, gradient: Tensor): Tensor {
  let current = gradient;
  for (const { hook } of node.hooks ?? []) {
    const replacement = hook(current);
    if (!replacement) continue;
    if (!sameShape(replacement.shape, current.shape)) {
      throw new Error(
        `registerHook: a hook returned shape ${formatShape(replacement.shape)} for a gradient of shape ` +
          `${formatShape(current.shape)}; return the same shape, or nothing`,
      );
    }
    current = replacement;
  }
  return current;
}

function requireGradient(caller: string, x: Tensor): void {
  if (!x.requiresGrad) {
    throw new Error(
      `${caller}: a tensor of shape ${formatShape(x.shape)} that requires no gradient never gets one; ` +
        'create it with requiresGrad: true, or compute it, outside noGrad, from one that was',
    );
  }
}
