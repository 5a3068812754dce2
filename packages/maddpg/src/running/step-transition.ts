import type { AgentSpec } from '../environments/agent-spec.js';
import type { StepRows } from '../replay/step-rows.js';
import type { Transition } from '../replay/transition.js';

/** A row of flat arrays as a transition. It holds views, not copies. */
export function transitionIn(
  { observations, steps, nextObservations }: StepRows,
  specs: readonly AgentSpec[],
  row: number,
  truncated: boolean,
): Transition {
  const agents = specs.length;
  const stateSize = specs.reduce((sum, { observationSize }) => sum + observationSize, 0);
  const actionSize = specs.reduce((sum, spec) => sum + spec.actionSize, 0);
  const parts = (from: Float32Array, start: number, sizeOf: (spec: AgentSpec) => number) => {
    let at = start;
    return specs.map((spec) => {
      at += sizeOf(spec);
      return from.subarray(at - sizeOf(spec), at);
    });
  };
  const step = row * (actionSize + 2 * agents);
  const rewards = step + actionSize;
  return {
    observations: parts(observations, row * stateSize, ({ observationSize }) => observationSize),
    actions: parts(steps, step, (spec) => spec.actionSize),
    rewards: Array.from(steps.subarray(rewards, rewards + agents)),
    nextObservations: parts(nextObservations, row * stateSize, ({ observationSize }) => observationSize),
    terminations: Array.from(steps.subarray(rewards + agents, rewards + 2 * agents), Boolean),
    truncations: specs.map(() => truncated),
  };
}
