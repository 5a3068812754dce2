/** Arrows on the agents, in an SVG picture over the arena. */
import type { Vector2, WorldState } from '@paragrad/mpe';
import { toPixels, type ViewBox } from './view-box.js';

interface ArrowsProps {
  readonly name: string;
  readonly color: string;
  readonly state: WorldState;
  readonly box: ViewBox;
  /** For each agent, in the world's units. */
  readonly vectors: readonly (Vector2 | null)[];
  /** Where each begins, seen from its agent. */
  readonly from?: readonly Vector2[];
  /** The agent that the reader follows; the arrows of the others are pale. */
  readonly followed?: number;
}

/** Units of the picture, which has 1000, between an arrow's tip and the ends of its head. */
const HEAD = 24;

export function Arrows({ name, color, state, box, vectors, from, followed }: ArrowsProps) {
  return (
    <g class={`arrows ${name}`} style={{ color }}>
      {vectors.map((vector, i) => {
        if (!vector) return null;
        const { pos } = state.agents[i];
        const [dx, dy] = from?.[i] ?? [0, 0];
        const [x, y] = [pos[0] + dx, pos[1] + dy];
        const [start, end] = [toPixels([x, y], box), toPixels([x + vector[0], y + vector[1]], box)];
        return (
          <path
            key={state.agents[i].name}
            data-agent={state.agents[i].name}
            class={followed === undefined || followed === i ? '' : 'pale'}
            d={arrowPath(start, end)}
          />
        );
      })}
    </g>
  );
}

/** A line with a head. Shorter than its head, it is a dot. */
function arrowPath([x0, y0]: Vector2, [x1, y1]: Vector2): string {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < 2) return `M${x0} ${y0}h.01`;
  const angle = Math.atan2(y1 - y0, x1 - x0);
  const head = Math.min(HEAD, length * 0.6);
  const end = (turn: number) =>
    `${(x1 - head * Math.cos(angle + turn)).toFixed(1)} ${(y1 - head * Math.sin(angle + turn)).toFixed(1)}`;
  const tip = `${x1.toFixed(1)} ${y1.toFixed(1)}`;
  return `M${x0.toFixed(1)} ${y0.toFixed(1)}L${tip}M${end(0.5)}L${tip}L${end(-0.5)}`;
}
