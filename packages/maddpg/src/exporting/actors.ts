/** What each agent computes to act, as data from which files for other programs are made. */
import { ArgumentError, checkArgument } from '@paragrad/check';
import { Linear, ReLU, type Sequential } from '@paragrad/nn';
import { QLearner } from '../baselines/q-learner.js';
import { type AgentSpec, continuousSize } from '../environments/agent-spec.js';
import { ActorCritic, type AgentNetworks } from '../learning/actor-critic.js';
import { type Algorithm, anAlgorithm } from '../learning/algorithm.js';
import { Actor } from '../networks/actor.js';
import type { NormFormula } from '../normalization/running-statistics.js';
import { checkNumbers } from '../running/check-states.js';
import { CommunicatingMaddpg, type SpeakingActor } from '../variants/communicating-maddpg.js';
import { EnsembleMaddpg } from '../variants/ensemble-maddpg.js';
import { actionParts } from './action-parts.js';

/** One network that acts, with what comes before and after it. */
export interface LoneActor {
  /** The agent's name. If an agent has several such networks, also which one: `agent_0.1`, `agent_0.message`. */
  readonly name: string;
  /** What goes in, in words. */
  readonly input: string;
  /** Of the agent, but `observationSize` is the size of what goes in. */
  readonly spec: AgentSpec;
  /** What happens to the input first. Undefined: nothing. */
  readonly norm: NormFormula | undefined;
  /** The network: linear layers, with ReLU between them. */
  readonly layers: readonly Linear[];
  /** How outputs become choices. The first `continuousSize(spec)` outputs become numbers. */
  readonly choices: readonly ChoiceRule[];
}

/** A choice is floor(k / stride) mod size, where k is the position of the largest of the outputs from `from` to before `to`. */
export interface ChoiceRule {
  readonly from: number;
  readonly to: number;
  readonly stride: number;
  readonly size: number;
}

/**
 * All networks with which an algorithm's agents act. Throws if it acts in a way that is not known here, as subclasses can, and
 * if a weight or a bound is not finite in float32.
 */
export function actorsOf(owner: string, algorithm: Algorithm): LoneActor[] {
  checkArgument(owner, 'algorithm', algorithm, anAlgorithm);
  const found = networksThatAct(algorithm);
  if (!found) {
    throw new ArgumentError(
      `${owner}: ${algorithm.constructor.name} acts in a way of its own, which cannot be exported; ` +
        "give an algorithm that acts as this package's do, or save the stateDict() of its networks",
    );
  }
  return found.map(({ network, ...actor }) => {
    checkBounds(owner, actor.spec);
    return { ...actor, layers: layersOf(owner, actor.name, network) };
  });
}

/** Other programs scale actions in float32. Throws if that cannot hold a bound. */
function checkBounds(owner: string, spec: AgentSpec): void {
  const bounds = actionParts(spec).flatMap((part) => ('low' in part ? [...part.low, ...part.high] : []));
  const beyond = bounds.find((bound) => !Number.isFinite(Math.fround(bound)));
  if (beyond === undefined) return;
  throw new ArgumentError(
    `${owner}: ${spec.name}'s action space has the bound ${beyond}, which float32 cannot hold; give one below 3e38, and scale ` +
      "the numbers in the environment's step",
  );
}

/** The linear layers of a network. Throws unless there is ReLU between them, and nothing else. */
function layersOf(owner: string, name: string, network: Sequential): Linear[] {
  checkNumbers(`${owner}: ${name}`, network.stateDict());
  const { layers } = network;
  const unknown = layers.findIndex((layer, k) => !(layer instanceof (k % 2 === 0 ? Linear : ReLU)));
  if (unknown >= 0 || layers.length % 2 === 0) {
    throw new ArgumentError(
      `${owner}: ${name}'s network is ${layers.map((layer) => layer.constructor.name).join(', ')}; ` +
        'give one of Linear layers with ReLU between them, or save its stateDict()',
    );
  }
  return layers.filter((layer) => layer instanceof Linear);
}

