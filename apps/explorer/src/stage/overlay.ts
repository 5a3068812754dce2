/** What the arena shows of the followed agent's critic: values over places or actions, as heat, or gradients as a field of arrows. */
import { computed } from '@preact/signals';
import { valuesOverActions, valuesOverPlaces } from '../model/critic.js';
import { forceOf } from '../model/vectors.js';
import { address, agent, moment, session } from '../state.js';
import { scaled } from './heat.js';

/** Cells of a heat map, and arrows of a field, along one side. */
export const CELLS = 21;
const ARROWS = 11;

export interface Heat {
  readonly kind: 'actions' | 'places';
  readonly values: Float32Array;
  readonly low: number;
  readonly high: number;
}

export const heat = computed((): Heat | null => {
  const kind = address.overlay.value;
  const now = moment.value;
  const current = session.value;
  if (!current || !now || (kind !== 'actions' && kind !== 'places')) return null;
  const i = agent.value;
  const { algorithm } = current;
  const values =
    kind === 'actions'
      ? valuesOverActions(algorithm, i, now.observations, now.actions, CELLS)
      : valuesOverPlaces(algorithm, current.scratchEnv(), now.state, i, CELLS).values;
  const { low, high } = scaled(values);
  return { kind, values, low, high };
});

/** A place, and the way that the critic would push the agent there. Lengths are relative to the longest. */
export interface FieldArrow {
  readonly at: readonly [number, number];
  readonly push: readonly [number, number];
}

export const field = computed((): readonly FieldArrow[] => {
  const current = session.value;
  const now = moment.value;
  if (!current || !now || address.overlay.value !== 'arrows') return [];
  const i = agent.value;
  const { algorithm, run } = current;
  const { actionSize } = algorithm.specs[i];
  const { gradients } = valuesOverPlaces(algorithm, current.scratchEnv(), now.state, i, ARROWS);
  const pushes = Array.from({ length: ARROWS * ARROWS }, (_, k) =>
    forceOf(now.state.agents[i], gradients.subarray(k * actionSize, (k + 1) * actionSize), run.config),
  );
  const longest = Math.max(...pushes.map(([x, y]) => Math.hypot(x, y))) || 1;
  return pushes.map(([x, y], k) => ({
    at: [(2 * ((k % ARROWS) + 0.5)) / ARROWS - 1, 1 - (2 * (Math.floor(k / ARROWS) + 0.5)) / ARROWS],
    push: [x / longest, y / longest],
  }));
});
