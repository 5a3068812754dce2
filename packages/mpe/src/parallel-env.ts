import type { Action } from './actions.js';
import { SeededRandom, seedOf } from './random.js';
import { type RasterImage, rasterize } from './render/rasterize.js';
import { type Scene, type SceneOptions, sceneOf } from './render/scene.js';
import type { Benchmark, Scenario } from './scenario.js';
import { type EnvOptions, Simulation } from './simulation.js';
import type { Box, Space } from './spaces.js';
import { captureWorld, checkState, restoreWorld, type WorldState } from './state.js';
import type { Agent } from './world.js';

/** What an agent is told beside its observation: empty, or the benchmark with the option `benchmarkData`. */
export interface Info {
  benchmarkData?: Benchmark;
}

export interface ResetResult {
  observations: Record<string, Float64Array>;
  infos: Record<string, Info>;
}

export interface StepResult extends ResetResult {
  rewards: Record<string, number>;
  terminations: Record<string, boolean>;
  truncations: Record<string, boolean>;
}

/**
 * A particle environment behind PettingZoo's Parallel API: all agents act at once, and what goes in and comes out is
 * keyed by agent name. Make one with {@link makeEnv}.
 *
 * Observations are float64, unrounded; the Python reference hands out the same numbers cast to float32. Every array and
 * record that comes out is the caller's own: no later call changes it. The observations of one call are views of one
 * buffer, which matters only to who transfers buffers between threads.
 */
export class ParallelEnv {
  readonly name: string;
  /** All agents, in the order of the reference. */
  readonly possibleAgents: readonly string[];

  readonly #simulation: Simulation;
  readonly #scenario: Scenario;
  readonly #options: EnvOptions;
  /** The actions and rewards of the step under way, all agents' in a row. */
  readonly #actions: Float64Array;
  readonly #rewards: Float64Array;
  #random = new SeededRandom(0);
  #agents: readonly string[] = [];
  #started = false;

  constructor(name: string, scenario: Scenario, options: EnvOptions) {
    this.name = name;
    this.#scenario = scenario;
    this.#options = options;
    this.#simulation = new Simulation(scenario, options);
    const { agents, readers } = this.#simulation;
    this.possibleAgents = agents;
    this.#actions = new Float64Array(readers.reduce((sum, { size }) => sum + size, 0));
    this.#rewards = new Float64Array(readers.length);
  }

  /** The live agents: all of them while an episode runs, none before the first reset and after an episode's end. */
  get agents(): readonly string[] {
    return this.#agents;
  }

  /** The unbounded Box that the agent's observations lie in. @throws RangeError on an unknown agent. */
  observationSpace(agent: string): Box {
    return this.#simulation.observationSpaces[this.#simulation.indexOf('observationSpace', agent)];
  }

  /** The space of the agent's actions, which depends on the option `actionMode`. @throws RangeError on an unknown agent. */
  actionSpace(agent: string): Space {
    return this.#simulation.readers[this.#simulation.indexOf('actionSpace', agent)].space;
  }

  /**
   * What the agent's action is made of, in order: how many numbers, or in mode `'discrete'` choices, the move is, if it can
   * move, and how many the words are, if it speaks. `[5, 10]` of an agent of simple_reference in mode `'continuous'`.
   *
   * @throws RangeError on an unknown agent.
   */
  actionParts(agent: string): readonly number[] {
    return this.#simulation.readers[this.#simulation.indexOf('actionParts', agent)].parts;
  }

