import { Command } from 'commander';
import { defaultSaves } from '../training/training-loop.js';
import { parseCount, parseMinutes } from './parsers.js';

const EXAMPLE = `
A sweep file, with which settings vary and which stay:
  { "run": { "scenario": "simple_spread", "episodes": 2000 },
    "grid": { "settings": { "gamma": [0.8, 0.95] } },
    "seeds": 5 }

  paragrad sweep gamma.json             # leaves runs/gamma, a folder with a folder for each run
  paragrad sweep gamma.json --estimate  # only says how many runs these are, and how long they take
`;

export const sweepProgram = new Command('sweep')
  .description('train many runs: a grid, a list or random draws of settings, each with several seeds')
  .argument('<file>', 'sweep file (docs/sweeps.md)')
  .option('--out <folder>', 'folder for the runs (default: runs/<name of the file>)')
  .option(
    '--workers <n>',
    'runs at the same time; results do not depend on it (default: one for each core)',
    parseCount,
  )
  .option(
    '--save-every <minutes>',
    `minutes between two saves of a run (default: ${defaultSaves.everyMinutes})`,
    parseMinutes,
  )
  .option(
    '--keep-resume-state',
    'keep the replay memory of finished runs, so that they can get more episodes',
  )
  .option(
    '--queue [url]',
    'Redis server, such as redis://host:6379: leave the runs to the machines on which paragrad worker runs',
  )
  .option('--estimate', 'only print what the sweep will take')
  .option('--json', 'print the results as JSON')
  .addHelpText('after', EXAMPLE)
  .action(async (file, { saveEvery, keepResumeState, queue: url, ...options }) => {
    // Only this command needs the pool.
    const { sweepCommand } = await import('../sweep/sweep.js');
    const saves = saveEvery === undefined ? {} : { everyMinutes: saveEvery };
    const queue = url && (await import('../queue/redis.js')).queueUrl(url);
    await sweepCommand(file, { ...options, queue, saves, keepState: keepResumeState });
  });
