/** The phase that is shown, and how the arrows are after it. */
import type { Vector2 } from '@paragrad/mpe';
import { computed, signal } from '@preact/signals';
import { copyWith } from '../../model/copy.js';
import type { Phase } from '../../model/recorder.js';
import type { Advice } from '../../model/session.js';
import { setWeights, type Weights } from '../../model/weights.js';
import { forceArrow, pushArrow } from '../../stage/arrow-lengths.js';
import { type ArrowSet, address, moment, session } from '../../state.js';
import { broken, brokenSteps } from '../broken.js';

/** 0: before the update; k: after its k-th phase. */
export const at = computed(() => Math.min(address.phase.value, brokenSteps.value?.phases.length ?? 0));
export const phase = computed((): Phase | undefined => brokenSteps.value?.phases[at.value - 1]);

/** How much the arrows' turning is exaggerated. */
export const exaggeration = signal(1);

/** An algorithm that gets the weights of one phase after another. */
const viewer = computed(() => broken.value && copyWith(broken.value));

/** What every agent's critic says, with these weights. */
function advicesWith(weights: Weights): Advice[] {
  const current = session.value;
  const algorithm = viewer.value;
  if (!current || !algorithm || !moment.value) return [];
  setWeights(algorithm, weights);
  return current.agents.map((_, i) => current.advice(i, algorithm));
}

/** What every agent's critic says before the update, and after the phase that is shown. */
export const before = computed(() => (brokenSteps.value ? advicesWith(brokenSteps.value.start) : []));
export const after = computed(() => {
  const steps = brokenSteps.value;
  return steps ? advicesWith(phase.value?.weights ?? steps.start) : [];
});

/** The angle between two arrows, in degrees. 0 if one has no direction. */
export function turn([x0, y0]: Vector2, [x1, y1]: Vector2): number {
  const angle = (Math.atan2(x0 * y1 - y0 * x1, x0 * x1 + y0 * y1) * 180) / Math.PI;
  return Number.isFinite(angle) ? angle : 0;
}

/** Arrows as they are after the phase, by the weights in between if `part` is below 1. */
export function arrowsAfter(from: readonly Arrow[], to: readonly Arrow[], part: number): ArrowSet[] {
  const between = (which: keyof Arrow) =>
    to.map((arrow, i) => mix((from[i] ?? arrow)[which], arrow[which], part));
  const forces = between('force');
  return [
    { name: 'force-after', color: 'var(--ink)', vectors: forces },
    { name: 'push-after', color: 'var(--gradient)', vectors: between('push'), from: forces },
  ];
}

export interface Arrow {
  readonly force: Vector2;
  readonly push: Vector2;
}

/** The arrows in the arena after the phase, exaggerated. */
export const arrowsNow = computed((): readonly Arrow[] => {
  const usual = session.value?.usualGradient ?? 1;
  return after.value.map((now, i) => ({
    force: forceArrow(mix(before.value[i].force, now.force, exaggeration.value)),
    push: pushArrow(mix(before.value[i].push, now.push, exaggeration.value), usual),
  }));
});

function mix(from: Vector2, to: Vector2, part: number): Vector2 {
  return [from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])];
}
