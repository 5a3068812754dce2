import { type Check, checkArgument, checkOptions } from '@paragrad/check';
import { checkCamera, type Scene, sizeOptions } from './scene.js';

/**
 * The part of a 2D canvas context that `drawOnCanvas` uses. The browser's `CanvasRenderingContext2D` and
 * `OffscreenCanvasRenderingContext2D` have it, and so have the canvas libraries for Node.
 */
export interface CanvasContext {
  /** Remembers the state. */
  save(): void;
  /** Goes back to the state that was remembered last. */
  restore(): void;
  /** Changes the unit of lengths. */
  scale(x: number, y: number): void;
  /** Moves the origin. */
  translate(x: number, y: number): void;
  /** Paints a rectangle in `fillStyle`. */
  fillRect(x: number, y: number, width: number, height: number): void;
  /** Starts a path. */
  beginPath(): void;
  /** Ends the path where it began. */
  closePath(): void;
  /** Adds a straight line to the path. */
  lineTo(x: number, y: number): void;
  /** Adds a part of a circle to the path. */
  arc(x: number, y: number, radius: number, startAngle: number, endAngle: number): void;
  /** Paints the inside of the path in `fillStyle`. */
  fill(): void;
  /** Draws the path in `strokeStyle`. */
  stroke(): void;
  /** Color of what is filled. */
  fillStyle: unknown;
  /** Color of lines. */
  strokeStyle: unknown;
  /** Opacity, from 0 to 1. */
  globalAlpha: number;
  /** Width of lines. */
  lineWidth: number;
  /** How the corners of lines look. */
  lineJoin: string;
}

/**
 * Draws a scene on a canvas, into the square from (0, 0) to (size, size) in the context's own units. Afterwards the
 * context has the same state as before.
 *
 * @throws ArgumentError if the size is not a positive integer, or the scene's halfWidth is not a positive number.
 */
export function drawOnCanvas(context: CanvasContext, scene: Scene, options: { size: number }): void {
  checkArgument('drawOnCanvas', 'context', context, aContext);
  checkOptions('drawOnCanvas', options, sizeOptions, ['size']);
  const { size } = options;
  checkCamera('drawOnCanvas', scene, size);
  const { halfWidth, background, shapes } = scene;
  context.save();
  context.scale(size / (2 * halfWidth), -size / (2 * halfWidth));
  context.translate(halfWidth, -halfWidth);
  context.lineJoin = 'round';
  context.fillStyle = background;
  context.fillRect(-halfWidth, -halfWidth, 2 * halfWidth, 2 * halfWidth);
  for (const shape of shapes) {
    context.beginPath();
    if (shape.shape === 'circle') context.arc(...shape.center, shape.radius, 0, 2 * Math.PI);
    else for (const point of shape.points) context.lineTo(...point); // the first call only sets the start
    context.closePath();
    if (shape.fill) {
      context.fillStyle = shape.fill;
      context.globalAlpha = shape.fillOpacity ?? 1;
      context.fill();
      context.globalAlpha = 1;
    }
    if (shape.stroke) {
      context.strokeStyle = shape.stroke;
      context.lineWidth = shape.strokeWidth ?? 0;
      context.stroke();
    }
  }
  context.restore();
}

const aContext: Check<CanvasContext> = {
  inWords: "a canvas's 2d context",
  accepts: (value): value is CanvasContext =>
    typeof (value as CanvasContext | null | undefined)?.beginPath === 'function',
};
