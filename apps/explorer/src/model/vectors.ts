/** What an action, or a gradient by an action, means in the plane. */
import type { AgentSpec, RunConfig } from '@paragrad/maddpg';
import type { AgentState, Vector2 } from '@paragrad/mpe';

/**
 * The force of an action vector, to the right and up. Works for gradients by an action, too, because it is linear. Agents that
 * cannot move have none.
 */
export function forceOf({ movable }: AgentState, action: ArrayLike<number>, config: RunConfig): Vector2 {
  if (!movable) return [0, 0];
  if (config.actions === 'continuous') return [action[0], action[1]];
  // Weights of [nothing, left, right, down, up]. The released environments have left and right, up and down the other way.
  const sign = config.env.physics === 'openai' ? -1 : 1;
  return [sign * (action[2] - action[1]), sign * (action[4] - action[3])];
}

/** The index of the first word in an action vector; its length if there are no words. */
export function firstWord({ movable, silent }: AgentState, spec: AgentSpec, config: RunConfig): number {
  if (silent) return spec.actionSize;
  if (!movable) return 0;
  return config.actions === 'continuous' ? 2 : 5;
}

export function lengthOf([x, y]: Vector2): number {
  return Math.hypot(x, y);
}
