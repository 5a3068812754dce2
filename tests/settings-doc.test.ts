/** The files that `npm run docs:write` generates are up to date. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configSchema } from '../packages/cli/src/docs/config-schema.js';
import { settingsPage } from '../packages/cli/src/docs/settings-page.js';
import { sweepSchema } from '../packages/cli/src/docs/sweep-schema.js';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('docs/settings.md is up to date', () => {
  expect(read('docs/settings.md')).toBe(settingsPage());
});

test('the JSON schema of configuration files is up to date', () => {
  expect(JSON.parse(read('packages/cli/config.schema.json'))).toEqual(
    JSON.parse(JSON.stringify(configSchema())),
  );
});

test('the JSON schema of sweep files is up to date', () => {
  expect(JSON.parse(read('packages/cli/sweep.schema.json'))).toEqual(
    JSON.parse(JSON.stringify(sweepSchema())),
  );
});
