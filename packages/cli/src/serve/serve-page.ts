import { openBrowser } from './open-browser.js';
import { type ServerOptions, startServer } from './server.js';

/** How a page is served. */
export interface ServeOptions {
  /** By default a free one. */
  readonly port?: number;
  /** Whether to open a browser. */
  readonly open?: boolean;
}

/** Serves a page until Ctrl-C, and prints where: `intro` is what one does there. */
export async function servePage(
  path: string,
  intro: string,
  { port, open = false, ...server }: ServeOptions & Omit<ServerOptions, 'port'>,
): Promise<void> {
  const { address } = await startServer({ ...server, port });
  process.once('SIGINT', () => process.exit(0)); // how it is meant to end
  console.log(`${intro} at ${address}${path}  (Ctrl-C ends it)`);
  if (open) openBrowser(address + path);
}
