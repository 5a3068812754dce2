import { ArgumentError } from '@paragrad/check';
import type { VectorEnv, WorldState } from '@paragrad/mpe';
import { scope, Tensor } from '@paragrad/tensor';
import { toActionSpace } from '../environments/action-vectors.js';
import { AnnealedExploration } from '../exploration/exploration.js';
import { checkFinite, checkVector } from '../learning/finite.js';
import type { StepRows } from '../replay/step-rows.js';
import type { Copies, CopyState, Seat } from './copies.js';
import { transitionIn } from './step-transition.js';
import type { Training } from './training.js';

/** The copies of a `VectorEnv`. All numbers stay in flat arrays, with a row for each copy. */
export class VectorCopies implements Copies {
  readonly #env: VectorEnv;
  readonly #training: Training;
  /** What the agents do: [copies, sum of act_i] */
  readonly #actions: Float64Array;
  /** The same as the environment takes it. */
  readonly #inSpaces: Float64Array;
  readonly #rows: Omit<StepRows, 'copies' | 'nextObservations'>;
  /** `[copies, sum of obs_i]`: what the agents observe now. It belongs to the environment. */
  #observations: Float32Array;
  /** [copies, n] */
  readonly #returns: Float64Array;
  readonly #begun: boolean[];
  readonly #actionSize: number;

