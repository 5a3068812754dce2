import type { Command } from 'commander';
import { evaluateProgram } from './evaluate.js';
import { exportProgram } from './export.js';
import { playProgram } from './play.js';
import { resumeProgram } from './resume.js';
import { sweepProgram } from './sweep.js';
import { trainProgram } from './train.js';

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  trainProgram,
  resumeProgram,
  sweepProgram,
  playProgram,
  evaluateProgram,
  exportProgram,
];
