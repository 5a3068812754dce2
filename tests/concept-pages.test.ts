/** Lists on the pages about one subject are complete: exploration, parameter sharing, pitfalls, presets. */
import { algorithmNames, explorationKinds, makeAlgorithm, presetNames } from '@paragrad/maddpg';
import { scenarioNames } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import * as broken from '../packages/maddpg/test/broken.js';
import { blocksOf, read, rowsOf, sectionOf } from './markdown.js';

const firstCells = (text: string) => rowsOf(text).map(([cell]) => cell.replaceAll('`', ''));

test('docs/exploration.md has every kind', () => {
  expect(firstCells(read('docs/exploration.md'))).toEqual([...explorationKinds]);
});

test('docs/presets.md has every preset, and what was tuned for each scenario', () => {
  const page = read('docs/presets.md');
  const [presets] = page.split('\n## ');
  expect(firstCells(presets)).toEqual([...presetNames]);
  expect(firstCells(sectionOf(page, 'What `tuned` ended with')).sort()).toEqual([...scenarioNames].sort());
});

test('docs/parameter-sharing.md says which algorithms refuse it', () => {
  const specs = ['a', 'b'].map((name) => ({
    name,
    observationSize: 2,
    actionSize: 2,
    maxAction: 1,
    choices: [2],
  }));
  const refusing = algorithmNames.filter((name) => {
    try {
      makeAlgorithm(name, specs, { generator: new Generator(1), parameterSharing: true });
      return false;
    } catch (error) {
      expect(String(error)).toContain('parameterSharing');
      return true;
    }
  });
  const section = sectionOf(read('docs/parameter-sharing.md'), 'Which algorithms have it');
  expect(firstCells(section)).toEqual(refusing);
  for (const name of algorithmNames) expect(section).toContain(`\`${name}\``);
});

test('docs/deploying.md has every algorithm, and the Python that `export` writes', () => {
  const page = read('docs/deploying.md');
  const named = firstCells(sectionOf(page, 'What each algorithm exports')).flatMap((cell) =>
    cell.split(', '),
  );
  expect(named.sort()).toEqual([...algorithmNames].sort());
  expect(blocksOf(page, 'python')).toContain(read('packages/cli/pytorch/paragrad_actor.py'));
});

test('docs/pitfalls.md has every mistake of broken.ts, and the game that shows it', () => {
  const section = sectionOf(read('docs/pitfalls.md'), 'Seventeen of them, as code');
  const rows = rowsOf(section);
  const mistakes = rows
    .filter(([name]) => name.startsWith('`'))
    .map(([name, , game]) => [name.slice(1, -1), game]);
  expect(mistakes.map(([name]) => name).sort()).toEqual(Object.keys(broken).sort());
  const test = read('packages/maddpg/test/learning.test.ts');
  const unsaid = mistakes.filter(
    ([name, game]) => !test.includes(`{ name: '${game}', algorithm: broken.${name}`),
  );
  expect(unsaid).toEqual([]);
});

test('docs/pitfalls.md has the scores that the games are judged by', () => {
  const section = sectionOf(read('docs/pitfalls.md'), 'Seventeen of them, as code');
  const games = rowsOf(section).filter((cells) => cells.length === 5);
  expect(games.length).toBeGreaterThanOrEqual(6);
  const test = read('packages/maddpg/test/learning.test.ts');
  const wrong = games.filter(
    ([game, , , learned, failed]) =>
      !new RegExp(`^  ${game}: .* learned: ${learned}, failed: ${failed} }`, 'm').test(test),
  );
  expect(wrong).toEqual([]);
});
