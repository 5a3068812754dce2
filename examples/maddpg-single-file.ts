/**
 * `npm run example:single-file`: the whole of MADDPG (Lowe et al. 2017, arXiv 1706.02275), to be read from top to bottom. Only the
 * environment, and tensors with their gradients, are imported. `npm run example:single-file -- 5000 2`: 5000 episodes, seed 2. A test
 * checks that `update` gives the same weights as the library (packages/maddpg), bit for bit.
 */
import { realpathSync } from 'node:fs';
import { makeEnv, type ParallelEnv } from '@paragrad/mpe';
import { concat, Generator, grad, linear, noGrad, sub, type Tensor, tensor, uniform } from '@paragrad/tensor';

export const settings = {
  hidden: 64, // width of both hidden layers of every network
  gamma: 0.8, // γ: how much the future counts
  tau: 0.01, // τ: how far a target moves in one update
  actorLr: 0.0003,
  criticLr: 0.002,
  maxGradNorm: 10,
  capacity: 200_000, // transitions in the replay memory
  batchSize: 128,
  stepsPerUpdate: 10,
  randomEpisodes: 400, // with random actions, before learning begins
  noise: [0.3, 0.03], // standard deviation of the exploration noise, at the beginning and at the end
};

// --- Replay memory ---

type Numbers = number[] | Float64Array;
/** One step of all agents. Each array has one entry for each agent. */
export interface Transition {
  observations: Numbers[]; // o_i
  actions: Numbers[]; // a_i
  rewards: Numbers[]; // r_i, a single number each
  nextObservations: Numbers[]; // o'_i
  terminations: Numbers[]; // done_i: 1 if the episode is over for good in o'_i, else 0. A time limit is no such end
}

/** Many transitions: the same arrays, with a tensor [batch, size] for each agent. */
export type Batch = Record<keyof Transition, Tensor[]>;

/** Keeps the newest transitions. */
export class ReplayMemory {
  readonly transitions: Transition[] = [];
  added = 0;
  readonly capacity: number;
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  add(transition: Transition): void {
    this.transitions[this.added++ % this.capacity] = transition;
  }

  /** Draws uniformly, with replacement. */
  sample(batchSize: number, generator: Generator): Batch {
    const { transitions } = this;
    const drawn = Array.from({ length: batchSize }, () => transitions[generator.integer(transitions.length)]);
    const column = (key: keyof Transition) =>
      drawn[0][key].map((_, i) => tensor(drawn.map((transition) => transition[key][i])));
    const keys = Object.keys(drawn[0]) as (keyof Transition)[];
    return Object.fromEntries(keys.map((key) => [key, column(key)])) as Batch;
  }
}

// --- Networks ---

/** A network is its weights: W [out, in] and b [out] for each of three layers. */
type Network = Tensor[];

/** Weights are uniform in ±1/√in, as in PyTorch. */
function makeNetwork(sizes: number[], generator: Generator): Network {
  return sizes.slice(1).flatMap((size, layer) => {
    const bound = 1 / Math.sqrt(sizes[layer]);
    const options = { low: -bound, high: bound, requiresGrad: true };
    return [uniform([size, sizes[layer]], generator, options), uniform([size], generator, options)];
  });
}

/** `linear` is x Wᵀ + b. Several x count as one, side by side. */
function forward([w1, b1, w2, b2, w3, b3]: Network, x: Tensor | Tensor[]): Tensor {
  const h1 = linear(x, w1, b1).relu();
  const h2 = linear(h1, w2, b2).relu();
  return linear(h2, w3, b3);
}

/** μ(o): what an agent observes [batch, obs] -> what it does [batch, act], in [-1, 1] */
const act = (actor: Network, observation: Tensor) => forward(actor, observation).tanh();

/** Q(x, a): what all agents observe and do -> how good that is for one of them [batch, 1] */
const evaluate = (critic: Network, observations: Tensor[], actions: Tensor[]) =>
  forward(critic, [concat(observations, 1), concat(actions, 1)]);

/** A network θ that learns, its target θ', and what Adam remembers of each weight. */
export interface Learner {
  network: Network;
  target: Network;
  mean: Float32Array[]; // of the gradient
  meanSquare: Float32Array[];
  steps: number;
}

