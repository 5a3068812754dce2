/** Draws the arena on its two canvases: the floor with what lies on it, and above it the things. */
import { drawOnCanvas, palette, type Scene } from '@paragrad/mpe';

/** Colors of the arena at night. All others are the same: they were chosen to be seen on any ground. */
const NIGHT: Readonly<Record<string, string>> = {
  [palette.floor]: '#1b1e24',
  [palette.outside]: '#14161a',
  [palette.border]: '#4a4f57',
  [palette.ink]: '#e8eaed',
};

const isNight = () => matchMedia('(prefers-color-scheme: dark)').matches;

/** The scene without its floor, which is its first shape, on nothing. */
export function withoutFloor(scene: Scene): Scene {
  const color = (given: string | undefined) => (isNight() && given && NIGHT[given]) || given;
  const shapes = scene.shapes.slice(1).map((shape) => ({
    ...shape,
    ...(shape.stroke && { stroke: color(shape.stroke) }),
  }));
  return { ...scene, background: '#00000000', shapes: shapes as Scene['shapes'] };
}

/** Only the floor. */
export function floorOf(scene: Scene): Scene {
  const [floor] = scene.shapes;
  if (!isNight()) return { ...scene, shapes: [floor] };
  const night = { ...floor, fill: NIGHT[palette.floor], stroke: NIGHT[palette.border] };
  return { ...scene, background: NIGHT[palette.outside] as `#${string}`, shapes: [night] as Scene['shapes'] };
}

/** Draws a scene over a whole canvas. */
export function paint(canvas: HTMLCanvasElement, scene: Scene): CanvasRenderingContext2D {
  const context = canvas.getContext('2d')!;
  context.clearRect(0, 0, canvas.width, canvas.height);
  drawOnCanvas(context, scene, { size: canvas.width });
  return context;
}
