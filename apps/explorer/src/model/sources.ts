/** The real files that the page shows. */

import descend from '../../../../packages/maddpg/src/learning/descend.ts?raw';
import learner from '../../../../packages/maddpg/src/learning/learner.ts?raw';
import maddpg from '../../../../packages/maddpg/src/maddpg.ts?raw';
import matd3 from '../../../../packages/maddpg/src/variants/matd3.ts?raw';
import type { SourceFile } from './running-code.js';

export const sources: Readonly<Record<SourceFile, string>> = {
  'maddpg.ts': maddpg,
  'matd3.ts': matd3,
  'descend.ts': descend,
  'learner.ts': learner,
};
