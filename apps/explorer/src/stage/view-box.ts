import type { Vector2 } from '@paragrad/mpe';

/** Where the world is in the picture: the square [-halfWidth, halfWidth]² in `size` pixels. */
export interface ViewBox {
  readonly halfWidth: number;
  readonly size: number;
}

export function toPixels([x, y]: Vector2, { halfWidth, size }: ViewBox): Vector2 {
  return [((x / halfWidth + 1) * size) / 2, ((1 - y / halfWidth) * size) / 2];
}

export function toWorld([x, y]: Vector2, { halfWidth, size }: ViewBox): Vector2 {
  return [halfWidth * ((2 * x) / size - 1), halfWidth * (1 - (2 * y) / size)];
}
