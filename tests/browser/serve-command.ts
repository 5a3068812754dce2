/** The servers of the command, in processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PARAGRAD = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const servers: ChildProcess[] = [];

/** Runs `paragrad` with these arguments, and returns the address that it prints. */
export async function serveCommand(...args: string[]): Promise<URL> {
  const { DISPLAY, WAYLAND_DISPLAY, ...env } = process.env; // so that the server opens no other browser
  const server = spawn(process.execPath, [PARAGRAD, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    server.stdout.on('data', (text) => {
      const [address] = /http:\S+/.exec(String(text)) ?? [];
      if (address) resolve(new URL(address));
    });
  });
}

export function stopServers(): void {
  for (const server of servers.splice(0)) server.kill();
}
