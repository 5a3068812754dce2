import { ArgumentError, checkNoMore, describe } from '@paragrad/check';
import { SeededRandom, seedOf } from './random.js';
import type { Scenario } from './scenario.js';
import { type EnvOptions, Simulation } from './simulation.js';
import { type Box, type Discrete, isArrayLike } from './spaces.js';
import { WorldRows } from './world-rows.js';

/** What `step` returns. The arrays belong to the environment: the next `step` or `reset` overwrites them. */
export interface VectorStep {
  /** `[copies, stateSize]`: what to act on next. For an episode that has just ended, the start of the next one. */
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

/**
 * Many copies of an environment that step together, for algorithms that want batches. Flat float32 arrays go in and out,
 * and a step allocates none. When an episode ends, the next one starts at once. Make one with `makeVectorEnv`.
 *
 * A row of observations is the global state of a copy: the observations of its agents, one after the other.
 * `observationSizes` has their lengths. Every number is what a `ParallelEnv` returns, rounded to float32.
 */
export class VectorEnv {
  readonly name: string;
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
  readonly #simulation: Simulation;
  /** The worlds of the copies. */
  readonly #worlds: WorldRows;
  /** How many steps each copy has taken. */
  readonly #steps: Int32Array;
  #randoms: SeededRandom[];
  readonly #result: VectorStep;
  #started = false;

  constructor(name: string, scenario: Scenario, options: EnvOptions, copies: number) {
    this.#simulation = new Simulation(scenario, options);
    this.#worlds = new WorldRows(scenario.world, copies);
    this.#steps = new Int32Array(copies);
    this.#randoms = makeRandoms(copies, 0);
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
   * Starts an episode in every copy. Returns the observations, `[copies, stateSize]`; the next `step` overwrites them.
   *
   * Copy i is equal to a single environment that was reset with `seed + i`. Without a seed the generators continue. If
   * there was never a seed, they start as with seed 0.
   *
   * @throws ArgumentError if the seed of a copy is not an integer from 0 to 2^53 - 1, or if the options are not an
   *   object.
   */
  reset(options: { seed?: number | undefined } = {}): Float32Array {
    checkNoMore('reset', arguments, 1);
    const seed = seedOf(options);
    if (seed !== undefined) this.#randoms = makeRandoms(this.copies, seed);
    const { observations } = this.#result;
    for (let copy = 0; copy < this.copies; copy++) {
      this.#simulation.reset(this.#randoms[copy]);
      this.#simulation.observe(observations, copy * this.stateSize);
      this.#worlds.saveStart(copy);
    }
    this.#steps.fill(0);
    this.#started = true;
    return observations;
  }

  /**
   * Runs one step of every copy, then resets the copies whose episode has ended.
   *
   * @param actions `[copies, actionSize]`: in each row the actions of the agents, one after the other, in the form of the
   *   option `actionMode`.
   * @throws Error before the first reset, and if the actions are malformed, or too few or too many. Then nothing has
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
      this.#worlds.load(copy);
      simulation.steps = this.#steps[copy];
      simulation.step(actions, copy * this.actionSize);
      simulation.rewards(rewards, copy * agents);
      terminations[copy] = simulation.terminated ? 1 : 0;
      truncations[copy] = simulation.truncated ? 1 : 0;
      if (simulation.terminated || simulation.truncated) {
        simulation.observe(finalObservations, row);
        this.#worlds.checkTraits(copy);
        simulation.reset(this.#randoms[copy]);
        this.#worlds.saveStart(copy);
      } else {
        this.#worlds.save(copy);
      }
      simulation.observe(observations, row);
      this.#steps[copy] = simulation.steps;
    }
    return this.#result;
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

  #check(actions: ArrayLike<number>): void {
    if (!this.#started) throw new Error('step: no episode has been started; call reset() first');
    const expected = this.copies * this.actionSize;
    if (!isArrayLike(actions) || actions.length !== expected) {
      const given = isArrayLike(actions) ? `${actions.length} numbers` : describe(actions);
      throw new ArgumentError(
        `step: the actions are ${given}; give a flat array of ${expected} numbers, [${this.copies}, ${this.actionSize}]`,
      );
    }
    const { actionReaders } = this.#simulation;
    for (let copy = 0; copy < this.copies; copy++) {
      let at = copy * this.actionSize;
      for (const reader of actionReaders) {
        reader.checkAt(actions, at, copy);
        at += reader.size;
      }
    }
  }
}

/** A generator for each copy: copy i has that of a single environment with seed `seed + i`. */
function makeRandoms(copies: number, seed: number): SeededRandom[] {
  return Array.from({ length: copies }, (_, copy) => new SeededRandom(seed + copy));
}
