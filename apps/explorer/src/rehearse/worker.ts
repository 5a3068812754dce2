/** Trains a small game with every seed, side by side, and tells every score. */
import { mistakesNamed } from '../model/mistakes.js';
import { Rehearsal, SCORE_EVERY, UPDATES } from '../model/rehearsal.js';
import type { RehearsalJob, Score } from './messages.js';

const port = globalThis as unknown as {
  onmessage: (event: { readonly data: RehearsalJob }) => void;
  postMessage(score: Score): void;
};

port.onmessage = ({ data: { game, mistakes, seeds } }) => {
  const rehearsals = seeds.map((seed) => ({
    seed,
    rehearsal: new Rehearsal({ game, mistakes: mistakesNamed(mistakes), seed }),
  }));
  for (let updates = 0; updates <= UPDATES; updates += SCORE_EVERY) {
    for (const { seed, rehearsal } of rehearsals) {
      rehearsal.trainTo(updates);
      port.postMessage({ seed, updates, score: rehearsal.score() });
    }
  }
};
