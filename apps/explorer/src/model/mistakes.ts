/** Classic mistakes in MADDPG, each as a small change of the real class, so that what runs is the real code but for that. */
import {
  type Batch,
  descendEach,
  type Learner,
  type Maddpg,
  type MaddpgSettings,
  meanWhileLive,
  nextState,
  type ReplaySettings,
} from '@paragrad/maddpg';
import type { Module } from '@paragrad/nn';
import type { Tensor } from '@paragrad/tensor';
import type { GameName } from './games.js';

export type MaddpgClass = typeof Maddpg;

/** A line of code that the mistake removes or adds; those without a mark are around it. */
export type DiffLine = readonly [mark: '-' | '+' | ' ', code: string];

export interface Mistake {
  /** Its name in an address. */
  readonly name: string;
  readonly title: string;
  /** What is wrong. */
  readonly wrong: string;
  /** The small game in which it costs most. */
  readonly game: GameName;
  /** What it changes in the code. Removed lines are lines of `file`. */
  readonly file: string;
  readonly diff: readonly DiffLine[];
  /** The class with the mistake. */
  readonly of?: (Right: MaddpgClass) => MaddpgClass;
  /** The settings with the mistake. */
  readonly settings?: Partial<MaddpgSettings>;
  /** What the mistake also means for an algorithm that learned without it. */
  readonly adapt?: (algorithm: Maddpg) => void;
  /** What agent i's actor step moves besides its own actor. */
  readonly alsoMoves?: (agents: Maddpg['agents'], i: number) => readonly Learner<Module<never>>[];
  /** Whether its critics see something else, so that they have to learn anew. */
  readonly newCritics?: boolean;
}

const noDetach: Mistake = {
  name: 'no-detach',
  title: 'No detach',
  wrong:
    "The others' actions keep their gradient, and every actor that it reaches takes a step. So agent i's step also moves the other " +
    'actors, to where the value of agent i is high, which is not what they are rewarded for. Where all share one reward that may even ' +
    'help; where they are rivals, each undoes what the others learn.',
  game: 'rivals',
  file: 'maddpg.ts',
  diff: [
    ['-', 'const jointAction = others.map((action, j) => (j === i ? actions[i] : action.detach()));'],
    ['+', 'const jointAction = others.map((action, j) => (j === i ? actions[i] : action));'],
    [
      '-',
      "const { loss, gradNorm } = this.step('actor', i, batch, () => this.actorLoss(i, batch, actions));",
    ],
    ['+', 'const { losses, gradNorms } = descendEach(allActors, () => this.actorLoss(i, batch), clip);'],
  ],
  alsoMoves: (agents) => agents.map(({ actor }) => actor),
  of: (Right) =>
    class WithoutDetach extends Right {
      override actorLoss(i: number, batch: Batch, actions: readonly Tensor[] = this.actions(batch)): Tensor {
        const others = this.settings.othersActions === 'replay' ? batch.actions : actions;
        const jointAction = others.map((action, j) => (j === i ? actions[i] : action));
        const q = this.agents[i].critic.network.forward(batch.x, jointAction, i);
        return meanWhileLive(q, batch, i).neg();
      }
    },
};

const criticInActorStep: Mistake = {
  name: 'gradient-into-critic',
  title: 'Gradient into the critic',
  wrong:
    "The actor's step also moves the weights of the critic. They learn to call every action good, whatever the rewards say, and the actor " +
    'climbs a hill that it builds itself.',
  game: 'runaway',
  file: 'maddpg.ts',
  diff: [
    [
      '-',
      "const { loss, gradNorm } = this.step('actor', i, batch, () => this.actorLoss(i, batch, actions));",
    ],
    [
      '+',
      'const { losses, gradNorms } = descendEach([actor, critic], () => this.actorLoss(i, batch, actions), clip);',
    ],
  ],
  alsoMoves: (agents, i) => [agents[i].critic],
};

const onlineCritic: Mistake = {
  name: 'online-critic',
  title: 'Online critic in the target',
  wrong:
    "The target y comes from the critic that learns, not from its slow copy. Each step that raises Q(x, a) also raises Q(x', a'), which is in " +
    'the target: the critic runs after itself.',
  game: 'runaway',
  file: 'maddpg.ts',
  diff: [
    ['-', 'return this.agents[i].critic.target.forward(x, actions, i);'],
    ['+', 'return this.agents[i].critic.network.forward(x, actions, i);'],
  ],
  of: (Right) =>
    class OnlineCritic extends Right {
      override nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
        const { x, actions } = nextState(batch, nextActions, i);
        return this.agents[i].critic.network.forward(x, actions, i);
      }
    },
};

