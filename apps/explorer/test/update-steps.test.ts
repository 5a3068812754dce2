/** The phases of an update are those of the real one. */
import { defaultsOf, Maddpg, type RunOptions } from '@paragrad/maddpg';
import { noGrad } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import { mistakes } from '../src/model/mistakes.js';
import { openRun } from '../src/model/open-run.js';
import type { Phase } from '../src/model/recorder.js';
import { Session } from '../src/model/session.js';
import { stepThrough, whyNoSteps } from '../src/model/update-steps.js';
import { setWeights, weightsOf } from '../src/model/weights.js';
import { shortRun } from './short-run.js';

const RUNS: Record<string, RunOptions> = {
  forces: {},
  choices: { actions: 'discrete' },
  'choices and words': { actions: 'discrete', scenario: 'simple_speaker_listener' },
  'choices, others from replay': {
    actions: 'discrete',
    settings: { othersActions: 'replay', straightThrough: false },
  },
  'shared networks': { settings: { parameterSharing: true }, scenario: 'simple_spread' },
  normalized: { settings: { observationNorm: 'running', rewardNorm: 'return' } },
  'batch statistics': { settings: { observationNorm: 'batch' } },
  matd3: { algorithm: 'matd3' },
};

describe.each(Object.entries(RUNS))('%s', (_, options) => {
  const files = shortRun(options);
  const session = new Session(files);
  const batch = session.batchOfEpisodes(64);

  test('after all phases the weights are those of the update itself, bit for bit', () => {
    const { algorithm } = openRun(files);
    for (let update = 0; update < 2; update++) {
      const { phases, reports } = stepThrough(algorithm, batch);
      const real = algorithm.update(batch);
      expect(reports).toEqual(real);
      expect(phases.at(-1)!.weights).toEqual(weightsOf(algorithm));
    }
  });

  test('the numbers are those of the update: losses, norms, and the norms after clipping', () => {
    const { algorithm } = openRun(files);
    algorithm.updates = 1; // so that the actors of matd3 move
    const { phases, reports } = stepThrough(algorithm, batch);
    reports.forEach((report, agent) => {
      const [gradient, clip, step] = ofNetwork(phases, 'critic', agent);
      expect(gradient.loss![1]).toBe(report.criticLoss);
      expect(step.loss![0]).toBe(report.criticLoss);
      expect(clip.gradNorm![0]).toBeCloseTo(report.criticGradNorm, 9);
      const [actorGradient, actorClip, actorStep] = ofNetwork(phases, 'actor', agent);
      expect(actorGradient.loss![1]).toBe(report.actorLoss);
      expect(actorClip.gradNorm![0]).toBeCloseTo(report.actorGradNorm, 9);
      // What it looks at before the step is the loss itself, with the same draws.
      expect(actorStep.loss![0]).toBe(report.actorLoss);
      for (const phase of [clip, actorClip]) {
        const [before, after] = phase.gradNorm!;
        expect(after).toBeCloseTo(Math.min(before!, algorithm.settings.maxGradNorm), 4);
      }
    });
  });

  test('only the network that steps moves, and at the end the targets', () => {
    const { algorithm } = openRun(files);
    algorithm.updates = 1;
    const { start, phases } = stepThrough(algorithm, batch);
    let before = start;
    for (const phase of phases) {
      const changed = [...phase.weights].filter(([name, numbers]) => numbers !== before.get(name));
      const networks = new Set(changed.map(([name]) => name.split('.').slice(0, 2).join('.')));
      if (phase.kind === 'step') {
        expect([...networks]).toEqual(phase.networks.map(({ network }) => network));
        expect(networks.size).toBe(1);
      } else if (phase.kind === 'targets') {
        expect([...networks].every((name) => /\.(target|normalizer)/.test(name))).toBe(true);
        expect(networks.size).toBeGreaterThan(0);
      } else expect(networks.size).toBe(0);
      before = phase.weights;
    }
  });
});

