/** The code that computes in Node what the page shows of this moment. */
import type { Session } from './session.js';

/** Where the script looks for the run, beside itself. */
export const RUN_FOLDER = 'run';

export function momentScript({ moment, run }: Session): string {
  return `// What the page showed of this moment of ${run.config.algorithm} on ${run.config.scenario}, computed again. The run is in the folder
// ${RUN_FOLDER} beside this file. Needs Node and the packages @paragrad/maddpg and @paragrad/tensor.
import { readFileSync } from 'node:fs';
import { checkpointFileNames, jointBatch, loadCheckpoint, makeRunEnv, parseConfig } from '@paragrad/maddpg';
import { grad, Tensor, zeros } from '@paragrad/tensor';

const read = (name) => {
  const bytes = readFileSync(new URL('${RUN_FOLDER}/' + name, import.meta.url));
  return name.endsWith('.json') ? bytes.toString() : bytes;
};
const algorithm = loadCheckpoint(Object.fromEntries(checkpointFileNames.map((name) => [name, read(name)])));
const { specs, agents } = algorithm;
const env = makeRunEnv(parseConfig(read('config.json'), 'config.json'));

// Where everything is, and what everybody sees there.
const seen = env.setState(${JSON.stringify(moment.state)});
const observations = specs.map(({ name }) => new Tensor(Float32Array.from(seen[name]), [1, seen[name].length]));

// a_j = μ_j(o_j), without noise
const actions = algorithm.act(observations);

// What critics see. They do not look at actions, rewards and ends of the batch, so those are zeros.
const nothing = specs.map(() => zeros([1, 1]));
const batch = algorithm.normalized(
  jointBatch({
    observations,
    actions: specs.map(({ actionSize }) => zeros([1, actionSize])),
    rewards: nothing,
    nextObservations: observations,
    terminations: nothing,
  }),
);

const said = agents.map(({ critic }, i) => {
  // Only agent i's action is a variable: dQ_i/da_i.
  const given = actions.map(({ data, shape }, j) =>
    new Tensor(Float32Array.from(data), shape, { requiresGrad: j === i }),
  );
  const q = critic.network.forward(batch.x, given, i);
  const [gradient] = grad(q.sum(), [given[i]]);
  return { agent: specs[i].name, action: [...actions[i].data], value: q.item(), gradient: [...gradient.data] };
});
console.log(JSON.stringify(said, null, 2));
`;
}