const endAtTimeLimit: Mistake = {
  name: 'end-at-time-limit',
  title: 'End at the time limit',
  wrong:
    'A time limit only stops the game being watched: it would have gone on, and its rewards count. Stored as an end, the last step of every ' +
    'episode teaches that nothing follows, and what pays later is not worth its price.',
  game: 'saving',
  file: 'moment.ts',
  diff: [
    [
      '-',
      'const terminations = inOrder(result.terminations, false).map(Boolean); // not truncations: after a time limit, rewards still count',
    ],
    [
      '+',
      'const terminations = specs.map(({ name }) => result.terminations[name] || result.truncations[name]);',
    ],
  ],
  of: (Right) =>
    class EndAtTimeLimit extends Right {
      override makeMemory(settings?: ReplaySettings) {
        const memory = super.makeMemory(settings);
        const add = memory.add.bind(memory);
        memory.add = (given) => {
          const { truncations = [] } = given;
          add({ ...given, terminations: given.terminations.map((done, j) => done || truncations[j]) });
        };
        return memory;
      }
    },
};

const noClipping: Mistake = {
  name: 'no-clipping',
  title: 'No clipping',
  wrong:
    'The gradient is used as long as it is. Adam divides by its usual length, so this mostly costs little; but one huge gradient stays in ' +
    "Adam's averages for a thousand updates, and makes all those steps short.",
  game: 'glitches',
  file: 'maddpg.ts',
  diff: [
    ['-', 'return clipGradNorm(parameters, this.settings.maxGradNorm);'],
    ['+', 'return clipGradNorm(parameters, Infinity);'],
  ],
  settings: { maxGradNorm: 1e30 },
};

const independentCritic: Mistake = {
  name: 'independent-critic',
  title: 'Independent critic',
  wrong:
    'The critic sees only its own agent. What the others do looks like luck to it, and that luck changes as they learn. Its Q, and so the ' +
    'dQ/da of its own action, cannot depend on what the others do, so no agent can learn to fit in with them.',
  game: 'agreement',
  file: 'critics.ts',
  diff: [
    ['-', 'return this.body.forward([x, concat(actions, 1)]);'],
    ['+', 'return this.body.forward([observationOf(i, x, this.#specs), actions[i]]);'],
  ],
  settings: { critic: 'independent' },
  newCritics: true,
};

const noTargetNetwork: Mistake = {
  name: 'no-target-network',
  title: 'No target network',
  wrong:
    'With τ = 1 the targets copy the networks after every update, so there is no slow copy at all, neither of the critic nor of the actors. ' +
    'What the critic should say moves as fast as it learns.',
  game: 'runaway',
  file: 'maddpg.ts',
  diff: [
    ['-', 'for (const network of this.networksWithTargets) network.updateTarget(this.settings.tau);'],
    ['+', 'for (const network of this.networksWithTargets) network.updateTarget(1);'],
  ],
  settings: { tau: 1 },
  adapt: ({ agents }) => {
    for (const { actor, critic, normalizer } of agents) {
      for (const network of [actor, critic, normalizer]) network.updateTarget(1);
    }
  },
};

export const mistakes: readonly Mistake[] = [
  noDetach,
  criticInActorStep,
  onlineCritic,
  endAtTimeLimit,
  noClipping,
  independentCritic,
  noTargetNetwork,
];

/** The mistakes with these names, each once, in the order of `mistakes`. */
export function mistakesNamed(names: readonly string[]): Mistake[] {
  return mistakes.filter(({ name }) => names.includes(name));
}

/** The class with all these mistakes. */
export function classWith(Right: MaddpgClass, made: readonly Mistake[]): MaddpgClass {
  const Wrong = made.reduce((Class, { of }) => of?.(Class) ?? Class, Right);
  return made.some(({ alsoMoves }) => alsoMoves) ? movingMore(Wrong, made) : Wrong;
}

function movingMore(Right: MaddpgClass, made: readonly Mistake[]): MaddpgClass {
  return class MovingMore extends Right {
    protected override actionsInTurn(batch: Batch) {
      return () => this.actions(batch); // a step may move all actors
    }

    protected override step(of: 'critic' | 'actor', i: number, batch: Batch, loss: () => Tensor) {
      if (of === 'critic') return super.step(of, i, batch, loss);
      const full = () => this.penalized(i, batch, loss());
      const step = descendEach(movedInActorStep(this.agents, i, made), full, (parameters) =>
        this.clip(parameters),
      );
      return { loss: step.losses[0], gradNorm: step.gradNorms[0] };
    }
  };
}

/** What agent i's actor step moves: its actor, first; and with some mistakes more. */
export function movedInActorStep(
  agents: Maddpg['agents'],
  i: number,
  made: readonly Mistake[],
): Learner<Module<never>>[] {
  return [...new Set([agents[i].actor, ...made.flatMap(({ alsoMoves }) => alsoMoves?.(agents, i) ?? [])])];
}
