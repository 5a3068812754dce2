import {
  ActionError,
  type Check,
  checkArgument,
  checkNoMore,
  checkOptions,
  describe,
  integerFrom0,
  StateError,
} from '@paragrad/check';
import { SeededRandom, seedCheck } from './random.js';
import type { Scenario } from './scenario.js';
import { type EnvOptions, Simulation } from './simulation.js';
import { type Box, type Discrete, isArrayLike } from './spaces.js';
import { captureWorld, checkState, restoreWorld, type WorldState } from './state.js';
import type { Team } from './world.js';
import { WorldRows } from './world-rows.js';

/** What `step` returns. The arrays belong to the environment: the next `step` or `reset` overwrites them. */
export interface VectorStep {
  /** `[copies, stateSize]`: what to act on next. With `autoReset`, for an episode that has just ended, the start of the next one. */
  readonly observations: Float32Array;
  /** `[copies, agents]` */
  readonly rewards: Float32Array;
  /** `[copies]`: 1 where the episode ended because the task was done. */
  readonly terminations: Uint8Array;
  /** `[copies]`: 1 where the episode ended at the time limit. */
  readonly truncations: Uint8Array;
  /**
   * `[copies, stateSize]`: the last observations of the episodes that have just ended. The other rows keep their old
   * values.
   */
  readonly finalObservations: Float32Array;
}

/** Options of `VectorEnv.reset`. */
export interface VectorResetOptions {
  /** Copy i is equal to a single environment that was reset with `seed + i`. */
  seed?: number | undefined;
  /** Only this copy. Then it is equal to a single environment that was reset with `seed` itself. */
  copy?: number | undefined;
}

/**
 * Many copies of an environment that step together, for algorithms that want batches. Flat float32 arrays go in and out,
 * and a step allocates none. When an episode ends, the next one starts at once. Make one with `makeVectorEnv`.
 *
 * A row of observations is the global state of a copy: the observations of its agents, one after the other.
 * `observationSizes` has their lengths. Every number is what a `ParallelEnv` returns, rounded to float32.
 */
export class VectorEnv {
  /** The name of the scenario. */
  readonly name: string;
  /** How many copies step together. */
  readonly copies: number;
  /** All agents of a copy, in the order of the reference. */
  readonly possibleAgents: readonly string[];
  /** Length of each agent's observation. */
  readonly observationSizes: readonly number[];
  /** Length of all observations of a copy together. */
  readonly stateSize: number;
  /** How many numbers each agent's action has; 1 if it is an integer. */
  readonly actionSizes: readonly number[];
  /** How many numbers all actions of a copy have together. */
  readonly actionSize: number;
  /**
   * Whether the next episode of a copy starts at once when one ends. If not, the copy stands still until `reset` starts it, as with
   * Gymnasium's `AutoresetMode.DISABLED`: its observations stay, and its rewards are 0.
   */
  autoReset = true;
  readonly #simulation: Simulation;
  readonly #scenario: Scenario;
  /** The worlds of the copies. */
  readonly #worlds: WorldRows;
  /** How many steps each copy has taken. */
  readonly #steps: Int32Array;
  /** 1 while a copy is within an episode. */
  readonly #playing: Uint8Array;
  readonly #randoms: SeededRandom[];
  readonly #result: VectorStep;
  #started = false;

