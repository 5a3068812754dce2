/**
 * `npm run example:gradient-flow`: prints the graph of an actor loss, for one of three MADDPG agents. The graph shows which way the
 * gradient flows back from the loss, and how large it is on each edge.
 */
import { prepareRun, train } from '@paragrad/maddpg';
import { nameParameters } from '@paragrad/nn';
import { Generator } from '@paragrad/tensor';
import { type Graph, inspect, toText } from '@paragrad/tensor/inspect';

const AGENT = 0;

// Four episodes of experience. The networks have one hidden layer, so that the graph is short.
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

console.log(`The actor loss of ${agents[AGENT]}, one of ${agents.length} agents: -mean Q(all observations, all actions).
Below each value are the values that it was computed from.
|gradient| on a line is the norm of the gradient that flows back along that edge.
`);
console.log(toText(withActionsNamed(graph)));
console.log(`
- The gradient flows through the critic into the action of ${agents[AGENT]}, and on into the weights of its actor.
- The critic's weights get no gradient. This loss changes only the actor, so theirs is not even computed.
- The actions of ${agents.filter((_, j) => j !== AGENT).join(' and ')} are cut off by detach(): ${agents[AGENT]} takes them as given.`);

/** The same graph, with a name for each action that enters the critic. */
function withActionsNamed({ nodes, edges }: Graph): Graph {
  const allActions = nodes.find(({ op }) => op === 'concat');
  const names = new Map(
    edges
      .filter(({ to }) => to === allActions?.id)
      .map(({ from, input }) => [from, `action of ${agents[input]}`]),
  );
  return { edges, nodes: nodes.map((node) => ({ ...node, name: names.get(node.id) ?? node.name })) };
}
