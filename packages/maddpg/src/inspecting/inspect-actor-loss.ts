import {
  ArgumentError,
  type Check,
  checkArgument,
  checkOptions,
  instanceOf,
  integerFrom0,
  type OptionChecks,
  trueOrFalse,
} from '@paragrad/check';
import { enableGrad, scope, someTensors, type Tensor } from '@paragrad/tensor';
import { type Graph, type NodeGroup, trace } from '@paragrad/tensor/inspect';
import { type Batch, checkBatch } from '../learning/batch.js';
import { Learner } from '../learning/learner.js';
import { isEverLive } from '../learning/liveness.js';
import { Maddpg } from '../maddpg.js';
import { namedGraph } from './named-graph.js';
import { type AnyModule, type NetworkCall, recordCalls } from './record-calls.js';

/** How an actor's loss was computed, with gradient norms, and which part of it is which network. */
export interface ActorLossGraph {
  /** Node 0 is the loss. Observations, actions, Q and all weights have names. */
  readonly graph: Graph;
  /** For `fold` of @paragrad/tensor/inspect: every actor, the critic, and what makes the loss of Q. */
  readonly groups: readonly NodeGroup[];
}

/** Options of `inspectActorLoss`. */
export interface ActorLossOptions {
  /** Also the numbers of every node, and with which arguments its op was called: see `InspectOptions.values`. Default false. */
  values?: boolean;
  /** With `values`: also the lines of code that called each op. Slower. Default false. */
  lines?: boolean;
  /** Measure the gradients on the way to these weights. Default: the weights of all actors. Only actor i's should get one. */
  inputs?: readonly Tensor[];
}

const actorLossOptions: OptionChecks<ActorLossOptions> = {
  values: trueOrFalse,
  lines: trueOrFalse,
  inputs: someTensors,
};

/**
 * The graph of agent i's actor loss for a batch of the replay memory, as `actorStep` records it, and the gradients that flow back
 * through it. The other agents' actors are shown behind the `detach` that cuts them off. Nothing changes: no weight, no `grad`, no
 * name, and no generator.
 *
 * Of an `AttentionMaddpg`, whose actors take their steps together, it is the loss of one agent alone; its gradient is the same.
 */
export function inspectActorLoss(
  algorithm: Maddpg,
  i: number,
  batch: Batch,
  options: ActorLossOptions = {},
): ActorLossGraph {
  checkArgument('inspectActorLoss', 'algorithm', algorithm, aMaddpg);
  checkArgument('inspectActorLoss', 'i', i, anAgentOf(algorithm));
  checkBatch(algorithm.specs, batch);
  checkOptions('inspectActorLoss', options, actorLossOptions);
  if (!isEverLive(batch, i)) {
    throw new ArgumentError(
      `inspectActorLoss: ${algorithm.specs[i].name} was live in no row of the batch, so it has no loss; give another batch`,
    );
  }
  const state = algorithm.getState();
  try {
    return scope(() => enableGrad(() => lossGraph(algorithm, i, algorithm.normalized(batch), options)));
  } finally {
    algorithm.setState(state); // actors may have drawn choices
  }
}

function lossGraph(
  algorithm: Maddpg,
  i: number,
  batch: Batch,
  { values = false, lines = false, inputs }: ActorLossOptions,
): ActorLossGraph {
  const { agents, specs } = algorithm;
  const networks = namedNetworks(algorithm);
  const compute = (calls: readonly NetworkCall[]) => {
    const actions = algorithm.actions(batch);
    // What i's actor saw: for agents that send messages, more than the observation.
    const seen = actorCalls(algorithm, calls)[i].inputs[0];
    const observations = batch.observations.with(i, seen);
    const loss = algorithm.penalized(i, { ...batch, observations }, algorithm.actorLoss(i, batch, actions));
    return { actions, loss };
  };
  const { result, calls } = recordCalls([...networks.keys()], (calls) =>
    // Also without values: a fused op would hide what is in it.
    trace(() => compute(calls), { lines: values && lines }),
  );

  const parts = partsOf(algorithm, i, calls, networks);
  const { graph, idOf } = namedGraph(result.loss, namesOf(algorithm, i, batch, calls), {
    gradients: true,
    values,
    inputs: inputs ?? agents.flatMap(({ actor }) => actor.network.parameters()),
    behindDetach: [...result.actions, ...calls.map(({ output }) => output)],
  });
  const idsOf = (tensors: readonly Tensor[]): number[] => [
    ...new Set(tensors.map(idOf).filter((id) => id !== undefined)),
  ];
  const groups = [...parts].flatMap(([name, { inputs, outputs }]): NodeGroup[] => {
    const group = { name, outputs: idsOf(outputs), inputs: idsOf(inputs) };
    return group.outputs.length > 0 ? [group] : [];
  });
  const ends = groups.flatMap(({ outputs }) => outputs);
  return { graph, groups: [...groups, { name: `${specs[i].name}'s loss`, outputs: [0], inputs: ends }] };
}

