import type { Tensor } from '../tensor.js';

/** More numbers than this are not printed. */
const MOST_NUMBERS = 300;

/** A tensor as code that makes it again, with every digit: `tensor([[1, 0.25]], { dtype: 'float64' })`. */
export function literal(x: Tensor): string {
  if (x.size > MOST_NUMBERS) return `/* ${x.size} numbers of shape [${x.shape.join(', ')}] */`;
  const nested = (axis: number, offset: number, size: number): string => {
    if (axis === x.rank) return numberLiteral(x.data[offset]);
    const inner = x.shape[axis] === 0 ? 0 : size / x.shape[axis];
    const parts = Array.from({ length: x.shape[axis] }, (_, k) =>
      nested(axis + 1, offset + k * inner, inner),
    );
    return `[${parts.join(', ')}]`;
  };
  return `tensor(${nested(0, 0, x.size)}${x.dtype === 'float64' ? `, { dtype: 'float64' }` : ''})`;
}

function numberLiteral(x: number): string {
  return Object.is(x, -0) ? '-0' : String(x);
}
