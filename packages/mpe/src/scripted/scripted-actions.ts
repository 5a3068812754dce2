import {
  ArgumentError,
  checkArgument,
  checkOptions,
  finite,
  instanceOf,
  integerFrom0,
  type OptionChecks,
} from '@paragrad/check';
import type { Action } from '../actions.js';
import { type ScenarioName, scenarioNames, scenarios } from '../make-env.js';
import { ParallelEnv } from '../parallel-env.js';
import type { AgentState } from '../state.js';
import type { Vector2 } from '../world.js';
import { type Intent, scripts } from './scripts.js';
import { steering } from './steering.js';

const anEnv = instanceOf(ParallelEnv, 'an environment of makeEnv');

const intentChecks: OptionChecks<Intent> = {
  force: {
    inWords: 'two finite numbers, x to the right and y up',
    accepts: (value): value is Vector2 =>
      Array.isArray(value) && value.length === 2 && value.every(finite.accepts),
  },
  word: integerFrom0,
};

/**
 * What scripted players would do now: an action for each live agent, in the form of the environment's `actionMode`. They see the whole
 * world, except goals and keys that an agent must not know, so they are a yardstick for agents that learn, and opponents.
 *
 * @throws ArgumentError for a scenario of your own. @throws StateError before the first reset.
 */
export function scriptedActions(env: ParallelEnv): Record<string, Action> {
  checkArgument('scriptedActions', 'env', env, anEnv);
  const name = env.name as ScenarioName;
  // A scenario of your own may have such a name.
  if (!scenarioNames.includes(name) || scenarios[name] !== env.definition) {
    throw new ArgumentError(
      `scriptedActions: there is no player for this scenario, ${env.name}; there are players for ${scenarioNames.join(', ')}`,
    );
  }
  const world = env.getState();
  const choose = scripts[name](world, steering(env.physics));
  const live = world.agents.filter(({ name }) => env.agents.includes(name));
  return Object.fromEntries(live.map((agent) => [agent.name, toAction(env, agent, choose(agent))]));
}

/**
 * The action of an agent that means to do this, in the form of the environment's `actionMode`. In mode `'discrete'` it moves along the
 * axis of the larger force. If neither number reaches 0.5, it does not move.
 *
 * @throws ArgumentError on an unknown agent, and on a word that it does not have. @throws StateError before the first reset.
 */
export function actionOf(env: ParallelEnv, agent: string, intent: Intent): Action {
  checkArgument('actionOf', 'env', env, anEnv);
  checkOptions('actionOf', intent, intentChecks);
  env.team(agent); // throws on an unknown agent
  const state = env.getState().agents.find(({ name }) => name === agent)!;
  const { word = 0 } = intent;
  if (!state.silent && word >= state.c.length) {
    throw new ArgumentError(
      `actionOf: ${agent}'s word is ${word}; give a word from 0 to ${state.c.length - 1}`,
    );
  }
  return toAction(env, state, intent);
}

function toAction(
  env: ParallelEnv,
  { movable, silent, c }: AgentState,
  { force = [0, 0], word }: Intent,
): Action {
  const [x, y] = force;
  if (env.actionMode === 'discrete') {
    const move = movable ? moveOf(x, y) : 0;
    return silent ? move : move + (movable ? 5 : 1) * (word ?? 0);
  }
  const words = silent ? [] : c.map((_, i) => (i === word ? 1 : 0));
  if (env.actionMode === 'force') {
    return [...(movable ? [clip(x), clip(y)] : []), ...words.map((weight) => 2 * weight - 1)];
  }
  const sign = env.physics === 'farama' ? 1 : -1; // in the original, the first choice is not left but right
  const sides = [-x, x, -y, y].map((side) => Math.max(0, clip(sign * side)));
  return [...(movable ? [0, ...sides] : []), ...words];
}

/** 0 no action, 1 left, 2 right, 3 down, 4 up */
function moveOf(x: number, y: number): number {
  if (Math.max(Math.abs(x), Math.abs(y)) < 0.5) return 0;
  return Math.abs(x) > Math.abs(y) ? (x < 0 ? 1 : 2) : y < 0 ? 3 : 4;
}

function clip(x: number): number {
  return Math.min(Math.max(x, -1), 1);
}
