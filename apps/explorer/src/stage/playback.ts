/** Plays: a step every tenth of a second, as in the world, with the movement between two steps. */
import { signal } from '@preact/signals';
import { act, playing, session } from '../state.js';

/** Seconds of a step. */
export const STEP_SECONDS = 0.1;
/** Seconds for which the end of an episode is shown. */
const REST = 0.8;

export const speeds = [0.25, 0.5, 1, 2] as const;
export const speed = signal<number>(1);
/** The part of the next step that has passed. */
export const fraction = signal(0);

/** Whether the reader has asked for pages that do not move by themselves. */
export const wantsLessMotion = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

let last = 0;

export function setPlaying(on: boolean): void {
  if (on === playing.peek()) return;
  playing.value = on;
  fraction.value = 0;
  if (on) requestAnimationFrame(start);
}

function start(now: number): void {
  last = now;
  requestAnimationFrame(frame);
}

function frame(now: number): void {
  if (!playing.peek()) return;
  // After a pause of the tab, it does not catch up.
  const passed = (Math.min((now - last) / 1000, STEP_SECONDS) * speed.peek()) / STEP_SECONDS;
  last = now;
  const isOver = session.peek()?.moment.isOver ?? false;
  const next = fraction.peek() + (isOver ? (passed * STEP_SECONDS) / REST : passed);
  if (next < 1) fraction.value = next;
  else {
    fraction.value = 0;
    act((current) => current.step());
  }
  requestAnimationFrame(frame);
}

/** One step, by hand. */
export function stepOnce(by: 1 | -1): void {
  setPlaying(false);
  act((current) => (by === 1 ? current.step() : current.back()));
}
