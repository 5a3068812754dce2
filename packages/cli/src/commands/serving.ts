/** The flags of commands that serve a page. */
import { type Command, InvalidArgumentError } from 'commander';

export function addServing(command: Command): Command {
  return command
    .option('--port <n>', 'port of the page on 127.0.0.1 (default: a free one)', parsePort)
    .option('--open', 'open the page in a browser');
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new InvalidArgumentError('Give a number from 1 to 65535.');
  }
  return port;
}
