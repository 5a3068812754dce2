/** The lines that the page highlights are those of the methods that run, in the real files. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runningCode } from '../src/model/running-code.js';
import { linesOf } from '../src/model/source-lines.js';
import { sources } from '../src/model/sources.js';

const phases = [
  undefined,
  ...(['critic', 'actor'] as const).flatMap((of) =>
    (['gradient', 'clip', 'step'] as const).map((kind) => ({ of, kind })),
  ),
  { kind: 'targets' as const },
];

/** The code of each place, without the spaces before it. */
function textsOf(phase: (typeof phases)[number], algorithm: 'maddpg' | 'matd3' = 'maddpg'): string[] {
  return runningCode(phase, algorithm).flatMap(({ file, places }) =>
    places.map((place) => {
      const { first, last } = linesOf(sources[file], place);
      return sources[file]
        .split('\n')
        .slice(first - 1, last)
        .map((line) => line.trim())
        .join('\n');
    }),
  );
}

test('the sources are those of the package', () => {
  const path = fileURLToPath(new URL('../../../packages/maddpg/src/maddpg.ts', import.meta.url));
  expect(sources['maddpg.ts']).toBe(readFileSync(path, 'utf8'));
});

describe.each(['maddpg', 'matd3'] as const)('%s', (algorithm) => {
  test.each(
    phases.map((phase) => [phase ? `${phase.kind} ${'of' in phase ? phase.of : ''}` : 'all', phase] as const),
  )('%s', (_, phase) => {
    const texts = textsOf(phase, algorithm);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).not.toBe('');
  });
});

test('a method is shown from its head to its end, and of a function one line', () => {
  expect(textsOf({ kind: 'targets' })[0]).toBe(
    'targetStep(): void {\nfor (const network of this.networksWithTargets) network.updateTarget(this.settings.tau);\n}',
  );
  expect(textsOf({ kind: 'step', of: 'critic' })).toEqual([
    "const { loss, gradNorm } = this.step('critic', i, batch, () => this.criticLoss(i, batch, nextActions));",
    'for (const { optimizer } of learners) optimizer.step();',
  ]);
  expect(textsOf({ kind: 'gradient', of: 'actor' })[1]).toMatch(
    /^actorLoss\([\s\S]*action\.detach\(\)[\s\S]*}$/,
  );
  const [, loss, y] = textsOf({ kind: 'gradient', of: 'critic' });
  expect(loss).toMatch(/^criticLoss\([\s\S]*tdLoss[\s\S]*}$/);
  expect(y).toMatch(/^target\([\s\S]*bellmanTarget[\s\S]*}$/);
});

test('what is not there is an error', () => {
  expect(() => linesOf(sources['maddpg.ts'], { of: 'nothing' })).toThrow('nothing is there 0 times');
  expect(() => linesOf(sources['maddpg.ts'], { of: 'clip', line: 'return 1' })).toThrow('0 lines with');
});
