/** The process that serves the page of `train --ui`, with the run's folder as its argument. It ends with the training. */

import { startServer } from './server.js';
import { Watcher } from './watch.js';

process.on('SIGINT', () => {}); // a terminal sends it to this process, too; the one that trains decides
process.on('disconnect', () => process.exit());

const watcher = new Watcher([process.argv[2]]);
const { address } = await startServer({
  runs: watcher.folders,
  events: (response) => watcher.connect(response),
});
process.send!(`${address}/watch/`);
