/** The READMEs stay short, and the page of MADDPG shows the graph that the example prints. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, read } from './markdown.js';

test.each([
  ['README.md', 160],
  ['packages/maddpg/README.md', 100],
  ['packages/cli/README.md', 60],
])('%s has at most %i lines', (path, most) => {
  expect(read(path).trimEnd().split('\n').length).toBeLessThanOrEqual(most);
});

test('its numbers are those of the results', () => {
  const readme = read('README.md').replace(/\s+/g, ' ');
  const valuesOf = (table: string) => {
    const { rows, yardsticks } = JSON.parse(read(`results/${table}.json`));
    const all = rows.map(({ name, values }: { name: string; values: object }) => [name, values]);
    return { ...yardsticks, ...Object.fromEntries(all) };
  };
  const navigation = valuesOf('cooperative-navigation');
  for (const [line, row] of [
    ['trained', 'MADDPG'],
    ['random actions', 'random actions'],
    ['scripted players', 'scripted players'],
  ]) {
    const [first, ...shares] = ['mean return', 'coverage', 'all covered'].map((measure) =>
      navigation[row][measure][0].toFixed(2),
    );
    expect(readme).toMatch(new RegExp(`${line} ${first} ± [\\d.]+ ${shares.join(' % ')} %`));
  }
  const ends = (values: number[], digits: number) =>
    [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  const { 'mean return': returns, 'all covered': covered } = navigation.MADDPG;
  expect(readme).toContain(`ended between ${ends(returns, 1).join(' and ')}`);
  expect(readme).toContain(`covered in ${ends(covered, 0).join(' to ')} % of the episodes`);

  const meanOf = (values: number[]) => values.reduce((sum, one) => sum + one / values.length, 0).toFixed(0);
  const { MADDPG } = valuesOf('cooperative-navigation-three-steps');
  expect(readme).toContain(`it is [${meanOf(MADDPG['all covered'])} %]`);

  const reference = valuesOf('reference');
  const reached = (row: string) => meanOf(reference[row]['target reach']);
  expect(readme).toContain(`agents reach [${reached('MADDPG')} % of their targets]`);
  expect(readme).toContain(`with independent critics ${reached('independent DDPG')} %`);
});

test('the graph it shows is the one that the example prints', () => {
  const printed = execFileSync(process.execPath, [join(ROOT, 'examples/dist/gradient-flow.js')], {
    encoding: 'utf8',
  });
  const [graph] = /^neg \[\][\s\S]*?(?=\n```)/m.exec(read('docs/algorithms/maddpg.md'))!;
  expect(printed).toContain(graph);
});