export type Agent = Record<'actor' | 'critic', Learner>;

function makeLearner(sizes: number[], generator: Generator): Learner {
  const network = makeNetwork(sizes, generator);
  const target = network.map((weights) => weights.detach().clone());
  const zeros = () => network.map(({ size }) => new Float32Array(size));
  return { network, target, mean: zeros(), meanSquare: zeros(), steps: 0 };
}

/** An actor sees what its agent sees. A critic sees everything. */
export function makeAgents(observationSizes: number[], actionSizes: number[], generator: Generator): Agent[] {
  const total = [...observationSizes, ...actionSizes].reduce((sum, size) => sum + size, 0);
  return observationSizes.map((size, i) => ({
    actor: makeLearner([size, settings.hidden, settings.hidden, actionSizes[i]], generator),
    critic: makeLearner([total, settings.hidden, settings.hidden, 1], generator),
  }));
}

// --- Learning ---

/** One step: θ <- Adam(clip(dL/dθ)). The gradient may pass through other networks, but only this one changes. */
function descend(learner: Learner, loss: Tensor, lr: number, maxGradNorm: number): void {
  adam(learner, clip(grad(loss, learner.network), maxGradNorm), lr);
}

/** g min(1, maxNorm / ‖g‖), where g are the gradients of all weights of a network, as one vector */
function clip(gradients: Tensor[], maxNorm: number): Tensor[] {
  let squares = 0;
  for (const { values } of gradients) for (const g of values) squares += g * g;
  const factor = maxNorm / (Math.sqrt(squares) + 1e-6);
  return factor < 1 ? gradients.map((g) => g.mul(factor)) : gradients;
}

/** Adam (Kingma and Ba 2015): each weight moves by its mean gradient, in units of the gradient's usual size. */
function adam(learner: Learner, gradients: Tensor[], lr: number): void {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
  learner.steps += 1;
  // Both means begin at 0. These two make up for it: at first the means are too small.
  const stepSize = lr / (1 - beta1 ** learner.steps);
  const correction = Math.sqrt(1 - beta2 ** learner.steps);
  for (const [p, weights] of learner.network.entries()) {
    const [g, m, v] = [gradients[p].values, learner.mean[p], learner.meanSquare[p]];
    weights.update((theta) => {
      for (let k = 0; k < theta.length; k++) {
        m[k] = beta1 * m[k] + (1 - beta1) * g[k];
        v[k] = beta2 * v[k] + (1 - beta2) * g[k] * g[k];
        theta[k] -= (stepSize * m[k]) / (Math.sqrt(v[k]) / correction + epsilon);
      }
    });
  }
}

/** θ' <- τ θ + (1 - τ) θ' */
function moveTarget({ network, target }: Learner, tau: number): void {
  for (const [p, weights] of target.entries()) {
    const theta = network[p].values;
    weights.update((slow) => {
      for (let k = 0; k < slow.length; k++) slow[k] = tau * theta[k] + (1 - tau) * slow[k];
    });
  }
}

/** L_i = mean (Q_i(x, a_1 ... a_n) - y_i)²  with  y_i = r_i + γ (1 - done_i) Q'_i(x', a'_1 ... a'_n)  and  a'_j = μ'_j(o'_j) */
export function criticLoss(agents: Agent[], i: number, batch: Batch, gamma: number): Tensor {
  const nextActions = agents.map(({ actor }, j) => act(actor.target, batch.nextObservations[j]));
  const nextValue = evaluate(agents[i].critic.target, batch.nextObservations, nextActions);
  // A constant: no gradient flows into it, because the weights of targets require none.
  const y = batch.rewards[i].add(sub(1, batch.terminations[i]).mul(nextValue).mul(gamma));
  const q = evaluate(agents[i].critic.network, batch.observations, batch.actions);
  return q.sub(y).square().mean();
}

