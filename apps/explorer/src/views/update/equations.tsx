/** Each phase as an equation, with its numbers in it. */

import type { MaddpgSettings } from '@paragrad/maddpg';
import type { ComponentChildren } from 'preact';
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
  readonly settings: MaddpgSettings;
}

export function Equation({ phase, settings }: EquationProps) {
  return (
    <div class="equation">
      {lines({ phase, settings }).map((line, k) => (
        <p key={k}>{line}</p>
      ))}
    </div>
  );
}

const i = <sub>i</sub>;
const θ = (of: 'critic' | 'actor') => (
  <>
    θ<sub>{of === 'critic' ? 'Q' : 'μ'}i</sub>
  </>
);

function lines({ phase, settings }: EquationProps): ComponentChildren[] {
  const { gamma, tau, maxGradNorm } = settings;
  if (!phase) {
    return [
      'For each agent i in turn: the critic takes a step, then the actor. At the end all targets follow.',
    ];
  }
  const of = phase.of ?? 'critic';
  switch (phase.kind) {
    case 'gradient':
      return of === 'critic' ? criticLines(phase, gamma) : actorLines(phase);
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

function criticLines({ rows: [row] }: Phase, gamma: number): ComponentChildren[] {
  const { reward = 0, done = 0, target = 0, q } = row;
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
      First row: y = {number(reward)} + {number(gamma)} · (1 − {number(done)}) · {signed(next)} ={' '}
      {number(target)}, and Q = {number(q[0])}
    </>,
    <>
      g = dL{i} / d{θ('critic')}. y is a constant: no gradient flows into it.
    </>,
  ];
}

function actorLines({ rows: [row] }: Phase): ComponentChildren[] {
  return [
    <>
      −J{i} = −mean Q{i}(x, a<sub>1</sub> … a{i} … a<sub>n</sub>), a{i} = μ{i}(o{i})
    </>,
    <>First row: Q = {number(row.q[0])}</>,
    <>
      g = d(−J{i}) / d{θ('actor')} = −dQ{i}/da{i} · da{i}/d{θ('actor')}. It flows through the critic, and only
      the actor receives it.
    </>,
  ];
}

/** In brackets if negative. */
function signed(value: number): string {
  return value < 0 ? `(${number(value)})` : number(value);
}
