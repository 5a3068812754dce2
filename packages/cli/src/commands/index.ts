import type { Command } from 'commander';
import { compareProgram } from './compare.js';
import { crossplayProgram } from './crossplay.js';
import { evaluateProgram } from './evaluate.js';
import { exploreProgram } from './explore.js';
import { exportProgram } from './export.js';
import { listProgram } from './list.js';
import { playProgram } from './play.js';
import { renderProgram } from './render.js';
import { reproduceProgram } from './reproduce.js';
import { resumeProgram } from './resume.js';
import { showProgram } from './show.js';
import { sweepProgram } from './sweep.js';
import { trainProgram } from './train.js';
import { watchProgram } from './watch.js';
import { workerProgram } from './worker.js';

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  trainProgram,
  resumeProgram,
  sweepProgram,
  workerProgram,
  watchProgram,
  listProgram,
  showProgram,
  evaluateProgram,
  compareProgram,
  crossplayProgram,
  reproduceProgram,
  playProgram,
  exploreProgram,
  renderProgram,
  exportProgram,
];
