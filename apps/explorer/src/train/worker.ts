/** The worker that trains. */
import { type Port, serveTraining } from './serve-training.js';

serveTraining(globalThis as unknown as Port);
