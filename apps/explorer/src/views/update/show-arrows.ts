/** Draws the arrows after the phase into the arena. From one phase to the next they turn. */
import { effect } from '@preact/signals';
import { arrows } from '../../state.js';
import { going } from './controls.js';
import { type Arrow, arrowsAfter, arrowsNow } from './phases.js';

/** Milliseconds of the turning. */
const QUICK = 350;
const SLOW = 2500;

/** Returns a function that ends it. */
export function showArrows(): () => void {
  let shown: readonly Arrow[] = [];
  let frame = 0;
  const stop = effect(() => {
    const to = arrowsNow.value;
    cancelAnimationFrame(frame);
    const from = shown;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches || from.length !== to.length;
    const duration = still ? 0 : going.peek() === 'slow motion' ? SLOW : QUICK;
    const start = performance.now();
    const draw = (now: number) => {
      const part = duration === 0 ? 1 : Math.min(1, Math.max(0, (now - start) / duration));
      const sets = arrowsAfter(from, to, part);
      shown = to.map((_, i) => ({ force: sets[0].vectors[i]!, push: sets[1].vectors[i]! }));
      arrows.value = sets;
      if (part < 1) frame = requestAnimationFrame(draw);
    };
    draw(start);
  });
  return () => {
    stop();
    cancelAnimationFrame(frame);
    arrows.value = [];
  };
}
