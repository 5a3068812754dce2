import type { SetUp, Subject } from './processes.js';
import { agentCases } from './subjects/agents.js';

/** How `npm run bench` measures a subject. */
export interface Plan {
  readonly setUps: readonly SetUp[];
  /** How often, whatever `--rounds` says. */
  readonly rounds?: number;
  /** Whether only this Node is measured, and not Node 24. */
  readonly thisNode?: boolean;
  /** Works that need a process of their own. */
  readonly cases?: readonly string[];
  /** Whether `--against` measures it, too. */
  readonly against?: boolean;
}

const REFERENCE: SetUp = ['reference', 'one']; // on this Node only
const ONE: SetUp = ['default', 'one'];
const ALL: SetUp = ['default', 'all'];
const EVERY = [REFERENCE, ONE, ALL];

/** In the order of a round. Environments use no kernels. `whole` is for `npm run bench:peers` only. */
export const PLAN: Record<Exclude<Subject, 'whole'>, Plan> = {
  matmul: { setUps: EVERY },
  mlp: { setUps: EVERY },
  maddpg: { setUps: EVERY },
  acting: { setUps: [REFERENCE, ONE] },
  environment: { setUps: [ONE], rounds: 3, against: true },
  stepping: { setUps: [ONE], rounds: 3, against: true },
  training: { setUps: [ONE, ALL] },
  // These take minutes, and one round is enough. Of `npm start` each round is another seed.
  agents: { setUps: [ONE], rounds: 1, thisNode: true, cases: agentCases },
  start: { setUps: [ALL], rounds: 5, thisNode: true, against: true },
  memory: { setUps: [ONE, ALL], rounds: 1, thisNode: true },
};
