export { CheckError } from '@paragrad/check';
export type { ApiSpace, ParallelApi, PerAgent } from './parallel-api.js';
export { type ParallelApiTestOptions, parallelApiTest } from './parallel-api-test.js';
