/** The server of all pages. It answers this machine only, with the built pages and a few files of the given runs. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { fileInside, playFileNames } from './run-files.js';

export interface ServerOptions {
  /** Folders of runs. A page finds files of run k at /runs/k/, so no name of a folder is ever part of an address. */
  readonly runs: readonly string[];
  /** Answers /events, and keeps the answer open. */
  readonly events?: (response: ServerResponse) => void;
  /** By default a free one. */
  readonly port?: number | undefined;
  /** The folder of the built pages. */
  readonly pages?: string;
}

const HOST = '127.0.0.1';
/** Another name in an address means that a page from elsewhere asks, after its name was bound to this machine. */
const NAMES_OF_THIS_MACHINE = /^(127\.0\.0\.1|localhost)(:\d+)?$/i;

const HEADERS = {
  // Pages need nothing from elsewhere. WebAssembly is compiled from bytes in the scripts. The threads of kernels are workers of blobs.
  'Content-Security-Policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' data:; " +
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  // Only isolated pages have threads that share memory.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** Code of the reader's own runs in a frame without an origin, a network or a page: apps/explorer/public/sandbox.html. */
const SANDBOX = /^\/explorer\/sandbox\.html$/;
const SANDBOX_HEADERS = {
  'Content-Security-Policy':
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob:; " +
    "frame-ancestors 'self'",
  'Cross-Origin-Resource-Policy': 'cross-origin', // Firefox compares the origin that the frame will have: none
};

/** Starts the server. Throws if the port is taken, or if the pages were not built. */
export async function startServer(options: ServerOptions): Promise<{ server: Server; address: string }> {
  const { port = 0, pages = fileURLToPath(new URL('../pages/', import.meta.url)) } = options;
  if (!existsSync(pages)) throw new Error(`there is no folder ${pages}; build the pages with npm run build`);
  const servePages = sirv(pages, { etag: true });
  const server = createServer((request, response) => {
    answer(request, response, options, servePages).catch((error) => {
      if (response.headersSent) response.destroy();
      else send(response, 500, `The server failed: ${error.message}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, port)));
    server.listen(port, HOST, resolve);
  });
  return { server, address: `http://${HOST}:${(server.address() as AddressInfo).port}` };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { runs, events }: ServerOptions,
  servePages: ReturnType<typeof sirv>,
): Promise<void> {
  const [path] = (request.url ?? '/').split('?');
  const headers = { ...HEADERS, ...(SANDBOX.test(path) && SANDBOX_HEADERS) };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (!NAMES_OF_THIS_MACHINE.test(request.headers.host ?? '')) {
    return send(response, 403, 'This server answers its own machine only: ask for 127.0.0.1.');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return send(response, 405, 'This server only shows. Ask with GET.');
  }
  if (path === '/events' && events) return events(response);
  const [, index, name] = /^\/runs\/(\d+)\/(.+)$/.exec(path) ?? [];
  if (name === undefined) {
    return servePages(request, response, () => send(response, 404, 'There is no such page.'));
  }
  const run = runs[Number(index)];
  const file = run !== undefined && playFileNames.includes(name) ? fileInside(run, name) : undefined;
  if (file === undefined)
    return send(response, 404, 'This run has no such file, or none that a page may read.');
  const type = name.endsWith('.json') ? 'application/json; charset=utf-8' : 'application/octet-stream';
  send(response, 200, await readFile(file), type);
}

function send(
  response: ServerResponse,
  status: number,
  body: string | Uint8Array,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function cannotListen({ code, message }: NodeJS.ErrnoException, port: number): Error {
  if (code === 'EADDRINUSE') {
    return new Error(
      `port ${port} is in use by another program; give another --port, or none for a free one`,
    );
  }
  if (code === 'EACCES') {
    return new Error(
      `port ${port} is only for administrators; give one from 1024 on, or none for a free one`,
    );
  }
  return new Error(`can't serve at port ${port}: ${message}`);
}
