/** The policy with the mistakes that are switched on, and one update of it. */
import type { Batch, Maddpg } from '@paragrad/maddpg';
import { computed, effect, type Signal, signal } from '@preact/signals';
import { copyWith } from '../model/copy.js';
import { withIndependentCritics } from '../model/critic-knowledge.js';
import { BATCH_ROWS } from '../model/gradient-flow.js';
import { mistakesNamed } from '../model/mistakes.js';
import type { Moment, Session } from '../model/session.js';
import { stepThrough, type UpdateSteps, whyNoSteps } from '../model/update-steps.js';
import { address, moment, playing, session } from '../state.js';

/** Rows from which critics that see less learn anew. */
const LESSON_ROWS = 128;

/** The mistakes that are switched on. */
export const mistakesMade = computed(() => mistakesNamed(address.mistakes.value));

/** Those of them in what is shown of the policy: none if its algorithm takes its steps in another order. */
export const mistakesShown = computed(() =>
  session.value && whyNoSteps(session.value.run.config) ? [] : mistakesMade.value,
);

/** Milliseconds for which nothing moves before the moment counts: an update takes longer than a frame. */
const REST = 120;
/** The moment at which the arena stands, or stood before it began to play or something was dragged. */
const momentAtRest: Signal<Moment | null> = signal(null);
let timer: ReturnType<typeof setTimeout> | undefined;
let changedAt = Number.NEGATIVE_INFINITY;

effect(() => {
  const now = moment.value;
  const isPlaying = playing.value;
  clearTimeout(timer);
  const isFirst = momentAtRest.peek() === null;
  if (isPlaying && !isFirst) return;
  const time = performance.now();
  const wait = isFirst || time - changedAt > REST ? 0 : REST;
  changedAt = time;
  const take = () => {
    momentAtRest.value = now;
  };
  if (wait === 0) take();
  else timer = setTimeout(take, wait);
});

/** How many updates the policy had learned from then: while it trains, its weights change. */
const updatesAtRest = computed(() => {
  void momentAtRest.value;
  return session.value?.algorithm.updates;
});

/** The algorithm of the run with these mistakes. Critics that see less have learned anew, from a batch. */
function breakIt(current: Session, agents: readonly number[]): Maddpg {
  const { algorithm } = current;
  const made = mistakesMade.value;
  const base = made.some(({ newCritics }) => newCritics)
    ? withIndependentCritics(algorithm, current.batchOfEpisodes(LESSON_ROWS), agents)
    : algorithm;
  return copyWith(base, made);
}

/** With all agents' critics, for a whole update. */
export const broken = computed((): Maddpg | null => {
  void updatesAtRest.value;
  const current = session.value;
  return current && !whyNoSteps(current.run.config)
    ? breakIt(
        current,
        current.agents.map((_, i) => i),
      )
    : null;
});

/** The rows to learn from, as the memory of this algorithm keeps them. null while there is no moment. */
export function batchFor(current: Session, keeper?: Maddpg): Batch | null {
  void updatesAtRest.value; // whatever is computed of the batch, is computed of the weights, too
  if (address.batch.value === 'batch') return current.batchOfEpisodes(BATCH_ROWS, keeper);
  return momentAtRest.value && current.batchOfMoment();
}

/** One update, as the run's algorithm does it. */
export const rightSteps = computed(() => {
  const current = session.value;
  return current && stepsOf(current.algorithm, batchFor(current));
});

/** One update with the mistakes. Without any it is `rightSteps`. */
export const brokenSteps = computed(() => {
  const current = session.value;
  if (!current || mistakesMade.value.length === 0 || !broken.value) return rightSteps.value;
  return stepsOf(broken.value, batchFor(current, broken.value));
});

function stepsOf(algorithm: Maddpg, batch: Batch | null): UpdateSteps | null {
  return batch && !whyNoSteps(session.value!.run.config) ? stepThrough(algorithm, batch) : null;
}
