/** What can be moved: a button over each agent and landmark. Drag it, or use the arrow keys. */
import type { Vector2, WorldState } from '@paragrad/mpe';
import { useRef } from 'preact/hooks';
import { type Thing, thingsOf } from '../model/places.js';
import { toPixels, toWorld, type ViewBox } from './view-box.js';

interface HandlesProps {
  readonly state: WorldState;
  readonly box: ViewBox;
  /** Puts the k-th thing there. */
  readonly move: (k: number, to: Vector2) => void;
  /** The reader chose an agent. */
  readonly follow: (agent: number) => void;
  readonly followed: number;
}

/** How far an arrow key moves a thing, in the world's units. */
const STEP = 0.05;

/** A finger that moves less than so many pixels wants to click. */
const SLIP = 4;

const KEYS: Readonly<Record<string, Vector2>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
};

export function Handles({ state, box, move, follow, followed }: HandlesProps) {
  const count = state.agents.length;
  // The smaller ones are on top, as in the picture.
  const things = thingsOf(state).sort((a, b) => b.size - a.size);
  return (
    <>
      {things.map((thing) => (
        <Handle
          key={thing.name}
          {...{ thing, box, move }}
          isFollowed={thing.k === followed}
          follow={thing.k < count ? () => follow(thing.k) : undefined}
        />
      ))}
    </>
  );
}

interface HandleProps {
  readonly thing: Thing;
  readonly box: ViewBox;
  readonly move: HandlesProps['move'];
  readonly isFollowed: boolean;
  readonly follow: (() => void) | undefined;
}

function Handle({ thing, box, move, isFollowed, follow }: HandleProps) {
  const { k, name, pos, size } = thing;
  const [x, y] = toPixels(pos, box);
  /** Where the finger came down, and whether it has moved since: then it is no click. */
  const down = useRef({ x: 0, y: 0, isDrag: false });
  const percent = (length: number) => `${(100 * length) / box.size}%`;
  const dragged = (event: PointerEvent & { currentTarget: HTMLButtonElement }) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    if (Math.hypot(event.clientX - down.current.x, event.clientY - down.current.y) > SLIP)
      down.current.isDrag = true;
    if (!down.current.isDrag) return;
    const arena = event.currentTarget.parentElement!.getBoundingClientRect();
    const scale = box.size / arena.width;
    move(k, toWorld([(event.clientX - arena.left) * scale, (event.clientY - arena.top) * scale], box));
  };
  return (
    <button
      type="button"
      class="handle"
      data-thing={name}
      aria-label={`${name.replace('_', ' ')} at ${pos.map((p) => p.toFixed(2)).join(', ')}; arrow keys move it`}
      {...(follow && { 'aria-pressed': isFollowed })}
      style={{
        left: percent(x),
        top: percent(y),
        width: percent((size / box.halfWidth) * box.size),
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        down.current = { x: event.clientX, y: event.clientY, isDrag: false };
      }}
      onPointerMove={dragged}
      onClick={() => {
        if (!down.current.isDrag) follow?.();
        down.current.isDrag = false; // the next click may be the keyboard's
      }}
      onKeyDown={(event) => {
        const by = KEYS[event.key];
        if (!by) return;
        event.preventDefault(); // otherwise the page scrolls
        move(k, [pos[0] + by[0], pos[1] + by[1]]);
      }}
    />
  );
}
