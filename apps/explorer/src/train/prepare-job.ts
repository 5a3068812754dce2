import { prepareRun, type Training } from '@paragrad/maddpg';
import type { Job } from './messages.js';

/** Makes all that the training of a job needs. */
export type Prepare = (job: Job) => Training;

/** The training of the job's configuration. Throws what `prepareRun` throws. */
export const prepareJob: Prepare = ({ config }) => prepareRun(config);
