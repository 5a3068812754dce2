/**
 * `npm run example:gradient-flow`: the actor loss of one MADDPG agent of three, as the graph that was recorded for it,
 * with the length of the gradient on every edge that one comes back along.
 */
import { prepareRun, train } from '@paragrad/maddpg';
import { nameParameters } from '@paragrad/nn';
import { Generator } from '@paragrad/tensor';
import { type Graph, inspect, toText } from '@paragrad/tensor/inspect';

const AGENT = 0;

// One hidden layer in each network, to keep the picture short; a batch of 32 transitions of real experience.
const training = prepareRun({
  settings: { hidden: [64] },
  episodes: 4,
  warmupSteps: 1e9,
});
for (const _ of train(training));
const { algorithm: maddpg } = training;
const batch = training.memory.sample(32, new Generator(1));

const agents = maddpg.specs.map(({ name }) => name);
const { actor, critic } = maddpg.agents[AGENT];
nameParameters(actor.network, 'actor');
nameParameters(critic.network, 'critic');
batch.x.name = 'all observations';
batch.observations.forEach((observation, j) => {
  observation.name = `observation of ${agents[j]}`;
});

const loss = maddpg.actorLoss(AGENT, batch);
const graph = inspect(loss, { gradients: true, inputs: actor.network.parameters() });

console.log(`The actor loss of ${agents[AGENT]}, one of ${agents.length}: -mean Q(all observations, all actions).
Below each value is what it was computed from. |gradient| is the length of the gradient that comes back to it.
`);
console.log(toText(withActionsNamed(graph)));
console.log(`
- The gradient goes down through the critic, into the action of ${agents[AGENT]}, and on into the weights of its actor.
- The critic's own weights get none: this loss is to move the actor, so theirs is not even computed.
- The actions of ${agents.filter((_, j) => j !== AGENT).join(' and ')} are cut off by detach(): to ${agents[AGENT]} they are facts, not choices.`);

/** The same graph, with names for what the critic puts side by side. */
function withActionsNamed({ nodes, edges }: Graph): Graph {
  const joined = nodes.find(({ op }) => op === 'concat');
  const names = new Map(
    edges
      .filter(({ to }) => to === joined?.id)
      .map(({ from, input }) => [from, `action of ${agents[input]}`]),
  );
  return { edges, nodes: nodes.map((node) => ({ ...node, name: names.get(node.id) ?? node.name })) };
}
