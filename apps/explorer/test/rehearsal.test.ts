/** What each mistake costs in its small game. */
import { describe, expect, test } from 'vitest';
import { games } from '../src/model/games.js';
import { mistakes } from '../src/model/mistakes.js';
import { courseOf, makeRehearsal } from '../src/model/rehearsal.js';

/** Measured with seeds 1 and 2, scores after 500 updates, right and wrong. */
const MEASURED: Record<string, string> = {
  'no-detach': '-0.01, -0.00 and -1.30, -1.36',
  'gradient-into-critic': '-0.01, -0.00 and -0.82, -1.36',
  'online-critic': '-0.01, -0.00 and -1.40, -1.36',
  'end-at-time-limit': '0.35, 0.35 and -0.27, -0.35',
  'no-clipping': '-0.08, -0.03 and -0.53, -0.27',
  'independent-critic': '1.00, 1.00 and -0.40, -0.40',
  'no-target-network': '-0.01, -0.00 and -1.40, -1.36',
};

describe.each(mistakes)('$name', (mistake) => {
  test.each([2])(`costs in ${mistake.game}, seed %i: ${MEASURED[mistake.name]}`, (seed) => {
    const scores = [[], [mistake]].map((made) => {
      const rehearsal = makeRehearsal(mistake.game, made, seed);
      rehearsal.trainTo(courseOf(mistake.game).updates);
      return rehearsal.score();
    });
    const [right, wrong] = scores;
    expect(right).toBeGreaterThan(games[mistake.game].best - 0.3);
    expect(wrong).toBeLessThan(right - 0.2);
  });
});

test('the same plan gives the same training, and a right one learns as one whose mistake makes no difference', () => {
  const scoreOf = (names: readonly string[]) => {
    const made = mistakes.filter(({ name }) => names.includes(name));
    const rehearsal = makeRehearsal('rivals', made, 1);
    rehearsal.trainTo(50);
    return rehearsal.score();
  };
  expect(scoreOf([])).toBe(scoreOf([]));
  // Episodes of one step that end: nothing follows.
  expect(scoreOf(['end-at-time-limit'])).toBe(scoreOf([]));
  expect(scoreOf(['online-critic'])).toBe(scoreOf([]));
});

test("in a scenario of the arena: a mistake changes the training, the same plan doesn't", () => {
  const task = { scenario: 'simple_adversary', env: { maxCycles: 10 }, agent: 'adversary_0' } as const;
  const scoreOf = (name: string) => {
    const rehearsal = makeRehearsal(
      task,
      mistakes.filter((one) => one.name === name),
      1,
    );
    rehearsal.trainTo(20);
    return rehearsal.score();
  };
  expect(Number.isFinite(scoreOf('none'))).toBe(true);
  expect(scoreOf('none')).toBe(scoreOf('none'));
  expect(scoreOf('no-detach')).not.toBe(scoreOf('none'));
});
