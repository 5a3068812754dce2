import { prepareRun, type Training } from '@paragrad/maddpg';
import type { Job } from './messages.js';

/** All that the training of a job needs. Here, and nowhere else, its algorithm is made. Throws what `prepareRun` throws. */
export function prepareJob({ config }: Job): Training {
  return prepareRun(config);
}
