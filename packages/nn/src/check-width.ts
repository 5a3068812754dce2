import { ShapeError } from '@paragrad/check';
import { aTensor, formatShape, Tensor } from '@paragrad/tensor';

/**
 * Throws unless the last axis of x, or those of several x together, are as wide as a layer takes them. The error names the
 * layer: its op would name the weight, which whoever passed x has not made. The op says what is wrong with an x that is no tensor.
 */
export function checkWidth(
  layer: () => string,
  name: string,
  x: Tensor | readonly Tensor[],
  width: number,
): void {
  if (x instanceof Tensor && x.shape.at(-1) === width) return;
  const parts: readonly Tensor[] = x instanceof Tensor ? [x] : x;
  if (!Array.isArray(parts) || parts.length === 0 || !parts.every(aTensor.accepts)) return;
  const given = parts.reduce((sum, { shape }) => sum + (shape.at(-1) ?? 0), 0);
  if (given === width) return;
  const shapes = parts.map(({ shape }) => formatShape(shape)).join(' and ');
  throw new ShapeError(
    parts.length === 1
      ? `${layer()}: ${name} ${shapes} has ${given} features; give [..., ${width}]`
      : `${layer()}: ${name} ${shapes} have ${given} features together; give ${width}`,
  );
}
