import { acting } from './acting.js';
import { environment } from './environment.js';
import { maddpg } from './maddpg.js';
import { matmul } from './matmul.js';
import { memory } from './memory.js';
import { mlp } from './mlp.js';
import { training } from './training.js';

export const subjects = { matmul, mlp, maddpg, acting, environment, training, memory };
