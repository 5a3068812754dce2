import { ActionError, describe, StateError } from '@paragrad/check';
import type { Action } from './actions.js';
import type { Simulation } from './simulation.js';

/** Checks the actions of all live agents, then copies them to `to`, agent after agent. */
export function readActions(
  actions: Readonly<Record<string, unknown>>,
  live: readonly string[],
  simulation: Simulation,
  to: Float64Array,
): void {
  const everyAgent = () => live.join(', ');
  if (typeof actions !== 'object' || actions === null || (Symbol.iterator in actions && live.length > 0)) {
    throw new ActionError(
      `step: the actions are ${describe(actions)}; give a record with one action for each of ${everyAgent()}, ` +
        `such as ${exampleOf(live, actions)}`,
    );
  }
  for (const name in actions) {
    simulation.indexOf('step', name);
    if (live.length === 0) {
      throw new StateError(
        `step: there is an action for ${name}, which is no longer live: the episode is over; call reset()`,
      );
    }
  }
  const { actionReaders } = simulation;
  live.forEach((name, i) => {
    if (actions[name] === undefined) {
      throw new ActionError(
        `step: there is no action for ${name}; its space is ${actionReaders[i].space}; give one for each of ${everyAgent()}`,
      );
    }
    actionReaders[i].check(actions[name]);
  });
  let at = 0;
  for (let i = 0; i < live.length; i++) {
    const action = actions[live[i]] as Action;
    if (typeof action === 'number') to[at] = action;
    else for (let k = 0; k < action.length; k++) to[at + k] = action[k];
    at += actionReaders[i].size;
  }
}

/** A record of actions, with those that are given in an array. */
function exampleOf(live: readonly string[], actions: unknown): string {
  const given: readonly unknown[] =
    Array.isArray(actions) || ArrayBuffer.isView(actions) ? Array.from(actions as Iterable<unknown>) : [];
  const shown = live.slice(0, 3).map((name, i) => `${name}: ${i in given ? describe(given[i]) : '...'}`);
  return `{ ${shown.join(', ')}${live.length > shown.length ? ', ...' : ''} }`;
}
