import { Command, Option } from 'commander';
import { parseCount, parseMinutes } from './parsers.js';

const EXAMPLE = `
On each machine, as many as you like:
  paragrad worker --queue redis://host:6379
  paragrad worker --queue redis://host:6379 --shared /mnt/runs   # if they share the folder of the sweeps

The URL can be in PARAGRAD_QUEUE instead. Then a password is not in the list of processes.
`;

export const workerProgram = new Command('worker')
  .description('train runs of sweeps that others start with sweep --queue')
  .requiredOption(
    '--queue [url]',
    'Redis server, such as redis://host:6379 or rediss://user:password@host:6379',
  )
  .option(
    '--shared <folder>',
    "the folder with the sweeps' folders, if this machine shares it: runs then go on where others stopped",
  )
  .option('--workers <n>', 'runs at the same time (default: one for each core)', parseCount)
  .addOption(
    new Option('--lock-seconds <s>', 'seconds after which a silent worker is given up')
      .argParser(parseMinutes)
      .hideHelp(),
  )
  .addHelpText('after', EXAMPLE)
  .action(async ({ queue, ...options }) => {
    // Only this command and sweep --queue need BullMQ.
    const [{ workerCommand }, { queueUrl }] = await Promise.all([
      import('../queue/worker.js'),
      import('../queue/redis.js'),
    ]);
    await workerCommand({ ...options, url: queueUrl(queue ?? true) });
  });
