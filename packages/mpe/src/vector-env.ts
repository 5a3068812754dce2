import { SeededRandom } from './random.js';
import type { Scenario } from './scenario.js';
import { type EnvOptions, Simulation } from './simulation.js';
import type { Box, Space } from './spaces.js';
import { WorldRows } from './world-rows.js';

/** What `step` gives back. The arrays are the environment's own: the next `step` or `reset` overwrites them. */
export interface VectorStep {
  /** What to act on next: `[copies, stateSize]`. Where an episode has just ended, the first of the next. */
  readonly observations: Float32Array;
  /** `[copies, agents]` */
  readonly rewards: Float32Array;
  /** `[copies]`: 1 where the task was done, which ended the episode. */
  readonly terminations: Uint8Array;
  /** `[copies]`: 1 where the time limit ended the episode. */
  readonly truncations: Uint8Array;
  /** `[copies, stateSize]`: the last observations of the episodes that have just ended; other rows are left as they were. */
  readonly finalObservations: Float32Array;
}

/**
 * Many copies of an environment, stepped together, for algorithms that want batches: flat float32 arrays in and out, none of
 * them made in a step, and an episode that ends is followed by the next at once. Make one with `makeVectorEnv`.
 *
 * A row of observations is a copy's global state: its agents' observations one after the other, where `observationSizes` says
 * how long each is. Every number is what a `ParallelEnv` gives, rounded to float32.
 */
export class VectorEnv {
  readonly name: string;
  readonly copies: number;
  /** All agents of a copy, in the order of the reference. */
  readonly possibleAgents: readonly string[];
  /** Length of each agent's observation, and of all together. */
  readonly observationSizes: readonly number[];
  readonly stateSize: number;
  /** How many numbers each agent's action is (1 if it is an integer), and all together. */
  readonly actionSizes: readonly number[];
  readonly actionSize: number;
  readonly #simulation: Simulation;
  /** The copies' worlds, and how many steps each has taken. */
  readonly #worlds: WorldRows;
  readonly #steps: Int32Array;
  #randoms: SeededRandom[];
  readonly #result: VectorStep;
  #started = false;

  constructor(name: string, scenario: Scenario, options: EnvOptions, copies: number) {
    this.#simulation = new Simulation(scenario, options);
    this.#worlds = new WorldRows(scenario.world, copies);
    this.#steps = new Int32Array(copies);
    this.#randoms = generators(copies, 0);
    const { agents, readers, observationSizes, stateSize } = this.#simulation;
    this.name = name;
    this.copies = copies;
    this.possibleAgents = agents;
    this.observationSizes = observationSizes;
    this.stateSize = stateSize;
    this.actionSizes = readers.map(({ size }) => size);
    this.actionSize = this.actionSizes.reduce((sum, size) => sum + size, 0);
    this.#result = {
      observations: new Float32Array(copies * stateSize),
      rewards: new Float32Array(copies * readers.length),
      terminations: new Uint8Array(copies),
      truncations: new Uint8Array(copies),
      finalObservations: new Float32Array(copies * stateSize),
    };
  }

  /** Of one agent in each copy. @throws RangeError on an unknown agent. */
  observationSpace(agent: string): Box {
    return this.#simulation.observationSpaces[this.#simulation.indexOf('observationSpace', agent)];
  }

  /** Of one agent in each copy. @throws RangeError on an unknown agent. */
  actionSpace(agent: string): Space {
    return this.#simulation.readers[this.#simulation.indexOf('actionSpace', agent)].space;
  }

  /**
   * Starts an episode in every copy and returns the observations, `[copies, stateSize]`, which the next `step` overwrites.
   *
   * Copy i is what a single environment is that was reset with `seed + i`. Without a seed the generators go on from where
   * they are; to begin with, that is as from seed 0.
   *
   * @throws RangeError if a copy's seed is not an integer from 0 to 2^53 - 1.
   */
  reset({ seed }: { seed?: number | undefined } = {}): Float32Array {
    if (seed !== undefined) this.#randoms = generators(this.copies, seed);
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
   * One step of every copy, and a reset of those whose episode it ends.
   *
   * @param actions `[copies, actionSize]`: in each row the agents' actions one after the other, in the form that `actionMode`
   *   asks for.
   * @throws Error before the first reset, and on actions that are too few, too many or malformed; nothing has changed then.
   */
  step(actions: ArrayLike<number>): VectorStep {
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

  /** As in a `ParallelEnv`, for all copies. @throws RangeError when set to a stage that doesn't exist. */
  get curriculumStage(): number | null {
    return this.#simulation.curriculumStage;
  }

  set curriculumStage(stage: number) {
    this.#simulation.setCurriculumStage(this.name, stage);
  }

  #check(actions: ArrayLike<number>): void {
    if (!this.#started) throw new Error('step: no episode has been started; call reset() first');
    const expected = this.copies * this.actionSize;
    if (actions.length !== expected) {
      throw new TypeError(
        `step: ${actions.length} numbers as actions; give [${this.copies}, ${this.actionSize}], which is ${expected}`,
      );
    }
    const { readers } = this.#simulation;
    for (let copy = 0; copy < this.copies; copy++) {
      let at = copy * this.actionSize;
      for (const reader of readers) {
        reader.checkAt(actions, at, copy);
        at += reader.size;
      }
    }
  }
}

/** Copy i's generator is that of a single environment with seed `seed + i`. */
function generators(copies: number, seed: number): SeededRandom[] {
  return Array.from({ length: copies }, (_, copy) => new SeededRandom(seed + copy));
}
