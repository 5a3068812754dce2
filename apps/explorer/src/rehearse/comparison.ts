/** Right and broken trainings beside each other, in two workers. */
import { signal } from '@preact/signals';
import { games } from '../model/games.js';
import { courseOf, type Task } from '../model/rehearsal.js';
import { startWorker } from '../start-worker.js';
import type { RehearsalJob, Score } from './messages.js';

export const SEEDS = [1, 2] as const;

/** How a comparison stands. */
export interface Comparison {
  readonly task: Task;
  readonly mistakes: readonly string[];
  readonly right: readonly Curve[];
  readonly broken: readonly Curve[];
  readonly isOver: boolean;
  readonly failure?: string;
}

/** The scores of one training, from the first on, at equal distances. */
export interface Curve {
  readonly seed: number;
  readonly scores: readonly number[];
}

export const comparison = signal<Comparison | null>(null);
let workers: readonly Worker[] = [];

/** Begins one. The one before ends. */
export function compare(task: Task, mistakes: readonly string[]): void {
  stop();
  const none: readonly Curve[] = SEEDS.map((seed) => ({ seed, scores: [] }));
  comparison.value = { task, mistakes, right: none, broken: none, isOver: false };
  workers = (['right', 'broken'] as const).map((side) => {
    const worker = startWorker('rehearse');
    worker.onmessage = ({ data }: { data: Score }) => add(side, data);
    worker.onerror = ({ message }) => fail(message || 'the worker could not be loaded');
    const job: RehearsalJob = { task, mistakes: side === 'right' ? [] : mistakes, seeds: SEEDS };
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
  const { updates, scoreEvery } = courseOf(after.task);
  const points = updates / scoreEvery + 1;
  const isOver = [...after.right, ...after.broken].every(({ scores }) => scores.length === points);
  comparison.value = { ...after, isOver };
  if (isOver) stop();
}

function fail(message: string): void {
  stop();
  comparison.value = { ...comparison.value!, failure: `This training failed: ${message}.` };
}

/** How it stands, in words. */
export function inWords({ task, right, broken, isOver }: Comparison): string {
  const fewest = Math.min(...[...right, ...broken].map(({ scores }) => scores.length));
  if (fewest === 0) return 'It begins.';
  const last = (curves: readonly Curve[]) =>
    curves
      .map(({ scores }) =>
        scores
          .at(-1)!
          .toFixed(2)
          .replace('-', '−')
          .replace(/^−(?=0.00$)/, ''),
      )
      .join(' and ');
  const when = `${isOver ? 'After' : 'So far,'} ${(fewest - 1) * courseOf(task).scoreEvery} updates`;
  const best = typeof task === 'string' ? `; ${games[task].best} is best` : '';
  return `${when}: right ${last(right)}, broken ${last(broken)}${best}.`;
}