const files = shortRun();
const session = new Session(files);
const batch = session.batchOfEpisodes(64);

test('the phases: three for each critic and each actor, then the targets', () => {
  const { phases } = stepThrough(session.algorithm, batch);
  expect(
    phases.map(({ kind, of, agent }) => [kind, of, agent].filter((x) => x !== undefined).join(' ')),
  ).toEqual([
    ...[0, 1, 2].flatMap((agent) =>
      ['critic', 'actor'].flatMap((of) =>
        ['gradient', 'clip', 'step'].map((kind) => `${kind} ${of} ${agent}`),
      ),
    ),
    'targets',
  ]);
});

test("a critic's step brings its values to their targets, and an actor's step raises Q", () => {
  const { phases } = stepThrough(session.algorithm, batch);
  for (const agent of [0, 1, 2]) {
    const [before, after] = ofNetwork(phases, 'critic', agent)[2].loss!;
    expect(after).toBeLessThan(before!);
    const [lower, higher] = ofNetwork(phases, 'actor', agent)[2].meanQ!;
    expect(higher).toBeGreaterThan(lower!);
  }
});

test('rows: y = r + γ (1 - done) Q′, and Q before and after', () => {
  const { start, phases } = stepThrough(session.algorithm, batch);
  const [gradient, , step] = ofNetwork(phases, 'critic', 1);
  const { algorithm } = openRun(files);
  setWeights(algorithm, start);
  const [q, y] = noGrad(() => [
    algorithm.agents[1].critic.network.forward(batch.x, batch.actions, 1),
    algorithm.target(1, batch, algorithm.nextActions(batch)),
  ]);
  gradient.rows.forEach(({ target, reward, q: [before] }, k) => {
    expect(before).toBe(q.data[k]);
    expect(reward).toBe(batch.rewards[1].data[k]);
    expect(target).toBeCloseTo(y.data[k], 4); // agent 0's step does not matter for agent 1's target
  });
  setWeights(algorithm, step.weights);
  const after = noGrad(() => algorithm.agents[1].critic.network.forward(batch.x, batch.actions, 1));
  step.rows.forEach(({ q: [, shown] }, k) => {
    expect(shown).toBe(after.data[k]);
  });
});

test('one can go forward and back: weights are those of the phase', () => {
  const { start, phases } = stepThrough(session.algorithm, batch);
  const { algorithm } = openRun(files);
  for (const weights of [phases[5].weights, start, phases.at(-1)!.weights]) {
    setWeights(algorithm, weights);
    expect(weightsOf(algorithm)).toEqual(weights);
  }
});

test("the session's algorithm stays as it is", () => {
  const before = weightsOf(session.algorithm);
  const state = structuredClone(session.algorithm.getState());
  stepThrough(session.algorithm, batch, mistakes.slice(0, 3));
  expect(weightsOf(session.algorithm)).toEqual(before);
  expect(session.algorithm.getState()).toEqual(state);
  expect(session.algorithm.updates).toBe(openRun(files).algorithm.updates);
});

test('of one moment, too', () => {
  const { phases } = stepThrough(session.algorithm, session.batchOfMoment());
  expect(phases).toHaveLength(19);
  expect(phases[0].rows).toHaveLength(1);
});

test('which algorithms it is for', () => {
  expect(whyNoSteps(session.run.config)).toBeUndefined();
  expect(whyNoSteps({ ...session.run.config, algorithm: 'attention-maddpg' })).toMatch(/another order/);
  const settings = { ...session.run.config.settings, updates: 'together' } as const;
  expect(whyNoSteps({ ...session.run.config, settings })).toMatch(/take their steps together/);
  expect(defaultsOf(Maddpg.settings).maxGradNorm).toBe(10);
});

function ofNetwork(phases: readonly Phase[], of: 'critic' | 'actor', agent: number): Phase[] {
  return phases.filter((phase) => phase.of === of && phase.agent === agent);
}
