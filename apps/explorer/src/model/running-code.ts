/** Which code runs in a phase of an update. */
import type { RunConfig } from '@paragrad/maddpg';
import type { Phase } from './recorder.js';
import type { Place } from './source-lines.js';

export type SourceFile = 'maddpg.ts' | 'matd3.ts' | 'descend.ts' | 'learner.ts';

export interface RunningCode {
  readonly file: SourceFile;
  readonly places: readonly Place[];
}

/** The code of a phase, file by file; without a phase, that of the whole update. */
export function runningCode(
  phase: Pick<Phase, 'kind' | 'of'> | undefined,
  algorithm: RunConfig['algorithm'],
): RunningCode[] {
  if (!phase) return [code('maddpg.ts', { of: 'steps' }, { of: 'stepsInTurn' })];
  const { kind, of } = phase;
  const isTwin = algorithm === 'matd3';
  if (kind === 'targets') {
    return [code('maddpg.ts', { of: 'targetStep' }), code('learner.ts', { of: 'updateTarget' })];
  }
  const step = { of: `${of}Step`, line: 'this.step(' };
  if (kind === 'step')
    return [code('maddpg.ts', step), code('descend.ts', { of: 'descend', line: 'optimizer.step()' })];
  if (kind === 'clip')
    return [code('maddpg.ts', { of: 'clip' }), code('descend.ts', { of: 'clipped', line: 'clip(' })];
  const backward = code('descend.ts', { of: 'backward' });
  if (of === 'actor') return [code('maddpg.ts', step, { of: 'actorLoss' }), backward];
  return isTwin
    ? [
        code('maddpg.ts', step, { of: 'target' }),
        code('matd3.ts', { of: 'criticLoss' }, { of: 'nextValue' }),
        backward,
      ]
    : [code('maddpg.ts', step, { of: 'criticLoss' }, { of: 'target' }, { of: 'nextValue' }), backward];
}

function code(file: SourceFile, ...places: readonly Place[]): RunningCode {
  return { file, places };
}
