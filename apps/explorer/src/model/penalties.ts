import type { Maddpg } from '@paragrad/maddpg';

export type Penalty = 'logits' | 'numbers';

/** The penalties in the loss of an agent's actor, in the order in which they are added. */
export function penaltiesOf({ specs, settings }: Maddpg, agent: number): Penalty[] {
  const { choices = [], actionSize } = specs[agent];
  const numbers = actionSize - choices.reduce((sum, size) => sum + size, 0);
  const penalties: Penalty[] = [];
  if (choices.length > 0 && settings.logitsPenalty > 0) penalties.push('logits');
  if (numbers > 0 && settings.actionPenalty > 0) penalties.push('numbers');
  return penalties;
}
