import { type Batch, jointBatch, type Maddpg, saveCheckpoint, toJson, train } from '@paragrad/maddpg';
import type { Action, ParallelEnv, Scene, Vector2, WorldState } from '@paragrad/mpe';
import { Generator, Tensor } from '@paragrad/tensor';
import { actionGradients, actionsOf, batchOf, type Observations, values } from './critic.js';
import { type Learned, learn } from './learned.js';
import { type OpenRun, openRun, type RunFiles } from './open-run.js';
import { forceOf } from './vectors.js';

/** One moment of an episode: what is there, what everybody sees, and what their actors do. */
export interface Moment {
  readonly state: WorldState;
  /** o_j, one for each agent. */
  readonly observations: Observations;
  /** a_j = μ_j(o_j), without noise. */
  readonly actions: readonly Float32Array[];
  /** Whether the episode is over. */
  readonly isOver: boolean;
}

/** What agent i's critic says about a moment. */
export interface Advice {
  /** Q_i(x, a_1 ... a_n) */
  readonly value: number;
  /** dQ_i/da_i */
  readonly gradient: Float32Array;
  /** The action and the gradient as forces: to the right and up. */
  readonly force: Vector2;
  readonly push: Vector2;
}

/** Episodes that fill the replay memory of `batchOfEpisodes`. */
const EPISODES = 8;

/** A policy that plays, moment by moment, also backwards. */
export class Session {
  run: OpenRun;
  /** The agents' names. */
  readonly agents: readonly string[];
  seed = 0;
  #env: ParallelEnv;
  /** The states of this episode so far; the last one is now. */
  #states: WorldState[] = [];
  #moment!: Moment;
  #usualGradient: number | undefined;
  #memory: OpenRun['training']['memory'] | undefined;

  /** Throws what `openRun` throws. */
  constructor(files: RunFiles, seed = 0) {
    this.run = openRun(files);
    this.#env = this.run.env;
    this.agents = this.#env.possibleAgents;
    this.restart(seed);
  }

  get algorithm(): Maddpg {
    return this.run.algorithm;
  }

  get moment(): Moment {
    return this.#moment;
  }

  /** Steps since the beginning of the episode. */
  get steps(): number {
    return this.#states.length - 1;
  }

  /** Steps of an episode. */
  get length(): number {
    return this.run.config.env.maxCycles ?? 25;
  }

  /** Begins the episode of this seed. */
  restart(seed: number): void {
    this.seed = seed;
    this.#env.reset({ seed });
    this.#states = [this.#env.getState()];
    this.#look();
  }

  /** Everybody does what their actors say. After the end, the next episode begins. */
  step(): void {
    if (this.#moment.isOver) {
      this.restart(this.seed + 1);
      return;
    }
    this.#states.push(this.#after(this.#moment.state).state);
    this.#look();
  }