/** Every network, with the name of what it belongs to: `agent_0.actor`, as in checkpoints. */
function namedNetworks(algorithm: Maddpg): Map<AnyModule, { name: string; learner: string }> {
  const networks = new Map<AnyModule, { name: string; learner: string }>();
  for (const [owner, parts] of algorithm.namedParts()) {
    for (const [part, learner] of Object.entries(parts)) {
      if (!(learner instanceof Learner) || networks.has(learner.network)) continue;
      networks.set(learner.network, { name: `${owner}.${part}`, learner: learner.name });
    }
  }
  return networks;
}

/** The calls that gave the agents' actions, in the order of the agents. */
function actorCalls({ agents }: Maddpg, calls: readonly NetworkCall[], method = 'forward'): NetworkCall[] {
  const actors = new Set<AnyModule>(agents.map(({ actor }) => actor.network));
  return calls.filter((call) => call.method === method && actors.has(call.network));
}

/** The calls by what they are to a reader: `agent_0's actor`. The pass of an agent's penalty is a part of its actor. */
function partsOf(
  algorithm: Maddpg,
  i: number,
  calls: readonly NetworkCall[],
  networks: ReadonlyMap<AnyModule, { learner: string }>,
): Map<string, { inputs: Tensor[]; outputs: Tensor[] }> {
  const { agents, specs } = algorithm;
  const names = new Map<NetworkCall, string>();
  const name = (some: readonly NetworkCall[], nameOf: (index: number) => string): void =>
    some.forEach((call, index) => {
      names.set(call, nameOf(index));
    });
  name(actorCalls(algorithm, calls), (j) => `${specs[j].name}'s actor`);
  name(actorCalls(algorithm, calls, 'message'), (j) => `${specs[j].name}'s encoder`);
  for (const penalty of ['logits', 'beforeTanh']) {
    name(actorCalls(algorithm, calls, penalty), () => `${specs[i].name}'s actor`);
  }
  name(
    calls.filter(({ network }) => network === agents[i].critic.network),
    () => `${specs[i].name}'s critic`,
  );
  const parts = new Map<string, { inputs: Tensor[]; outputs: Tensor[] }>();
  for (const call of calls) {
    const of = names.get(call) ?? networks.get(call.network)!.learner;
    const part = parts.get(of) ?? { inputs: [], outputs: [] };
    parts.set(of, part);
    part.inputs.push(...call.inputs);
    part.outputs.push(call.output);
  }
  return parts;
}

/** What the graph calls its tensors. */
function namesOf(
  algorithm: Maddpg,
  i: number,
  batch: Batch,
  calls: readonly NetworkCall[],
): Map<Tensor, string> {
  const { agents, specs } = algorithm;
  const names = new Map<Tensor, string>(
    calls.flatMap(({ inputs, output }) => [...inputs, output]).map((x) => [x, x.name]),
  );
  for (const [network, { name }] of namedNetworks(algorithm)) {
    for (const [path, parameter] of network.namedParameters()) names.set(parameter, `${name}.${path}`);
  }
  const nameAll = (tensors: readonly Tensor[], what: string): void =>
    tensors.forEach((x, j) => {
      names.set(x, `${specs[j].name}'s ${what}`);
    });
  nameAll(batch.observations, 'observation');
  nameAll(
    actorCalls(algorithm, calls, 'message').map(({ output }) => output),
    'message',
  );
  for (const { inputs, output } of calls.filter(({ network }) => network === agents[i].critic.network)) {
    nameAll(inputs.slice(1), 'action');
    names.set(inputs[0], 'all observations');
    names.set(output, `${specs[i].name}'s Q`);
  }
  return names;
}

const aMaddpg: Check<Maddpg> = instanceOf(
  Maddpg,
  'an algorithm with actors and critics, such as new Maddpg(specs, { generator })',
);

function anAgentOf({ specs }: Maddpg): Check<number> {
  return {
    inWords: `an agent's index, from 0 to ${specs.length - 1}`,
    accepts: (value): value is number => integerFrom0.accepts(value) && value < specs.length,
  };
}
