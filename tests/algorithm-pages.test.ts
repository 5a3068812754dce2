/** docs/algorithms: every algorithm has a page, all pages have the same sections, and the numbers that they explain are the logged ones. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { algorithmNames, algorithms } from '@paragrad/maddpg';
import { afterAll, expect, test } from 'vitest';
import { RunLog } from '../packages/cli/src/run/run-log.js';
import { pagePaths, proseOf, ROOT, read, rowsOf, sectionOf } from './markdown.js';

const HEADINGS = [
  'The idea',
  'Equations and code',
  'What is logged',
  'Differences from the paper',
  'How to run it',
  'Measured results',
];

const pages = algorithmNames.map((name) => ({ name, path: `docs/algorithms/${name}.md` }));

test('every algorithm has a page, and every page belongs to an algorithm', () => {
  const found = pagePaths.filter((path) => path.startsWith('docs/algorithms/'));
  expect(found.sort()).toEqual(pages.map(({ path }) => path).sort());
});

test("every algorithm is in the table of the package's README, with a link to its page", () => {
  const rows = rowsOf(sectionOf(read('packages/maddpg/README.md'), 'Algorithms')).map(([first]) => first);
  const expected = pages.map(({ name, path }) => `[\`${name}\`](../../${path})`);
  expect(rows.slice(0, expected.length)).toEqual(expected);
});

test.each(pages)('$name: its page has the same headings as the others', ({ path }) => {
  const headings = [...proseOf(read(path)).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(HEADINGS);
});

test.each(pages)('$name: its page names its source, and numbers the differences', ({ path }) => {
  expect(sectionOf(read(path), 'The idea')).toContain('\nSource: ');
  const differences = [...sectionOf(read(path), 'Differences from the paper').matchAll(/^(\d+)\. /gm)];
  expect(differences.length).toBeGreaterThan(2);
  expect(differences.map(([, number]) => Number(number))).toEqual(differences.map((_, k) => k + 1));
});

test.each(pages)(
  '$name: its page runs it by a command, by a configuration, and by its class',
  ({ name, path }) => {
    const section = sectionOf(read(path), 'How to run it');
    expect(section).toContain('npm run paragrad -- train');
    expect(section).toContain('prepareRun({');
    expect(section).toContain(`new ${algorithms[name].name}(`);
    // Settings of its own are named there, or in the page's table.
    const own = Object.keys(algorithms[name].settings).filter(
      (setting) => !(setting in algorithms.maddpg.settings),
    );
    expect(own.filter((setting) => !section.includes(setting))).toEqual([]);
  },
);

const folder = mkdtempSync(join(tmpdir(), 'paragrad-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The columns of metrics.csv with one agent. */
function columns(): string[] {
  const log = new RunLog(folder);
  log.addEpisode({
    episode: 0,
    steps: 25,
    updates: 0,
    returns: { agent_0: 0 },
    meanReturn: 0,
    strength: 0,
    latest: [],
  });
  log.flush();
  return readFileSync(join(folder, 'metrics.csv'), 'utf8').split('\n')[0].split(',');
}

const logged = columns();

test.each(pages)('$name: its page explains every column of metrics.csv', ({ path }) => {
  const section = sectionOf(read(path), 'What is logged');
  expect(logged.filter((column) => !section.includes(`\`${column}\``))).toEqual([]);
});

/** A source's text on one line. */
const flat = (text: string) => text.replaceAll(/\s+/g, ' ');
const sources = readdirSync(join(ROOT, 'packages/maddpg/src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => flat(read(`packages/maddpg/src/${path}`)));

test.each(pages)('$name: the code beside each column is in the source', ({ path }) => {
  const rows = rowsOf(sectionOf(read(path), 'What is logged')).filter(
    ([column, , code]) => column.startsWith('`') && code !== undefined && code !== '',
  );
  expect(rows.length).toBeGreaterThanOrEqual(3);
  const missing = rows.filter(
    ([, , code]) => !sources.some((source) => source.includes(flat(code.slice(1, -1)))),
  );
  expect(missing).toEqual([]);
});
