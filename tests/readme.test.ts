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

test('the graph it shows is the one that the example prints', () => {
  const printed = execFileSync(process.execPath, [join(ROOT, 'examples/dist/gradient-flow.js')], {
    encoding: 'utf8',
  });
  const [graph] = /^neg \[\][\s\S]*?(?=\n```)/m.exec(read('docs/algorithms/maddpg.md'))!;
  expect(printed).toContain(graph);
});