type Unread = Omit<LoneActor, 'layers'> & { readonly network: Sequential };

/** Undefined if it acts in a way of its own. */
function networksThatAct(algorithm: Algorithm): Unread[] | undefined {
  const { specs } = algorithm;
  if (actsAs(algorithm, QLearner)) return algorithm.agents.map(({ q }, i) => valuing(specs[i], q.network));
  if (!(algorithm instanceof ActorCritic && algorithm.agents.every(isKnownActor))) return undefined;
  if (actsAs(algorithm, EnsembleMaddpg)) {
    return algorithm.subPolicies.flatMap((policies, i) =>
      policies.map((agent, k) => ({ ...acting(specs[i], agent), name: `${specs[i].name}.${k}` })),
    );
  }
  if (actsAs(algorithm, CommunicatingMaddpg)) {
    const { messageSize } = algorithm.settings;
    return algorithm.agents.flatMap((agent, i) => [
      hearing(specs[i], agent, messageSize),
      speaking(specs[i], agent, messageSize),
    ]);
  }
  return actsAs(algorithm, ActorCritic)
    ? algorithm.agents.map((agent, i) => acting(specs[i], agent))
    : undefined;
}

/** Whether this is an algorithm of the kind, and overrides nothing of how that acts. */
function actsAs<Kind extends Algorithm>(
  algorithm: Algorithm,
  kind: abstract new (...args: never[]) => Kind,
): algorithm is Kind {
  const methods = ['act', 'decide', 'withMessages'] as const;
  return (
    algorithm instanceof kind &&
    methods.every((method) => Reflect.get(algorithm, method) === Reflect.get(kind.prototype, method))
  );
}

const isKnownActor = ({ actor: { network } }: AgentNetworks) => network.act === Actor.prototype.act;

/** μ_i, after the normalization of o_i. */
function acting(spec: AgentSpec, { actor, normalizer }: AgentNetworks): Unread {
  let from = continuousSize(spec);
  const choices = (spec.choices ?? []).map((size) => {
    const rule = { from, to: from + size, stride: 1, size };
    from += size;
    return rule;
  });
  return {
    name: spec.name,
    input: `${spec.name}'s observation`,
    spec,
    norm: normalizer.observations.formula,
    network: actor.network.body,
    choices,
  };
}

/** μ_i of an agent that hears messages. They are not normalized. */
function hearing(spec: AgentSpec, agent: AgentNetworks, messageSize: number): Unread {
  const actor = acting(spec, agent);
  const messages = (value: number) => new Array<number>(messageSize).fill(value);
  return {
    ...actor,
    input: `${actor.input}, then the mean of the messages of all other agents`,
    spec: { ...spec, observationSize: spec.observationSize + messageSize },
    norm: actor.norm && {
      ...actor.norm,
      mean: [...actor.norm.mean, ...messages(0)],
      deviation: [...actor.norm.deviation, ...messages(1)],
    },
  };
}

/** The encoder of an agent's messages. A message is like an action of numbers from -1 to 1. */
function speaking(spec: AgentSpec, agent: AgentNetworks<SpeakingActor>, messageSize: number): Unread {
  const { name, observationSize } = spec;
  return {
    ...acting({ name, observationSize, actionSize: messageSize, maxAction: 1 }, agent),
    name: `${name}.message`,
    network: agent.actor.network.encoder,
  };
}

/** Q_i, whose outputs are the values of all combinations of choices. */
function valuing(spec: AgentSpec, network: Sequential): Unread {
  const sizes = spec.choices ?? [];
  const to = sizes.reduce((product, size) => product * size, 1);
  let stride = 1;
  const choices = sizes.map((size) => {
    const rule = { from: 0, to, stride, size };
    stride *= size;
    return rule;
  });
  return { name: spec.name, input: `${spec.name}'s observation`, spec, norm: undefined, network, choices };
}
