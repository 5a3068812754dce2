/**
 * `npm run example:gradient-flow`: the graph of an actor loss, for one of three MADDPG agents. It shows which way the gradient flows
 * back from the loss, and how large it is on each edge. A file name after it is where to write the graph as a picture:
 * `npm run example:gradient-flow -- gradient-flow.svg`.
 */
import { writeFileSync } from 'node:fs';
import { inspectActorLoss, prepareRun, train } from '@paragrad/maddpg';
import { Generator } from '@paragrad/tensor';
import { fold, toSvg, toText } from '@paragrad/tensor/inspect';

// Four episodes of experience. The networks have one hidden layer, so that the graph is short.
const training = prepareRun({
  settings: { hidden: [64] },
  episodes: 4,
  warmupSteps: 1e9,
});
for (const _ of train(training));
const { algorithm: maddpg } = training;
const batch = training.memory.sample(32, new Generator(1));
const [agent, ...others] = maddpg.specs.map(({ name }) => name);

const { graph, groups } = inspectActorLoss(maddpg, 0, batch);
const networks = fold(graph, groups);
const ofOthers = groups.filter(({ name }) => others.some((other) => name === `${other}'s actor`));

console.log(`The actor loss of ${agent}, one of ${maddpg.specs.length} agents: -mean Q(all observations, all actions).
Below each value are the values that it was computed from.
|gradient| on a line is the norm of the gradient that flows back along that edge.

Each network as one line:
`);
console.log(toText(networks));
console.log(`
Op by op, but for the others' actors:
`);
console.log(toText(fold(graph, ofOthers)));
console.log(`
- The gradient flows through the critic into the action of ${agent}, and on into the weights of its actor.
- The critic's weights get no gradient. This loss changes only the actor, so theirs is not even computed.
- The actions of ${others.join(' and ')} are cut off by detach(): ${agent} takes them as given.`);

const [, , file] = process.argv;
if (file) {
  writeFileSync(
    file,
    toSvg(networks, { title: `The actor loss of ${agent}, and how its gradient flows back` }),
  );
  console.log(`\nThe first of the two as a picture: ${file}`);
}
