import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const INSTALLED = fileURLToPath(new URL('clients/node_modules', import.meta.url));

/** How a client installs packages, from tarballs or by name, and then runs a program. */
export interface Client {
  readonly install: readonly string[];
  readonly run: readonly string[];
}

const bin = (name: string) => join(INSTALLED, '.bin', name);
const yarn4 = [process.execPath, join(INSTALLED, '@yarnpkg/cli-dist/bin/yarn.js')];

export const clients: Record<string, Client> = {
  npm: { install: ['npm', 'install', '--no-audit', '--no-fund'], run: [process.execPath] },
  pnpm: { install: [bin('pnpm'), 'add'], run: [process.execPath] },
  bun: { install: [bin('bun'), 'add'], run: [process.execPath] },
  'yarn 1': {
    install: [process.execPath, join(INSTALLED, 'yarn/bin/yarn.js'), 'add'],
    run: [process.execPath],
  },
  'yarn 4, without node_modules': { install: [...yarn4, 'add'], run: [...yarn4, 'node'] },
};

/** Installs the clients themselves, from npm's registry. Only bun needs its script, which puts its program in place. */
export function installClients(): void {
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: join(INSTALLED, '..'),
  });
  execFileSync(process.execPath, ['install.js'], { cwd: join(INSTALLED, 'bun'), stdio: 'pipe' });
}

/** An empty project, outside the repository, whose clients share no cache with others and ask only this registry. */
export function emptyProject(registry: string): Project {
  const folder = mkdtempSync(join(tmpdir(), 'paragrad-project-'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  writeFileSync(join(folder, '.npmrc'), `registry=${registry}\n`); // npm, pnpm, bun, yarn 1
  writeFileSync(join(folder, 'yarn.lock'), '');
  writeFileSync(
    join(folder, '.yarnrc.yml'),
    `npmRegistryServer: ${registry}\nunsafeHttpWhitelist: ['127.0.0.1']\nenableGlobalCache: false\n`,
  );
  return {
    folder,
    async run([program, ...args]) {
      const running = promisify(execFile)(program, args, {
        cwd: folder,
        env: {
          ...process.env,
          HOME: folder,
          npm_config_registry: registry,
          npm_config_cache: join(folder, '.npm'),
          npm_config_store_dir: join(folder, '.store'),
          BUN_INSTALL_CACHE_DIR: join(folder, '.bun'),
          YARN_CACHE_FOLDER: join(folder, '.yarn-cache'),
          YARN_IGNORE_PATH: '1',
          CI: '', // with it, yarn 4 refuses to write a lock file
        },
      });
      // Some clients say on stdout what went wrong.
      const { stdout } = await running.catch((error) =>
        Promise.reject(new Error(`${error}\n${error.stdout}`)),
      );
      return stdout;
    },
  };
}

export interface Project {
  readonly folder: string;
  /** Runs a command in the project. Returns what it printed; rejects if it fails. */
  run(command: readonly string[]): Promise<string>;
}