  constructor(name: string, scenario: Scenario, options: EnvOptions, copies: number) {
    this.#simulation = new Simulation(scenario, options);
    this.#worlds = new WorldRows(scenario.world, copies);
    this.#steps = new Int32Array(copies);
    this.#playing = new Uint8Array(copies);
    this.#scenario = scenario;
    this.#randoms = Array.from({ length: copies }, (_, copy) => new SeededRandom(copy));
    const { agentNames, actionReaders, observationSizes, stateSize } = this.#simulation;
    this.name = name;
    this.copies = copies;
    this.possibleAgents = agentNames;
    this.observationSizes = observationSizes;
    this.stateSize = stateSize;
    this.actionSizes = actionReaders.map(({ size }) => size);
    this.actionSize = this.actionSizes.reduce((sum, size) => sum + size, 0);
    this.#result = {
      observations: new Float32Array(copies * stateSize),
      rewards: new Float32Array(copies * agentNames.length),
      terminations: new Uint8Array(copies),
      truncations: new Uint8Array(copies),
      finalObservations: new Float32Array(copies * stateSize),
    };
  }

  /** The space of the agent's observations in each copy. @throws ArgumentError on an unknown agent. */
  observationSpace(agent: string): Box {
    return this.#simulation.observationSpaces[this.#simulation.indexOf('observationSpace', agent)];
  }

  /** The space of the agent's actions in each copy. @throws ArgumentError on an unknown agent. */
  actionSpace(agent: string): Box | Discrete {
    return this.#simulation.actionReaders[this.#simulation.indexOf('actionSpace', agent)].space;
  }

  /**
   * The sizes of the parts of the agent's action, as those of a `ParallelEnv`: the move, then the words.
   *
   * @throws ArgumentError on an unknown agent.
   */
  actionParts(agent: string): readonly number[] {
    return this.#simulation.actionReaders[this.#simulation.indexOf('actionParts', agent)].parts;
  }

  /** The agent's team. @throws ArgumentError on an unknown agent. */
  team(agent: string): Team {
    return this.#scenario.world.agents[this.#simulation.indexOf('team', agent)].team;
  }

  /**
   * Starts an episode in every copy, or in one. Returns the observations, `[copies, stateSize]`; the next `step` overwrites them.
   *
   * Without a seed the generators continue. If there was never a seed, they start as with seed 0.
   *
   * @throws ArgumentError if the seed of a copy is not an integer from 0 to 2^53 - 1, if there is no such copy, or if the options
   *   are not an object.
   */
  reset(options: VectorResetOptions = {}): Float32Array {
    checkNoMore('reset', arguments, 1);
    checkOptions<VectorResetOptions>('reset', options, { seed: seedCheck, copy: this.#aCopy });
    const { seed, copy } = options;
    if (copy !== undefined) this.#start(copy, seed);
    else for (let i = 0; i < this.copies; i++) this.#start(i, seed === undefined ? seed : seed + i);
    return this.#result.observations;
  }

  /**
   * Runs one step of every copy. Then, with `autoReset`, it resets the copies whose episode has ended.
   *
   * @param actions `[copies, actionSize]`: in each row the actions of the agents, one after the other, in the form of the
   *   option `actionMode`. Those of a copy that stands still do not count.
   * @throws StateError before the first reset; ActionError if the actions are malformed, or too few or too many. Then nothing has
   *   changed.
   */
  step(actions: ArrayLike<number>): VectorStep {
    checkNoMore('step', arguments, 1);
    this.#check(actions);
    const { observations, rewards, terminations, truncations, finalObservations } = this.#result;
    const simulation = this.#simulation;
    const agents = this.possibleAgents.length;
    for (let copy = 0; copy < this.copies; copy++) {
      const row = copy * this.stateSize;
      if (this.#playing[copy] === 0) {
        rewards.fill(0, copy * agents, (copy + 1) * agents);
        terminations[copy] = truncations[copy] = 0;
        continue;
      }
      this.#worlds.load(copy);
      simulation.steps = this.#steps[copy];
      simulation.step(actions, copy * this.actionSize);
      simulation.rewards(rewards, copy * agents);
      terminations[copy] = simulation.terminated ? 1 : 0;
      truncations[copy] = simulation.truncated ? 1 : 0;
      if (simulation.terminated || simulation.truncated) {
        simulation.observe(finalObservations, row);
        this.#worlds.checkTraits(copy);
        if (this.autoReset) {
          this.#start(copy);
          continue;
        }
        this.#playing[copy] = 0;
      }
      this.#worlds.save(copy);
      simulation.observe(observations, row);
      this.#steps[copy] = simulation.steps;
    }
    return this.#result;
  }

  /**
   * Everything in the world of a copy, as `ParallelEnv.getState` returns it: plain data, without the generator.
   *
   * @throws ArgumentError if there is no such copy, and StateError before the first reset.
   */
  getState(copy: number): WorldState {
    checkNoMore('getState', arguments, 1);
    this.#checkCopy('getState', copy);
    this.#checkStarted('getState');
    this.#worlds.load(copy);
    const { world, curriculum } = this.#scenario;
    return {
      ...captureWorld(world),
      steps: this.#steps[copy],
      ...(curriculum && { curriculum_stage: curriculum.stage }),
    };
  }

  /**
   * Sets the world of a copy, which is within an episode then. Returns the observations, `[copies, stateSize]`.
   *
   * @throws ArgumentError if there is no such copy, or if the state is malformed. Then nothing has changed.
   */
  setState(copy: number, state: WorldState): Float32Array {
    checkNoMore('setState', arguments, 2);
    this.#checkCopy('setState', copy);
    const { world } = this.#scenario;
    checkState(world, state);
    if (state.curriculum_stage !== undefined) this.curriculumStage = state.curriculum_stage;
    restoreWorld(world, state);
    this.#simulation.start(state.steps ?? 0);
    this.#begin(copy);
    return this.#result.observations;
  }

  /**
   * The stage of the curriculum in all copies; see `ParallelEnv`.
   *
   * @throws ArgumentError when set to a stage that does not exist.
   */
  get curriculumStage(): number | null {
    return this.#simulation.curriculumStage;
  }

  set curriculumStage(stage: number) {
    this.#simulation.setCurriculumStage(this.name, stage);
  }

  /** Starts an episode of a copy. */
  #start(copy: number, seed?: number): void {
    if (seed !== undefined) this.#randoms[copy] = new SeededRandom(seed);
    this.#simulation.reset(this.#randoms[copy]);
    this.#begin(copy);
  }

  /** From now on, the world as it is belongs to this copy. */
  #begin(copy: number): void {
    this.#worlds.saveStart(copy);
    this.#simulation.observe(this.#result.observations, copy * this.stateSize);
    this.#steps[copy] = this.#simulation.steps;
    this.#playing[copy] = 1;
    this.#started = true;
  }

  get #aCopy(): Check<number> {
    return {
      inWords: `the index of a copy, from 0 to ${this.copies - 1}`,
      accepts: (value): value is number => integerFrom0.accepts(value) && value < this.copies,
    };
  }

  #checkCopy(method: string, copy: number): void {
    checkArgument(method, 'copy', copy, this.#aCopy);
  }

  #checkStarted(method: string): void {
    if (!this.#started) throw new StateError(`${method}: no episode has been started; call reset() first`);
  }

  #check(actions: ArrayLike<number>): void {
    this.#checkStarted('step');
    const expected = this.copies * this.actionSize;
    if (!isArrayLike(actions) || actions.length !== expected) {
      const given = isArrayLike(actions) ? `${actions.length} numbers` : describe(actions);
      throw new ActionError(
        `step: the actions are ${given}; give a flat array of ${expected} numbers, [${this.copies}, ${this.actionSize}]`,
      );
    }
    const { actionReaders } = this.#simulation;
    for (let copy = 0; copy < this.copies; copy++) {
      if (this.#playing[copy] === 0) continue;
      let at = copy * this.actionSize;
      for (const reader of actionReaders) {
        reader.checkAt(actions, at, copy);
        at += reader.size;
      }
    }
  }
}
