export { type ParallelApi, type ParallelApiTestOptions, parallelApiTest } from './parallel-api-test.js';
