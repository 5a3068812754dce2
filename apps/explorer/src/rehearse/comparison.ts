/** Right and broken trainings beside each other, in two workers. */
import { signal } from '@preact/signals';
import { type GameName, games } from '../model/games.js';
import { SCORE_EVERY, UPDATES } from '../model/rehearsal.js';
import { startWorker } from '../start-worker.js';
import type { RehearsalJob, Score } from './messages.js';

export const SEEDS = [1, 2] as const;
const POINTS = UPDATES / SCORE_EVERY + 1;

/** How a comparison stands. */
export interface Comparison {
  readonly game: GameName;
  readonly mistakes: readonly string[];
  readonly right: readonly Curve[];
  readonly broken: readonly Curve[];
  readonly isOver: boolean;
  readonly failure?: string;
}

/** The scores of one training, from the first on, one every `SCORE_EVERY` updates. */
export interface Curve {
  readonly seed: number;
  readonly scores: readonly number[];
}

export const comparison = signal<Comparison | null>(null);
let workers: readonly Worker[] = [];

/** Begins one. The one before ends. */
export function compare(game: GameName, mistakes: readonly string[]): void {
  stop();
  const none: readonly Curve[] = SEEDS.map((seed) => ({ seed, scores: [] }));
  comparison.value = { game, mistakes, right: none, broken: none, isOver: false };
  workers = (['right', 'broken'] as const).map((side) => {
    const worker = startWorker('rehearse');
    worker.onmessage = ({ data }: { data: Score }) => add(side, data);
    worker.onerror = ({ message }) => fail(message || 'the worker could not be loaded');
    const job: RehearsalJob = { game, mistakes: side === 'right' ? [] : mistakes, seeds: SEEDS };
    worker.postMessage(job);
    return worker;
  });
}

/** Ends what is going on. What was told stays. */
export function stop(): void {
  for (const worker of workers) worker.terminate();
  workers = [];
  if (comparison.value) comparison.value = { ...comparison.value, isOver: true };
}

function add(side: 'right' | 'broken', { seed, score }: Score): void {
  const before = comparison.value!;
  const curves = before[side].map((curve) =>
    curve.seed === seed ? { ...curve, scores: [...curve.scores, score] } : curve,
  );
  const after = { ...before, [side]: curves };
  const isOver = [...after.right, ...after.broken].every(({ scores }) => scores.length === POINTS);
  comparison.value = { ...after, isOver };
  if (isOver) stop();
}

function fail(message: string): void {
  stop();
  comparison.value = { ...comparison.value!, failure: `This training failed: ${message}.` };
}

/** How it stands, in words. */
export function inWords({ game, right, broken, isOver }: Comparison): string {
  const updates = Math.max(
    0,
    (Math.min(...[...right, ...broken].map(({ scores }) => scores.length)) - 1) * SCORE_EVERY,
  );
  const last = (curves: readonly Curve[]) =>
    curves
      .map(({ scores }) =>
        (scores.at(-1) ?? Number.NaN)
          .toFixed(2)
          .replace(/^-(?!0.00)/, '−')
          .replace('-', ''),
      )
      .join(' and ');
  if (right.some(({ scores }) => scores.length === 0) || broken.some(({ scores }) => scores.length === 0)) {
    return 'It begins.';
  }
  return `${isOver ? 'After' : 'So far,'} ${updates} updates: right ${last(right)}, broken ${last(broken)}; ${games[game].best} is best.`;
}
