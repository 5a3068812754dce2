import { Generator } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AgentSpec,
  type Annealing,
  EpsilonGreedy,
  type ExplorationSettings,
  explorationKinds,
  GaussianNoise,
  makeExploration,
  OrnsteinUhlenbeckNoise,
} from '../src/index.js';

const mover: AgentSpec = { name: 'mover', observationSize: 4, actionSize: 2, maxAction: 1 };
const speaker: AgentSpec = { ...mover, name: 'speaker', actionSize: 7, maxAction: 3, choices: [2, 3] };

/** The noise in each step of one episode, by component: what is added to an action of zeros. */
function noiseOf(config: Partial<ExplorationSettings>, spec: AgentSpec, steps: number): number[][] {
  const exploration = makeExploration(config, new Generator(1));
  const zeros = Array<number>(spec.actionSize).fill(0);
  const actions = Array.from({ length: steps }, () => exploration.perturb(zeros, spec, 0));
  return zeros.map((_, k) => actions.map((action) => action[k]));
}

const mean = (x: readonly number[]) => x.reduce((sum, value) => sum + value, 0) / x.length;
function covariance(x: readonly number[], y: readonly number[]): number {
  const [meanX, meanY] = [mean(x), mean(y)];
  return mean(x.map((value, k) => (value - meanX) * (y[k] - meanY)));
}

describe('actions stay in their bounds, and choices stay one-hot', () => {
  const oneHot = (size: number) =>
    fc.nat(size - 1).map((at) => Array.from({ length: size }, (_, k) => Number(k === at)));
  const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 2 });
  const greedyAction = fc.tuple(numbers, oneHot(2), oneHot(3)).map((parts) => parts.flat());

  test.each(explorationKinds)('with %s', (kind) => {
    const exploration = makeExploration({ kind, initial: 1 }, new Generator(1));
    fc.assert(
      fc.property(greedyAction, fc.nat(3), (greedy, episode) => {
        const action = exploration.perturb(greedy, speaker, episode);
        expect(action).toHaveLength(7);
        for (const number of action.slice(0, 2)) expect(Math.abs(number)).toBeLessThanOrEqual(3);
        for (const choice of [action.slice(2, 4), action.slice(4)]) {
          expect(choice.toSorted()).toEqual([...Array(choice.length - 1).fill(0), 1]);
        }
      }),
    );
  });
});

describe('the first randomEpisodes', () => {
  const perturbed = (config: Partial<ExplorationSettings>, greedy: number[], episode: number) =>
    makeExploration({ initial: 0.2, ...config }, new Generator(1)).perturb(greedy, speaker, episode);

  test.each(explorationKinds)('%s: the policy has no say, and numbers and choices are uniform', (kind) => {
    const exploration = makeExploration({ kind, initial: 0.2, randomEpisodes: 3 }, new Generator(1));
    const drawn = Array.from({ length: 30_000 }, (_, k) =>
      exploration.perturb([3, 3, 1, 0, 1, 0, 0], speaker, k % 3),
    );
    const column = (k: number) => drawn.map((action) => action[k]);
    for (const k of [0, 1]) {
      expect(Math.abs(mean(column(k)))).toBeLessThan(0.05);
      expect(covariance(column(k), column(k))).toBeCloseTo(3, 1); // 3² / 3
      expect(Math.max(...column(k))).toBeLessThanOrEqual(3);
    }
    expect(Math.abs(covariance(column(0), column(1)))).toBeLessThan(0.1);
    for (const k of [2, 3]) expect(mean(column(k))).toBeCloseTo(1 / 2, 1);
    for (const k of [4, 5, 6]) expect(mean(column(k))).toBeCloseTo(1 / 3, 1);
    for (const action of drawn) expect(action[2] + action[3]).toBe(1);
  });

  test.each(explorationKinds)('%s: from then on it explores as without them', (kind) => {
    const greedy = [0.5, -1, 1, 0, 1, 0, 0];
    for (const episode of [3, 4]) {
      expect(perturbed({ kind, randomEpisodes: 3 }, greedy, episode)).toEqual(
        perturbed({ kind }, greedy, episode),
      );
    }
    expect(perturbed({ kind, randomEpisodes: 3 }, greedy, 2)).not.toEqual(perturbed({ kind }, greedy, 2));
  });

  test('are 0 in a training that was saved before they existed', () => {
    const exploration = new GaussianNoise({ generator: new Generator(1), initial: 0.2 });
    const { annealing, generator } = exploration.getState();
    const { randomEpisodes: _, ...ofThen } = annealing;
    expect(() => exploration.setState({ annealing: ofThen as Annealing, generator })).not.toThrow();
    const other = new GaussianNoise({ generator: new Generator(1), initial: 0.2, randomEpisodes: 1 });
    expect(() => other.setState({ annealing: ofThen as Annealing, generator })).toThrow('randomEpisodes');
  });

  test('are the same in each copy of the environment, with draws of its own', () => {
    const exploration = new GaussianNoise({ generator: new Generator(1), initial: 0, randomEpisodes: 1 });
    const [first, second] = [exploration.fork(0), exploration.fork(1)];
    expect(first.perturb([0, 0], mover, 0)).not.toEqual(second.perturb([0, 0], mover, 0));
    expect(first.perturb([0.5, 0], mover, 1)).toEqual([0.5, 0]);
  });
});

