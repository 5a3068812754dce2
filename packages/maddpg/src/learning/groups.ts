import type { Module } from '@paragrad/nn';
import { noGrad, stack, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { AgentNetworks } from './actor-critic.js';
import type { Batch } from './batch.js';
import { firstOfKind } from './sharing.js';

/** Networks that are run side by side, as one. Undefined if they cannot be. */
export type StackNetworks = (
  networks: readonly Module<never>[],
  members: Members,
) => Module<never> | undefined;

/** The agents of each group, by their indices. */
export type Members = readonly (readonly number[])[];

/**
 * Agents in groups of equal specs. A group has networks in the form in which an agent has them, but tensors have one more axis in front:
 * [agents of the group, batch, ...]. So the equations of one agent are those of a group.
 */
export class Groups {
  readonly members: Members;
  readonly specs: readonly AgentSpec[];
  readonly agents: readonly AgentNetworks[];
  /** The agents, group by group. */
  readonly order: readonly number[];
  #last: { readonly update: number; readonly grouped: Batch } | undefined;

  private constructor(members: Members, specs: readonly AgentSpec[], agents: readonly AgentNetworks[]) {
    this.members = members;
    this.specs = members.map(([first]) => specs[first]);
    this.agents = agents;
    this.order = members.flat();
  }

  /** Undefined if `stackOf` cannot stack the networks of a group. */
  static of(
    specs: readonly AgentSpec[],
    agents: readonly AgentNetworks[],
    stackOf: StackNetworks,
  ): Groups | undefined {
    const kinds = firstOfKind(specs);
    const members = [...new Set(kinds)].map((kind) => kinds.flatMap((own, i) => (own === kind ? i : [])));
    const groups = members.map((group) => {
      const both = (part: 'actor' | 'critic') => {
        const [network, target] = (['network', 'target'] as const).map((name) =>
          stackOf(
            group.map((i) => agents[i][part][name]),
            members,
          ),
        );
        return network && target && { network, target };
      };
      return { actor: both('actor'), critic: both('critic') };
    });
    if (!groups.every(({ actor, critic }) => actor && critic)) return undefined;
    // Losses use nothing of an agent but its networks.
    return new Groups(members, specs, groups as unknown as AgentNetworks[]);
  }

  /** The batch with groups in the place of agents: made once an update, outside the scopes of its steps. */
  batchOf(batch: Batch, update: number): Batch {
    if (this.#last?.update === update) return this.#last.grouped;
    const inGroups = (ofAgents: readonly Tensor[]) =>
      this.members.map((group) => stack(group.map((i) => ofAgents[i])));
    const grouped = noGrad(() => ({
      ...batch,
      observations: inGroups(batch.observations),
      actions: inGroups(batch.actions),
      rewards: inGroups(batch.rewards),
      nextObservations: inGroups(batch.nextObservations),
      terminations: inGroups(batch.terminations),
    }));
    this.#last = { update, grouped };
    return grouped;
  }
}
