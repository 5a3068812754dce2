/** docs/results.md and the results on the pages of the algorithms are made from results/*.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { algorithmNames } from '@paragrad/maddpg';
import { expect, test } from 'vitest';
import { interquartileMean, mean } from '../src/comparing/statistics.js';
import { withResults } from '../src/reproduce/algorithm-results.js';
import { anchorOf } from '../src/reproduce/markdown-table.js';
import { pageFiles } from '../src/reproduce/page.js';
import { places } from '../src/reproduce/places.js';
import { readResults } from '../src/reproduce/reproduce.js';
import { crossPlayTables, glanceTable, mainTable } from '../src/reproduce/row-tables.js';
import { tables } from '../src/reproduce/tables/index.js';
import { wayPicture } from '../src/reproduce/way-picture.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const results = readResults(join(root, places.results));
const pageOf = (name: string) => join(root, `docs/algorithms/${name}.md`);

test('they are what the numbers in results/ say', () => {
  const files = pageFiles(join(root, places.page), results, tables);
  expect(Object.keys(files)).toEqual(expect.arrayContaining(algorithmNames.map(pageOf)));
  for (const [path, content] of Object.entries(files)) expect(readFileSync(path, 'utf8'), path).toBe(content);
}, 180_000); // a bootstrap for each interval of every page: 20 s, and more on a busy machine

const [, start, end] = /^(<!-- Written .*-->\n)[\s\S]*?^(<!-- The end .*-->\n)/m.exec(
  readFileSync(pageOf('iql'), 'utf8'),
)!;
const empty = `Before.\n${start}${end}After.\n`;

test('the page of an algorithm has its own rows of every table, and no others', () => {
  const written = withResults(empty, 'iql', results, (name) => `picture of ${name}`);
  expect(written.startsWith(`Before.\n${start}`)).toBe(true);
  expect(written.endsWith(`${end}After.\n`)).toBe(true);
  const rows = [...written.matchAll(/^\| ([a-zA-Z].*?) +\|/gm)].map(([, name]) => name);
  expect([...new Set(rows)].sort()).toEqual(['IQL', 'random actions', 'scripted players']);
  const titles = [...written.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
  const inTables = results.filter(([, { rows: all }]) =>
    all.some(({ config, seeds }) => config.algorithm === 'iql' && seeds.length > 1),
  );
  expect(titles).toEqual(inTables.map(([{ title }]) => title));
  expect(written).toContain('picture of cooperative-navigation-iql');
});

test('an algorithm without results says so', () => {
  expect(withResults(empty, 'iql', [], String)).toContain(
    'No table of the [results](../results.md) has this algorithm yet.',
  );
});

test('a page without the marks is an error', () => {
  expect(() => withResults('no marks', 'iql', results, String)).toThrow(
    'the page of iql needs these two lines',
  );
});

test('a table of changes compares each row with the first, and no page of an algorithm has it', () => {
  const [table, numbers] = results.find(([{ name }]) => name === 'cooperative-navigation')!;
  const changes = { ...table, base: 'MADDPG' };
  const [header, , base, matd3] = mainTable(changes, numbers)
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(header.at(-2)).toBe('better than MADDPG');
  expect(base.at(-2)).toBe('');
  expect(matd3.at(-2)).toMatch(/^0\.80 \[/); // as in the table of all pairs
  expect(withResults(empty, 'iql', [[changes, numbers]], String)).not.toContain('###');
  expect(wayPicture([[changes, numbers]])).not.toContain(table.title);
});

test('a row without results is named below its table', () => {
  const [table, numbers] = results.find(([{ name }]) => name === 'cooperative-navigation')!;
  const pageWith = (rows: typeof numbers.rows) =>
    pageFiles('page.md', [[table, { ...numbers, rows }]], [table])['page.md'];
  expect(pageWith(numbers.rows.slice(0, -2))).toContain('\n\nNot trained yet: IQL; QMIX.\n\n');
  expect(pageWith(numbers.rows)).not.toContain('Not trained yet');
});

test('the table at a glance has the best row of each table and team, and no table of changes or single trials', () => {
  const lines = glanceTable(results)
    .split('\n')
    .slice(2, -1)
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\||\|$/g, '').trim()));
  const compared = results.filter(([{ base }, { rows }]) => !base && rows[0].seeds.length > 1);
  expect(compared.length).toBeLessThan(results.length);
  expect(lines.map(([task]) => task)).toEqual(
    compared.flatMap(([{ title }, { crossPlay }]) => {
      const link = `[${title}](#${anchorOf(title)})`;
      return crossPlay ? crossPlay.teams.map((team) => `${link}: ${team}`) : [link];
    }),
  );

  const tag = results.find(([{ name }]) => name === 'predator-prey')!;
  const { results: byTeam } = tag[1].crossPlay!;
  for (const team of ['adversaries', 'good']) {
    const [, best, seeds, , iqm, , scripted] = lines.find(([task]) =>
      task.endsWith(`(#predators-and-prey): ${team}`),
    )!;
    const iqmOf = (name: string) => interquartileMean(byTeam[team][name][`return of ${team}`]);
    const all = tag[1].rows.map(({ name }) => iqmOf(name));
    expect(iqmOf(best)).toBe(Math.max(...all));
    expect(iqm.startsWith(`${iqmOf(best).toFixed(2)} [`)).toBe(true);
    expect(seeds).toBe('5');
    expect(scripted).toBe(mean(byTeam[team]['scripted players'][`return of ${team}`]).toFixed(2));
  }
});

test('the picture of ways has each team whose script beats random actions, and draws a way beyond 150 % at the edge', () => {
  const drawn = (name: string) => wayPicture(results.filter(([table]) => table.name === name));
  const tag = drawn('predator-prey');
  const of = (team: string) => tag.slice(tag.indexOf(`Predators and prey: ${team}`));
  const { results: byTeam } = results.find(([{ name }]) => name === 'predator-prey')![1].crossPlay!;
  const [own, random, scripted] = ['MADDPG', 'random actions', 'scripted players'].map((player) =>
    mean(byTeam.adversaries[player]['return of adversaries']),
  );
  const way = (100 * (own - random)) / (scripted - random);
  expect(way).toBeGreaterThan(150);
  expect(of('adversaries')).toContain(`>${way.toFixed(0)} %<`);
  const places = [...of('adversaries').matchAll(/cx="([\d.]+)"/g)].map(([, x]) => Number(x));
  expect(Math.max(...places)).toBe(800);
  expect(of('good')).toContain('>MADDPG<');

  const crypto = drawn('covert-communication'); // the scripted Eve repeats words that only others have learned
  expect(crypto).toContain('Covert communication: good');
  expect(crypto).not.toContain('Covert communication: adversaries');
});

test('a table of two teams also says how those of one run do against each other', () => {
  const [table, numbers] = results.find(([{ name }]) => name === 'covert-communication')!;
  const together = crossPlayTables(table, numbers).at(-1)!;
  const [, , maddpg] = together.slice(together.indexOf('|')).split('\n');
  const understood = mean(numbers.rows[0].values['Eve understood']);
  expect(maddpg).toContain(`| ${understood.toFixed(0)} % [`);
});
