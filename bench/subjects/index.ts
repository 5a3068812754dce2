import { acting } from './acting.js';
import { agents } from './agents.js';
import { environment } from './environment.js';
import { maddpg } from './maddpg.js';
import { matmul } from './matmul.js';
import { memory } from './memory.js';
import { mlp } from './mlp.js';
import { start } from './start.js';
import { stepping } from './stepping.js';
import { training } from './training.js';
import { whole } from './whole.js';

export const subjects = {
  matmul,
  mlp,
  maddpg,
  acting,
  environment,
  stepping,
  training,
  agents,
  start,
  memory,
  whole,
};