test('Gaussian noise has the standard deviation of its settings, and uncorrelated components', () => {
  const [x, y] = noiseOf({ initial: 0.2 }, mover, 20_000);
  expect(mean(x)).toBeCloseTo(0, 2);
  expect(Math.sqrt(covariance(x, x))).toBeCloseTo(0.2, 2);
  expect(covariance(x, y) / 0.04).toBeCloseTo(0, 1);
});

describe('Ornstein-Uhlenbeck noise', () => {
  // Many more steps than the noise is correlated over. The bounds are about four standard errors.
  const theta = 0.15;
  const [x, y] = noiseOf({ kind: 'ornstein-uhlenbeck', initial: 0.1, theta }, mover, 200_000);

  test('has the stationary variance that theory predicts', () => {
    expect(Math.abs(mean(x))).toBeLessThan(0.004);
    expect(covariance(x, x) / 0.01).toBeGreaterThan(0.97);
    expect(covariance(x, x) / 0.01).toBeLessThan(1.03);
  });

  test.each([1, 2, 5, 10, 20])('has the autocorrelation that theory predicts after %d steps', (lag) => {
    const measured = covariance(x.slice(lag), x.slice(0, -lag)) / covariance(x, x);
    expect(Math.abs(measured - (1 - theta) ** lag)).toBeLessThan(0.03);
  });

  test('has uncorrelated components', () => {
    expect(Math.abs(covariance(x, y)) / 0.01).toBeLessThan(0.04);
  });

  test('has the same variance in the first step of an episode, and does not depend on the episode before', () => {
    const noise = new OrnsteinUhlenbeckNoise({ generator: new Generator(2), initial: 0.1, theta: 0.01 });
    const first = Array.from({ length: 10_000 }, (_, episode) => noise.perturb([0, 0], mover, episode)[0]);
    expect(covariance(first, first) / 0.01).toBeCloseTo(1, 1);
    expect(covariance(first.slice(1), first.slice(0, -1)) / 0.01).toBeCloseTo(0, 1);
  });

  test('is different for each agent', () => {
    const noise = new OrnsteinUhlenbeckNoise({ generator: new Generator(2), theta: 0.01, initial: 0.1 });
    const agents = ['a', 'b'].map((name) => ({ ...mover, name }));
    const steps = Array.from({ length: 2000 }, () => agents.map((spec) => noise.perturb([0, 0], spec, 0)[0]));
    expect(mean(steps.map(([a, b]) => Math.abs(a - b)))).toBeGreaterThan(0.03); // a shared process would give 0.01
    expect(mean(steps.slice(1).map(([a], t) => Math.abs(a - steps[t][0])))).toBeLessThan(0.02);
  });
});

test('epsilon-greedy acts at random in the given fraction of steps, and draws each choice equally often', () => {
  const explore = new EpsilonGreedy({ generator: new Generator(1), initial: 0.3 });
  const greedy = [0.5, -0.5, 1, 0, 0, 0, 1];
  const actions = Array.from({ length: 20_000 }, () => explore.perturb(greedy, speaker, 0));
  const random = actions.filter((action) => action[0] !== 0.5);
  expect(random.length / actions.length).toBeCloseTo(0.3, 1);
  expect(mean(random.map((action) => action[0]))).toBeCloseTo(0, 0);
  for (const k of [2, 3]) expect(mean(random.map((action) => action[k]))).toBeCloseTo(1 / 2, 1);
  for (const k of [4, 5, 6]) expect(mean(random.map((action) => action[k]))).toBeCloseTo(1 / 3, 1);
});

