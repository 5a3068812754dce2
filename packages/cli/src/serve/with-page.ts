import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunFolder } from '../run/run-folder.js';

/**
 * Trains, and serves the page of `watch` for this run meanwhile, from a process of its own: training leaves no time to answer. In a
 * terminal, the page of a run that finished stays until Ctrl-C. If there can be no page, the run does without.
 */
export async function withPage(folder: RunFolder, train: () => Promise<void>): Promise<void> {
  const page = fork(fileURLToPath(new URL('page-process.js', import.meta.url)), [folder.path], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => {
    page.once('exit', resolve);
    page.once('error', resolve);
  });
  const address = new Promise<string>((resolve) => page.once('message', resolve as (text: unknown) => void));
  const shown = await Promise.race([address, ended]);
  console.log(shown ? `Watch it learn at ${shown}\n` : 'There is no page; the training goes on without.\n');
  page.unref(); // it keeps no training from ending
  page.channel?.unref();
  try {
    await train();
    if (!shown || process.exitCode || !process.stdout.isTTY) return;
    folder.unlock();
    console.log(`\nThe page stays at ${shown} until Ctrl-C.`);
    page.ref();
    await Promise.race([ended, new Promise((resolve) => process.once('SIGINT', resolve))]);
  } finally {
    if (page.connected) page.disconnect();
  }
}