  /** Goes back by one step. */
  back(): void {
    if (this.#states.length > 1) this.#states.pop();
    this.#look();
  }

  /** Goes to a step of this episode, also one that was not played yet. */
  goTo(step: number): void {
    const target = Math.min(Math.max(step, 0), this.length);
    if (target < this.steps) this.#states.length = target + 1;
    while (this.steps < target) this.#states.push(this.#after(this.#states.at(-1)!).state);
    this.#look();
  }

  /** Puts things elsewhere, now. The steps before stay as they were. */
  edit(state: WorldState): void {
    this.#states[this.#states.length - 1] = { ...state, steps: this.steps };
    this.#look();
  }

  /** Looks again, after the networks have changed. */
  refresh(): void {
    this.#look();
  }

  /** Goes on with what an equal algorithm has learned meanwhile. */
  learn(learned: Learned): void {
    learn(this.algorithm, learned);
    const { config, training, algorithm, env } = this.run;
    this.run = {
      ...{ config, training, algorithm, env },
      get files() {
        return { 'config.json': toJson('config.json', config), ...saveCheckpoint(algorithm) };
      },
    };
    this.refresh();
  }

  /** What agent i's critic says. `algorithm`: whose critics and actors, by default the run's. */
  advice(i: number, algorithm: Maddpg = this.algorithm): Advice {
    const { state, observations } = this.#moment;
    const batch = batchOf(algorithm, observations);
    const actions = actionsOf(algorithm, observations);
    const gradient = actionGradients(algorithm, i, batch, actions);
    const force = (vector: ArrayLike<number>) => forceOf(state.agents[i], vector, this.run.config);
    return {
      value: values(algorithm, i, batch, actions)[0],
      gradient,
      force: force(actions[i].data),
      push: force(gradient),
    };
  }

  /** The root mean square of all ‖dQ_i/da_i‖ in a batch of this policy's episodes: what a usual gradient is here. */
  get usualGradient(): number {
    this.#usualGradient ??= usualGradientOf(this.algorithm, this.batchOfEpisodes(64));
    return this.#usualGradient;
  }

  /** An environment to try things in; its state may be any. */
  scratchEnv(): ParallelEnv {
    return this.#env;
  }

  /** The picture of this moment, `time` seconds later: agents go on as fast as they are. */
  sceneAt(time: number): Scene {
    const { state } = this.#moment;
    const agents = state.agents.map((agent) => {
      const [x, y] = agent.pos;
      return { ...agent, pos: [x + time * agent.vel[0], y + time * agent.vel[1]] as const };
    });
    this.#env.setState({ ...state, agents });
    return this.#env.scene({ velocities: false });
  }

  /** One row: this moment, what everybody does, and what follows. */
  batchOfMoment(): Batch {
    const { specs } = this.algorithm;
    const { state, observations, actions } = this.#moment;
    const { observations: next, rewards } = this.#after(state);
    const row = (numbers: ArrayLike<number>) => new Tensor(Float32Array.from(numbers), [1, numbers.length]);
    return jointBatch({
      observations: observations.map(row),
      actions: actions.map(row),
      rewards: specs.map(({ name }) => row([rewards[name]])),
      nextObservations: specs.map(({ name }) => row(next[name])),
      terminations: specs.map(() => row([0])),
    });
  }

  /**
   * Rows of a replay memory that the policy filled with its exploration. The same run gives the same rows. `keeper`: whose memory
   * keeps them, by default the run's.
   */
  batchOfEpisodes(rows: number, keeper?: Maddpg): Batch {
    if (!keeper) this.#memory ??= memoryOf(this.run.files);
    const memory = keeper ? memoryOf(this.run.files, keeper) : this.#memory!;
    return memory.sample(rows, new Generator(1));
  }

  /** What happens in the step after this state. */
  #after(state: WorldState) {
    this.#env.setState(state);
    const actions = this.#moment.state === state ? this.#moment.actions : this.#see(state).actions;
    this.#env.setState(state);
    const { specs } = this.algorithm;
    const named = Object.fromEntries(specs.map(({ name }, j) => [name, toAction(actions[j])]));
    const { observations, rewards } = this.#env.step(named);
    return { observations, rewards, state: this.#env.getState() };
  }

  #see(state: WorldState): Pick<Moment, 'observations' | 'actions'> {
    const seen = this.#env.setState(state);
    const observations = this.agents.map((name) => Float32Array.from(seen[name]));
    const actions = actionsOf(this.algorithm, observations).map(({ data }) => Float32Array.from(data));
    return { observations, actions };
  }

  #look(): void {
    const state = this.#states.at(-1)!;
    this.#moment = { state, ...this.#see(state), isOver: this.steps >= this.length };
  }
}

/** Actions of the particle environments are plain numbers. */
function toAction(action: Float32Array): Action {
  return Array.from(action);
}

function usualGradientOf(algorithm: Maddpg, batch: Batch): number {
  const normalized = algorithm.normalized(batch);
  const actions = algorithm.act(batch.observations);
  let squares = 0;
  algorithm.specs.forEach((_, i) => {
    for (const g of actionGradients(algorithm, i, normalized, actions)) squares += g * g;
  });
  return Math.sqrt(squares / (algorithm.specs.length * batch.x.shape[0])) || 1;
}

function memoryOf(files: RunFiles, keeper?: Maddpg): OpenRun['training']['memory'] {
  const { training, config } = openRun(files);
  const { replayCapacity: capacity, nStep, sampling } = config;
  const memory = keeper?.makeMemory({ capacity, nStep, sampling }) ?? training.memory;
  const trainer = train({
    ...training,
    memory,
    episodes: EPISODES,
    warmupSteps: Number.MAX_SAFE_INTEGER,
    onWarning: () => {},
  });
  for (const _ of trainer);
  return memory;
}