describe('the strength', () => {
  const strengths = (config: Partial<ExplorationSettings>) =>
    [0, 1, 2, 3, 4].map((episode) => makeExploration(config, new Generator(1)).strength(episode));

  test.each(explorationKinds)('of %s follows decay, final and episodes', (kind) => {
    expect(strengths({ kind, initial: 0.8, decay: 0.5 })).toEqual([0.8, 0.4, 0.2, 0.1, 0.05]);
    expect(strengths({ kind, initial: 0.8, decay: 0.5, final: 0.3 })).toEqual([0.8, 0.4, 0.3, 0.3, 0.3]);
    expect(strengths({ kind, initial: 1, final: 0.5, episodes: 2 })).toEqual([1, 0.75, 0.5, 0.5, 0.5]);
    expect(strengths({ kind, initial: 0.8 })).toEqual([0.8, 0.8, 0.8, 0.8, 0.8]);
  });
});

test.each<[Partial<ExplorationSettings>, string]>([
  [{ initial: -1 }, 'exploration: initial is -1; give a finite number of at least 0'],
  [{ initial: 1, final: Number.NaN }, 'exploration: final is NaN; give a finite number of at least 0'],
  [{ initial: 1, decay: 2 }, 'exploration: decay is 2; give a number above 0 and at most 1'],
  [
    { initial: 1, decay: 0.9, episodes: 5 },
    'GaussianNoise: decay is 0.9 and episodes is 5; give only one of them',
  ],
  [{ initial: 1, episodes: 0 }, 'exploration: episodes is 0; give an integer of at least 1'],
  [{ kind: 'epsilon-greedy', initial: 2 }, 'EpsilonGreedy: initial is 2; give a probability, at most 1'],
  [
    { kind: 'epsilon-greedy', final: 2, episodes: 9 },
    'EpsilonGreedy: final is 2; give a probability, at most 1',
  ],
  [
    { kind: 'ornstein-uhlenbeck', initial: 1, theta: 0 },
    'exploration: theta is 0; give a number above 0 and at most 1',
  ],
  [
    { kind: 'gausian', initial: 1 } as never,
    'exploration: kind is "gausian" (did you mean gaussian?); give one of gaussian, ornstein-uhlenbeck, epsilon-greedy',
  ],
  [{ initial: null } as never, 'exploration: initial is null; give a finite number of at least 0'],
  [
    { initial: 1, theta: 0.1 },
    "exploration: theta is given, but kind is 'gaussian'; only 'ornstein-uhlenbeck' has this setting",
  ],
])('%o is refused', (config, message) => {
  expect(() => makeExploration(config, new Generator(1))).toThrow(message);
});

test.each<[Partial<Annealing>, string]>([
  [{ initial: -1 }, 'GaussianNoise: initial is -1; give a finite number of at least 0'],
  [{ initial: 1, final: Number.NaN }, 'GaussianNoise: final is NaN; give a finite number of at least 0'],
  [{ initial: 1, decay: 2 }, 'GaussianNoise: decay is 2; give a number above 0 and at most 1'],
  [{ initial: 1, episodes: 0 }, 'GaussianNoise: episodes is 0; give an integer of at least 1'],
])('the constructor refuses %o, too', (annealing, message) => {
  expect(() => new GaussianNoise({ ...annealing, generator: new Generator(1) })).toThrow(message);
});

test('the constructor refuses a theta of 0', () => {
  const options = { generator: new Generator(1), initial: 1, theta: 0 };
  expect(() => new OrnsteinUhlenbeckNoise(options)).toThrow(
    'OrnsteinUhlenbeckNoise: theta is 0; give a number above 0 and at most 1',
  );
});

test('the same seed gives the same actions', () => {
  for (const kind of explorationKinds) {
    expect(noiseOf({ kind, initial: 0.5 }, speaker, 50)).toEqual(
      noiseOf({ kind, initial: 0.5 }, speaker, 50),
    );
  }
  const other = new GaussianNoise({ generator: new Generator(2), initial: 0.2 });
  expect(other.perturb([0, 0], mover, 0)).not.toEqual(noiseOf({ initial: 0.2 }, mover, 1).flat());
});