/** -J_i = -mean Q_i(x, a_1 ... a_n)  with  a_j = μ_j(o_j). Its gradient flows through the critic into a_i, and into no other action. */
export function actorLoss(agents: Agent[], i: number, batch: Batch): Tensor {
  const actions = agents.map(({ actor }, j) => act(actor.network, batch.observations[j]));
  const jointAction = actions.map((action, j) => (j === i ? action : action.detach()));
  return evaluate(agents[i].critic.network, batch.observations, jointAction).mean().neg();
}

/** One update of all agents, from one batch. */
export function update(agents: Agent[], batch: Batch, options = settings): void {
  const { gamma, tau, actorLr, criticLr, maxGradNorm } = options;
  for (const [i, { actor, critic }] of agents.entries()) {
    descend(critic, criticLoss(agents, i, batch, gamma), criticLr, maxGradNorm);
    descend(actor, actorLoss(agents, i, batch), actorLr, maxGradNorm);
  }
  for (const { actor, critic } of agents) for (const learner of [actor, critic]) moveTarget(learner, tau);
}

// --- Training ---

type Policy = (observations: Float64Array[]) => number[][]; // what all agents do

/** Plays one episode. Returns the mean return of an agent. */
function play(env: ParallelEnv, policy: Policy, onStep: (step: Transition) => void = () => {}): number {
  const names = env.possibleAgents;
  const inOrder = <T>(record: Record<string, T>) => names.map((name) => record[name]);
  let observations = inOrder(env.reset().observations);
  let total = 0;
  while (env.agents.length > 0) {
    const actions = policy(observations);
    const step = env.step(Object.fromEntries(names.map((name, i) => [name, actions[i]])));
    const nextObservations = inOrder(step.observations);
    const rewards = inOrder(step.rewards).map((reward) => [reward]);
    const terminations = inOrder(step.terminations).map((done) => [Number(done)]);
    onStep({ observations, actions, rewards, nextObservations, terminations });
    for (const [reward] of rewards) total += reward / names.length;
    observations = nextObservations;
  }
  return total;
}

function main(episodes: number, seed: number): void {
  const generator = new Generator(seed);
  const env = makeEnv('simple_spread', { actionMode: 'force' }); // an action is a force: two numbers in [-1, 1]
  const observationSizes = env.possibleAgents.map((name) => env.observationSpace(name).shape[0]);
  const agents = makeAgents(observationSizes, [2, 2, 2], generator);
  const memory = new ReplayMemory(settings.capacity);
  const random: Policy = () => agents.map(() => [generator.uniform(-1, 1), generator.uniform(-1, 1)]);
  const noisy = (noise: number, observations: Float64Array[]) =>
    observations.map((o, i) => {
      const action = noGrad(() => act(agents[i].actor.network, tensor(o).reshape([1, o.length])));
      return Array.from(action.values, (a) => Math.min(Math.max(a + noise * generator.normal(), -1), 1));
    });
  const meanReturn = (policy: Policy) => {
    env.reset({ seed: 0 }); // so that every policy plays the same 200 episodes
    return mean(Array.from({ length: 200 }, () => play(env, policy)));
  };

  const returns: number[] = [];
  for (let episode = 1; episode <= episodes; episode++) {
    const learns = episode > settings.randomEpisodes;
    const noise = settings.noise[0] + (settings.noise[1] - settings.noise[0]) * (episode / episodes);
    const policy: Policy = learns ? (observations) => noisy(noise, observations) : random;
    const onStep = (transition: Transition) => {
      memory.add(transition);
      if (!learns || memory.added % settings.stepsPerUpdate !== 0) return;
      update(agents, memory.sample(settings.batchSize, generator));
    };
    returns.push(play(env, policy, onStep));
    if (episode % 100 === 0) console.log(`episode ${episode}: mean return ${mean(returns.slice(-100))}`);
  }
  console.log(`trained: ${meanReturn((observations) => noisy(0, observations))}, without noise`);
  console.log(`random actions: ${meanReturn(random)}`);
}

const mean = (numbers: number[]) => (numbers.reduce((sum, x) => sum + x, 0) / numbers.length).toFixed(2);

if (realpathSync(process.argv[1]) === import.meta.filename) {
  main(Number(process.argv[2] ?? 3000), Number(process.argv[3] ?? 1));
}
