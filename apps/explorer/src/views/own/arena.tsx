/** What is played in the reader's environment: the world, what everybody does, and how their critics would change that. */
import { fitHalfWidth, type Vector2 } from '@paragrad/mpe';
import type { Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Picture } from '../../own/own-run.js';
import { floorOf, paint, withoutFloor } from '../../stage/arena.js';
import { FORCE, forceArrow } from '../../stage/arrow-lengths.js';
import { Arrows } from '../../stage/arrows.js';

const SIZE = 640;

interface OwnArenaProps {
  readonly picture: Signal<Picture | null>;
  readonly isPlaying: boolean;
}

export function OwnArena({ picture, isPlaying }: OwnArenaProps) {
  const floor = useRef<HTMLCanvasElement>(null);
  const things = useRef<HTMLCanvasElement>(null);
  const held = useRef<Picture | null>(null);
  if (isPlaying || !held.current) held.current = picture.value;
  const shown = held.current!;
  const halfWidth = Math.min(3, fitHalfWidth([shown.scene], 1.2));
  const box = { halfWidth, size: 1000 };
  const scene = { ...shown.scene, halfWidth };
  useEffect(() => {
    paint(floor.current!, floorOf(scene));
    paint(things.current!, withoutFloor(scene));
  });
  const longest = Math.max(1e-12, ...shown.pushes.map(([x, y]) => Math.hypot(x, y)));
  const forces = shown.forces.map(forceArrow);
  // No gradient is usual yet, so the longest is as long as a full force.
  const pushes = shown.pushes.map(([x, y]): Vector2 => [(FORCE * x) / longest, (FORCE * y) / longest]);
  return (
    <div class="arena" role="img" aria-label="Your environment, played by what was learned so far">
      <canvas ref={floor} width={SIZE} height={SIZE} />
      <canvas ref={things} width={SIZE} height={SIZE} />
      <svg viewBox="0 0 1000 1000" aria-hidden="true">
        <Arrows name="force" color="var(--ink)" state={shown.state} box={box} vectors={forces} />
        <Arrows
          name="push"
          color="var(--gradient)"
          state={shown.state}
          box={box}
          vectors={pushes}
          from={forces}
        />
      </svg>
    </div>
  );
}
