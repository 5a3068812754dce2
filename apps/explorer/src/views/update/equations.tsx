/** Each phase as an equation, with its numbers in it. */

import type { Maddpg, MaddpgSettings } from '@paragrad/maddpg';
import type { ComponentChildren } from 'preact';
import { penaltiesOf } from '../../model/penalties.js';
import type { Phase } from '../../model/recorder.js';
import { inWords, number } from '../../numbers.js';

/** What happens in a phase, in a sentence. */
export function titleOf(phase: Phase | undefined, agents: readonly string[]): string {
  if (!phase) return 'Before the update';
  if (phase.kind === 'targets') return 'The targets follow';
  const whose = `${inWords(agents[phase.agent!])}, ${phase.of}`;
  return { gradient: `${whose}: loss and gradient`, clip: `${whose}: clip`, step: `${whose}: step of Adam` }[
    phase.kind
  ];
}

interface EquationProps {
  readonly phase: Phase | undefined;
  readonly algorithm: Maddpg;
}

export function Equation({ phase, algorithm }: EquationProps) {
  return (
    <>
      <p>{inPlainWords(phase, algorithm.settings)}</p>
      {phase && (
        <div class="equation">
          {lines(phase, algorithm).map((line, k) => (
            <p key={k}>{line}</p>
          ))}
        </div>
      )}
      <details class="letters">
        <summary>What the letters mean</summary>
        <p>
          Agent i sees o{i} and does a{i}; x is what all see. It gets the reward r{i}, and sees o′{i} then.
          done
          {i} is 1 if the episode ends there. μ{i} is its actor, Q{i} its critic, θ are their weights, and ′
          marks what comes next, and the target networks. L{i} and −J{i} are the losses of critic and actor, y
          {i} is the critic's goal, and g a gradient; ‖g‖ is its length. A row is one remembered step.
        </p>
      </details>
    </>
  );
}

/** What happens in a phase, without letters. */
function inPlainWords(phase: Phase | undefined, { gamma, tau }: MaddpgSettings): string {
  if (!phase) {
    return 'For each agent in turn: the critic takes a step, then the actor. At the end all targets follow.';
  }
  if (phase.kind === 'clip') {
    return 'A very long gradient is shortened, so that one odd batch does not spoil the weights. Its direction stays.';
  }
  if (phase.kind === 'step') {
    return (
      'The optimizer, Adam, moves each weight a little against its gradient. It divides by the usual length of the gradient, so even ' +
      'a small gradient makes a step of nearly the same length.'
    );
  }
  if (phase.kind === 'targets') {
    return `The slow copies come closer to their networks, by ${number(100 * tau)} % of the way.`;
  }
  return phase.of === 'critic'
    ? `The critic compares its guess with its goal: the reward, plus ${number(gamma)} times what the target networks guess of the next state. ` +
        'The loss is the square of the difference, and its gradient says how each weight of the critic should change.'
    : 'The actor asks its critic how its action should change so that Q grows. The gradient goes through the critic, and arrives only in ' +
        "the actor's weights.";
}

const i = <sub>i</sub>;
const θ = (of: 'critic' | 'actor') => (
  <>
    θ<sub>{of === 'critic' ? 'Q' : 'μ'}i</sub>
  </>
);

function lines(phase: Phase, algorithm: Maddpg): ComponentChildren[] {
  const { settings } = algorithm;
  const { gamma, tau, maxGradNorm } = settings;
  const of = phase.of ?? 'critic';
  switch (phase.kind) {
    case 'gradient':
      return of === 'critic'
        ? criticLines(phase, gamma)
        : actorLines(phase, penaltiesOf(algorithm, phase.agent!).length > 0);
    case 'clip': {
      const [full, clipped] = phase.gradNorm!;
      return [
        <>g ← g · min(1, {number(maxGradNorm)} / ‖g‖)</>,
        <>
          ‖g‖ = {number(full!)}, so the factor is {number(phase.factor!)}
          {phase.factor! < 1 ? <>, and ‖g‖ = {number(clipped!)}</> : ': nothing is clipped'}
        </>,
      ];
    }
    case 'step':
      return [
        <>
          {θ(of)} ← Adam({θ(of)}, g), learning rate{' '}
          {number(of === 'critic' ? settings.criticLr : settings.actorLr)}
        </>,
      ];
    case 'targets':
      return [
        <>θ′ ← τ θ + (1 − τ) θ′, τ = {number(tau)}</>,
        'For the weights θ of every actor and every critic.',
      ];
  }
}

function criticLines({ rows }: Phase, gamma: number): ComponentChildren[] {
  const { reward = 0, done = 0, target = 0, q } = rows[0];
  const left = gamma * (1 - done);
  const next = left === 0 ? 0 : (target - reward) / left;
  return [
    <>
      L{i} = mean (Q{i}(x, a<sub>1</sub> … a<sub>n</sub>) − y{i})²
    </>,
    <>
      y{i} = r{i} + γ (1 − done{i}) Q′{i}(x′, a′<sub>1</sub> … a′<sub>n</sub>), a′<sub>j</sub> = μ′
      <sub>j</sub>(o′<sub>j</sub>)
    </>,
    <>
      {rows.length > 1 && 'In the first row, '}y = {number(reward)} + {number(gamma)} · (1 − {number(done)}) ·{' '}
      {signed(next)} = {number(target)}, and Q = {number(q[0])}
    </>,
    <>
      g = dL{i} / d{θ('critic')}. y is a constant: no gradient flows into it.
    </>,
  ];
}

function actorLines({ rows }: Phase, isPenalized: boolean): ComponentChildren[] {
  return [
    <>
      −J{i} = −mean Q{i}(x, a<sub>1</sub> … a{i} … a<sub>n</sub>){isPenalized && ' + penalty'}, a{i} = μ{i}(o
      {i})
    </>,
    <>
      {rows.length > 1 && 'In the first row, '}Q = {number(rows[0].q[0])}
    </>,
    <>
      g = d(−J{i}) / d{θ('actor')} = −dQ{i}/da{i} · da{i}/d{θ('actor')}
      {isPenalized && <> + d penalty / d{θ('actor')}</>}. It flows through the critic, and only the actor
      receives it.
    </>,
    ...(isPenalized ? ["The penalty is on the numbers of the actor's last layer: it keeps them small."] : []),
  ];
}

/** In brackets if negative. */
function signed(value: number): string {
  return value < 0 ? `(${number(value)})` : number(value);
}
