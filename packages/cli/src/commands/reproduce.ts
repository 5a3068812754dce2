import { Command, Option } from 'commander';
import { places } from '../reproduce/places.js';
import { parseCount, parseMinutes } from './parsers.js';

export const reproduceProgram = new Command('reproduce')
  .description('train the runs of docs/results.md that are not finished, and write its numbers and pictures')
  .argument('[tables...]', 'names of tables, or all; without one, the names and how long they took')
  .option('--runs <folder>', 'folder for the runs', places.runs)
  .option('--results <folder>', 'folder for the numbers', places.results)
  .option('--page <file>', 'page with all tables', places.page)
  .option('--workers <n>', 'runs at the same time (default: one for each core)', parseCount)
  .option('--save-every <minutes>', 'minutes between two saves of a run', parseMinutes)
  .option(
    '--queue [url]',
    'Redis server, such as redis://host:6379: leave the runs to the machines on which paragrad worker runs',
  )
  .option('--estimate', 'only print what it will take')
  .addOption(
    new Option(
      '--quick',
      'train short versions in a few minutes, write nothing, and fail if one learned too little',
    ).conflicts(['estimate', 'queue', 'saveEvery', 'runs', 'results', 'page']),
  )
  .action(async (tables, { saveEvery, queue: url, ...options }) => {
    const { reproduceCommand } = await import('../reproduce/reproduce.js');
    const saves = saveEvery === undefined ? {} : { everyMinutes: saveEvery };
    const queue = url && (await import('../queue/redis.js')).queueUrl(url);
    await reproduceCommand(tables, { ...options, queue, saves });
  });
