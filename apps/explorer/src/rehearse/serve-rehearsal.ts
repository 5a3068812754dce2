/** In a worker: trains a task with every seed, side by side, and tells every score. */
import { mistakesNamed } from '../model/mistakes.js';
import { courseOf, makeRehearsal } from '../model/rehearsal.js';
import type { RehearsalJob, Score } from './messages.js';

/** The part of a worker's scope that is used. */
export interface RehearsalPort {
  onmessage: (event: { readonly data: RehearsalJob }) => void;
  postMessage(score: Score): void;
}

/** Does the job that the page sends, in a worker. */
export function serveRehearsal(port: RehearsalPort): void {
  port.onmessage = ({ data }) => rehearse(data, (score) => port.postMessage(score));
}

function rehearse({ task, mistakes, seeds }: RehearsalJob, tell: (score: Score) => void): void {
  const made = mistakesNamed(mistakes);
  const rehearsals = seeds.map((seed) => ({ seed, rehearsal: makeRehearsal(task, made, seed) }));
  const course = courseOf(task);
  for (let updates = 0; updates <= course.updates; updates += course.scoreEvery) {
    for (const { seed, rehearsal } of rehearsals) {
      rehearsal.trainTo(updates);
      tell({ seed, updates, score: rehearsal.score() });
    }
  }
}
