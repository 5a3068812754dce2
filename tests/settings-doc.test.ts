/** The files that `npm run docs:write` generates are up to date. */
import { readdirSync, readFileSync } from 'node:fs';
import { above0, oneOf } from '@paragrad/check';
import { setting } from '@paragrad/maddpg';
import { expect, test } from 'vitest';
import { configSchema } from '../packages/cli/src/docs/config-schema.js';
import { settingSources, withSettingComments } from '../packages/cli/src/docs/setting-comments.js';
import { settingsPage } from '../packages/cli/src/docs/settings-page.js';
import { sweepSchema } from '../packages/cli/src/docs/sweep-schema.js';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test.each(Object.entries(settingSources))(
  'the doc comments of the settings in %s are up to date',
  (path, table) => {
    expect(read(path)).toBe(withSettingComments(read(path), table));
  },
);

test('every source with settings gets doc comments', () => {
  const sources = readdirSync('packages/maddpg/src', { recursive: true, encoding: 'utf8' }).map(
    (path) => `packages/maddpg/src/${path}`,
  );
  const withSettings = sources.filter(
    (path) => path.endsWith('.ts') && /^ *\w+: (setting|optional|onlyForKind)\(/m.test(read(path)),
  );
  expect(withSettings.sort()).toEqual(Object.keys(settingSources).sort());
});

test('a comment is made from the table; what follows it stays', () => {
  const table = { rate: setting(0.5, above0, 'a rate'), kind: setting('a', oneOf('a', 'b'), 'a kind') };
  const source = "  /**\n   * Old.\n   *\n   * Why.\n   */\n  rate: setting(\n  kind: setting('a',\n";
  expect(withSettingComments(source, table)).toBe(
    '  /**\n   * A rate. A finite number above 0; default 0.5.\n   *\n   * Why.\n   */\n  rate: setting(\n' +
      "  /** A kind. Default 'a'. */\n  kind: setting('a',\n",
  );
});

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
