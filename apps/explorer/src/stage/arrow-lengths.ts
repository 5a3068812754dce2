/** How long arrows are, in the world's units. */
import type { Vector2 } from '@paragrad/mpe';

/** The length of the arrow of a full force, and of the longest gradient. */
export const FORCE = 0.35;

export function forceArrow([x, y]: Vector2): Vector2 {
  return [FORCE * x, FORCE * y];
}

/** The arrow of a gradient. A usual one is half as long as a full force, and none is longer than that. */
export function pushArrow([x, y]: Vector2, usual: number): Vector2 {
  const norm = Math.hypot(x, y);
  const scale = norm > 0 ? (FORCE * Math.tanh(norm / (2 * usual))) / norm : 0;
  return [scale * x, scale * y];
}