  /**
   * Starts an episode.
   *
   * With a seed, everything random from here on follows from it. Without one the environment's generator goes on from
   * where it is; an environment that was never given a seed starts from seed 0, so that a program gives the same
   * episodes each time it runs. A seed starts other episodes than in Python: the reference draws from NumPy's generator. To
   * start where it did, use `setState`.
   *
   * @throws RangeError if the seed is not an integer from 0 to 2^53 - 1, TypeError on options that are no object.
   */
  reset(options: { seed?: number | undefined } = {}): ResetResult {
    const seed = seedOf(options);
    if (seed !== undefined) this.#random = new SeededRandom(seed);
    this.#simulation.reset(this.#random);
    this.#start();
    return { observations: this.#observe(), infos: this.#perAgent(() => ({})) };
  }

  /**
   * Lets all agents act, and moves the world on by one step.
   *
   * `truncations` says that the time limit of `maxCycles` steps is reached, `terminations` that the task is done; either
   * is the same for all agents, and ends the episode. Observations and rewards of the last step are still returned; a
   * step after it, which takes no actions, gives empty records.
   *
   * @param actions one action for each live agent, in the form that `actionMode` asks for.
   * @throws Error before the first reset, and on missing, unknown and malformed actions; nothing has changed then.
   */
  step(actions: Readonly<Record<string, Action>>): StepResult {
    this.#assertStarted('step');
    this.#readActions(actions);
    if (this.#agents.length === 0) {
      return { observations: {}, rewards: {}, terminations: {}, truncations: {}, infos: {} };
    }
    const simulation = this.#simulation;
    simulation.step(this.#actions, 0);
    simulation.rewards(this.#rewards, 0);
    const { truncated, terminated } = simulation;
    if (truncated || terminated) this.#agents = [];
    const result: StepResult = {
      observations: this.#observe(),
      rewards: {},
      terminations: {},
      truncations: {},
      infos: {},
    };
    for (const agent of this.#scenario.world.agents) {
      const { name, index } = agent;
      result.rewards[name] = this.#rewards[index];
      result.terminations[name] = terminated;
      result.truncations[name] = truncated;
      result.infos[name] = this.#info(agent);
    }
    return result;
  }

  /** The global state, which in MPE is all agents' observations joined in agent order. @throws Error before the first reset. */
  state(): Float64Array {
    this.#assertStarted('state');
    const joined = new Float64Array(this.#simulation.stateSize);
    this.#simulation.observe(joined, 0);
    return joined;
  }

  /**
   * The whole world as plain data, in the format of the golden traces' `initial`; `setState` brings it back exactly. The
   * random generator is not part of it: pass `reset` a seed where that matters.
   *
   * @throws Error before the first reset.
   */
  getState(): WorldState {
    this.#assertStarted('getState');
    const { world, curriculum } = this.#scenario;
    return {
      ...captureWorld(world),
      steps: this.#simulation.steps,
      ...(curriculum && { curriculum_stage: curriculum.stage }),
    };
  }

  /**
   * Puts the world into a given state, with all agents live, and returns their observations.
   *
   * @throws TypeError if the state is of another world (names in their order) or malformed; nothing has changed then.
   */
  setState(state: WorldState): Record<string, Float64Array> {
    const { world } = this.#scenario;
    checkState(world, state);
    if (state.curriculum_stage !== undefined) this.curriculumStage = state.curriculum_stage;
    restoreWorld(world, state);
    this.#simulation.start(state.steps ?? 0);
    this.#start();
    return this.#observe();
  }

  /**
   * The stage of the curriculum, from 0, or null for an environment made without one. It can be set at any time; what
   * concerns speeds takes effect at the next reset.
   *
   * @throws RangeError when set to a stage that doesn't exist.
   */
  get curriculumStage(): number | null {
    return this.#simulation.curriculumStage;
  }

  set curriculumStage(stage: number) {
    this.#simulation.setCurriculumStage(this.name, stage);
  }

  /** What there is to see, as plain data, for `rasterize` or a painter of your own. @throws Error before the first reset. */
  scene(options?: SceneOptions): Scene {
    this.#assertStarted('scene');
    return sceneOf(this.#scenario.world, options);
  }

  /** A picture of the world, `size` pixels high and wide (400 by default). @throws Error before the first reset. */
  render({ size, ...options }: SceneOptions & { size?: number | undefined } = {}): RasterImage {
    this.#assertStarted('render');
    return rasterize(sceneOf(this.#scenario.world, options), { size });
  }

  #start(): void {
    this.#started = true;
    this.#agents = this.possibleAgents;
  }

  /** Views of one fresh global state: allocating a typed array for each agent took half of a step's time. */
  #observe(): Record<string, Float64Array> {
    const joined = this.state();
    let end = 0;
    return this.#perAgent(({ index }) => {
      const start = end;
      end += this.#simulation.observationSizes[index];
      return joined.subarray(start, end);
    });
  }

  #info(agent: Agent): Info {
    if (!this.#options.benchmarkData || !this.#scenario.benchmark) return {};
    return { benchmarkData: this.#scenario.benchmark(agent) };
  }

  #perAgent<T>(value: (agent: Agent) => T): Record<string, T> {
    const record: Record<string, T> = {};
    for (const agent of this.#scenario.world.agents) record[agent.name] = value(agent);
    return record;
  }

  /** Checks all actions, then puts them in a row. */
  #readActions(actions: Readonly<Record<string, unknown>>): void {
    if (typeof actions !== 'object' || actions === null) {
      throw new TypeError(
        `step: the actions are ${actions}; give a record with one for each of ${this.#agents.join(', ')}`,
      );
    }
    for (const name in actions) {
      const { space } = this.#simulation.readers[this.#simulation.indexOf('step', name)];
      if (this.#agents.length === 0) {
        throw new Error(
          `step: ${name} is no longer live, so that no action from its space ${space} can be taken: the episode is ` +
            'over; call reset()',
        );
      }
    }
    const { readers } = this.#simulation;
    this.#agents.forEach((name, i) => {
      if (actions[name] === undefined) {
        throw new TypeError(
          `step: no action for ${name}; give one from its space, ${readers[i].space}, and one for each of ` +
            this.#agents.join(', '),
        );
      }
      readers[i].check(actions[name]);
    });
    let at = 0;
    for (let i = 0; i < this.#agents.length; i++) {
      const action = actions[this.#agents[i]] as Action;
      if (typeof action === 'number') this.#actions[at] = action;
      else for (let k = 0; k < action.length; k++) this.#actions[at + k] = action[k];
      at += readers[i].size;
    }
  }

  #assertStarted(op: string): void {
    if (!this.#started) throw new Error(`${op}: no episode has been started; call reset() first`);
  }
}
