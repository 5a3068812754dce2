/** `paragrad list | head -1`: nobody reads the rest. (What train does then is in ends.test.ts: it saves.) */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeRun } from './fake-runs.js';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paragrad-'));
  fakeRun(join(folder, 'run'), { result: 1 });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each(['list .', 'list . --json', 'show run', 'compare run'])('%s', (command) => {
  const line = `{ sleep 0.2; "${process.execPath}" "${PROGRAM}" ${command}; echo "status $?" >&2; } | true`;
  const { stderr } = spawnSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
  expect(stderr).toBe('status 141\n');
});