  constructor(env: VectorEnv, training: Training) {
    const { specs } = training.algorithm;
    checkSizes(env, training);
    env.autoReset = false;
    this.#env = env;
    this.#training = training;
    const { copies } = env;
    this.#actionSize = specs.reduce((sum, { actionSize }) => sum + actionSize, 0);
    this.#actions = new Float64Array(copies * this.#actionSize);
    this.#inSpaces = specs.some(({ actionSpace }) => actionSpace)
      ? new Float64Array(copies * env.actionSize)
      : this.#actions;
    this.#rows = {
      observations: new Float32Array(copies * env.stateSize),
      steps: new Float32Array(copies * (this.#actionSize + 2 * specs.length)),
      goesOn: new Uint8Array(copies),
    };
    this.#observations = this.#rows.observations;
    this.#returns = new Float64Array(copies * specs.length);
    this.#begun = new Array(copies).fill(false);
  }

  get count(): number {
    return this.#env.copies;
  }

  start(copy: number, seed: number): void {
    const agents = this.#training.algorithm.specs.length;
    this.#observations = this.#env.reset({ copy, seed });
    this.#returns.fill(0, copy * agents, (copy + 1) * agents);
    this.#begun[copy] = true;
    this.#rows.goesOn[copy] = 1;
  }

  step(seats: readonly Seat[]): void {
    const { algorithm, memory } = this.#training;
    const { observations: before, goesOn } = this.#rows;
    const copies = seats.map(({ copy }) => copy);
    this.#act(copies);
    for (const seat of seats) this.#explore(seat);
    this.#toSpaces(copies);
    before.set(this.#observations);
    const result = this.#env.step(this.#inSpaces);
    for (const copy of copies) goesOn[copy] = result.terminations[copy] || result.truncations[copy] ? 0 : 1;
    this.#writeSteps(copies, result.rewards, result.terminations);
    this.#check(copies, result.observations);
    const rows: StepRows = { ...this.#rows, copies, nextObservations: result.observations };
    memory.addRows(rows);
    if (algorithm.observes === false) return;
    for (const copy of copies) {
      algorithm.observe(transitionIn(rows, algorithm.specs, copy, result.truncations[copy] === 1), copy);
    }
  }

  /** The actions of the policy. */
  #act(copies: readonly number[]): void {
    const { algorithm } = this.#training;
    const { stateSize } = this.#env;
    let from = 0;
    const inputs = algorithm.specs.map(({ observationSize: size }) => {
      const numbers = new Float32Array(copies.length * size);
      let at = 0;
      for (const copy of copies) {
        const start = copy * stateSize + from;
        for (let k = start; k < start + size; k++) numbers[at++] = this.#observations[k];
      }
      from += size;
      return new Tensor(numbers, [copies.length, size]);
    });
    scope(() => {
      const chosen = algorithm.act(inputs, { explore: true, ...(this.count > 1 && { copies }) });
      let to = 0;
      algorithm.specs.forEach(({ name, actionSize: size }, i) => {
        const { data } = chosen[i];
        if (data.length !== copies.length * size) {
          throw new ArgumentError(
            `train: ${name}'s actions have ${data.length} numbers for ${copies.length} rows; return a tensor ` +
              `[${copies.length}, ${size}] from act`,
          );
        }
        copies.forEach((copy, row) => {
          const start = copy * this.#actionSize + to;
          for (let k = 0; k < size; k++) this.#actions[start + k] = data[row * size + k];
        });
        to += size;
      });
    });
  }

  #explore({ copy, exploration, episode }: Seat): void {
    const { specs } = this.#training.algorithm;
    const actions = this.#actions;
    let at = copy * this.#actionSize;
    for (const spec of specs) {
      if (exploration instanceof AnnealedExploration) exploration.explore(actions, at, spec, episode!);
      else {
        const action = exploration.perturb(actions.slice(at, at + spec.actionSize), spec, episode!);
        checkVector(
          `train: ${spec.name}'s action`,
          action,
          spec.actionSize,
          'perturb must return such an action',
        );
        actions.set(action, at);
      }
      at += spec.actionSize;
    }
  }

  /** The actions as the environment takes them. Most spaces take the vectors themselves. */
  #toSpaces(copies: readonly number[]): void {
    if (this.#inSpaces === this.#actions) return;
    const { specs } = this.#training.algorithm;
    for (const copy of copies) {
      let at = copy * this.#actionSize;
      let to = copy * this.#env.actionSize;
      specs.forEach((spec, i) => {
        const value = toActionSpace(spec, this.#actions.subarray(at, at + spec.actionSize));
        if (typeof value === 'number') this.#inSpaces[to] = value;
        else this.#inSpaces.set(value as ArrayLike<number>, to);
        at += spec.actionSize;
        to += this.#env.actionSizes[i];
      });
    }
  }

  /** Actions, rewards and fates side by side, as replay memories keep them. All agents are live until the end. */
  #writeSteps(copies: readonly number[], rewards: Float32Array, terminations: Uint8Array): void {
    const { steps } = this.#rows;
    const agents = this.#training.algorithm.specs.length;
    const width = this.#actionSize + 2 * agents;
    for (const copy of copies) {
      let to = copy * width;
      const from = copy * this.#actionSize;
      for (let k = from; k < from + this.#actionSize; k++) steps[to++] = this.#actions[k];
      for (let i = copy * agents; i < (copy + 1) * agents; i++) {
        this.#returns[i] += rewards[i];
        steps[to++] = rewards[i];
      }
      for (let i = 0; i < agents; i++) steps[to++] = terminations[copy];
    }
  }

  /** Throws if a number is not finite. */
  #check(copies: readonly number[], observations: Float32Array): void {
    const { specs } = this.#training.algorithm;
    const { steps } = this.#rows;
    const { stateSize } = this.#env;
    const agents = specs.length;
    const width = this.#actionSize + 2 * agents;
    for (const copy of copies) {
      // A finite number times 0 is 0, and every other one NaN.
      let sum = 0;
      for (let k = copy * stateSize; k < (copy + 1) * stateSize; k++) sum += observations[k] * 0;
      for (let k = copy * width; k < (copy + 1) * width; k++) sum += steps[k] * 0;
      if (sum === 0) continue;
      const what = (name: string, field: string) => `train: in copy ${copy}, ${name}'s ${field}`;
      const note = 'the step was not added';
      let [observed, done] = [copy * stateSize, copy * width];
      const rewards = done + this.#actionSize;
      specs.forEach(({ name, observationSize, actionSize }, i) => {
        checkFinite(what(name, 'actions'), steps.subarray(done, done + actionSize), note);
        checkFinite(what(name, 'rewards'), steps.subarray(rewards + i, rewards + i + 1), note);
        checkFinite(
          what(name, 'observations'),
          observations.subarray(observed, observed + observationSize),
          note,
        );
        observed += observationSize;
        done += actionSize;
      });
    }
  }

  isOver(copy: number): boolean {
    return this.#rows.goesOn[copy] === 0;
  }

  returnsOf(copy: number): Record<string, number> {
    const { specs } = this.#training.algorithm;
    return Object.fromEntries(specs.map(({ name }, i) => [name, this.#returns[copy * specs.length + i]]));
  }

  getState(copy: number, isPlaying: boolean): CopyState {
    return {
      ...(this.#begun[copy] && { env: this.#env.getState(copy) }),
      ...(isPlaying && { playing: { returns: this.returnsOf(copy) } }),
    };
  }

  setState(copy: number, { env, playing }: CopyState): void {
    const { specs } = this.#training.algorithm;
    this.#begun[copy] = env !== undefined;
    if (env) this.#observations = this.#env.setState(copy, env as WorldState);
    this.#rows.goesOn[copy] = 1;
    specs.forEach(({ name }, i) => {
      this.#returns[copy * specs.length + i] = playing?.returns[name] ?? 0;
    });
  }
}

/** Throws unless the environment's rows are those of the algorithm's agents. */
function checkSizes(env: VectorEnv, { algorithm: { specs } }: Training): void {
  specs.forEach(({ name, observationSize, actionSize, actionSpace }, i) => {
    const [observed, acted] = [env.observationSizes[i], env.actionSizes[i]];
    const expected = actionSpace && 'n' in actionSpace ? 1 : actionSize;
    if (env.possibleAgents[i] === name && observed === observationSize && acted === expected) return;
    throw new ArgumentError(
      `train: in the vector environment, ${env.possibleAgents[i] ?? 'no agent'} is in the place of ${name}, with ${observed} numbers ` +
        `observed and ${acted} in an action, but the algorithm needs ${observationSize} and ${expected}; ` +
        'make it with the parameters of env, actionMode included',
    );
  });
}
