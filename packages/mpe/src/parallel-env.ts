import {
  type Check,
  checkArgument,
  checkNoMore,
  checkOptions,
  integerFrom1,
  StateError,
} from '@paragrad/check';
import type { Action, ActionMode } from './actions.js';
import { type EnvMetadata, metadataOf } from './metadata.js';
import type { Physics } from './physics.js';
import { SeededRandom, seedOf } from './random.js';
import { readActions } from './read-actions.js';
import { type RasterImage, rasterize } from './render/rasterize.js';
import { type RenderOptions, renderOptions, type Scene, type SceneOptions, sceneOf } from './render/scene.js';
import type { ResetResult, StepResult } from './results.js';
import type { Scenario, ScenarioDefinition } from './scenario.js';
import { type EnvOptions, Simulation } from './simulation.js';
import type { Box, Discrete } from './spaces.js';
import { captureWorld, checkState, restoreWorld, type WorldState } from './state.js';
import type { Agent, Team } from './world.js';

const integerFrom1to1000: Check<number> = {
  inWords: 'an integer from 1 to 1000',
  accepts: (value): value is number => integerFrom1.accepts(value) && value <= 1000,
};

/**
 * A particle environment with PettingZoo's Parallel API. All agents act at once. Actions and results are records, keyed
 * by agent name. Make one with {@link makeEnv}.
 *
 * Observations are float64. The Python reference rounds the same numbers to float32. Every array and record that a method
 * returns belongs to the caller: no later call changes it. The observations of one call are views of one buffer. You
 * notice this only if you transfer buffers between threads.
 */
export class ParallelEnv {
  /** The scenario's name, without a version. */
  readonly name: string;
  /** PettingZoo's metadata. */
  readonly metadata: EnvMetadata;
  /** All agents, in the order of the reference. */
  readonly possibleAgents: readonly string[];
  /** What the environment was made from: a scenario of the reference, or one of your own. */
  readonly definition: Pick<ScenarioDefinition, 'name' | 'version'>;

  readonly #simulation: Simulation;
  readonly #scenario: Scenario;
  readonly #options: EnvOptions;
  /** The actions of the current step, agent after agent. */
  readonly #actions: Float64Array;
  /** The rewards of the current step, one for each agent. */
  readonly #rewards: Float64Array;
  /** Makes a scenario like this one, for `sideBySide`. */
  readonly #remake: () => Scenario;
  /** The generator, which environments that are side by side share. */
  #draws = { random: new SeededRandom(0) };
  #agents: readonly string[] = [];
  #started = false;

  constructor(
    definition: Pick<ScenarioDefinition, 'name' | 'version'>,
    scenario: Scenario,
    options: EnvOptions,
    remake: () => Scenario,
  ) {
    this.definition = definition;
    this.#remake = remake;
    this.name = definition.name;
    this.metadata = metadataOf(definition, options.physics);
    this.#scenario = scenario;
    this.#options = options;
    this.#simulation = new Simulation(scenario, options);
    const { agentNames, actionReaders } = this.#simulation;
    this.possibleAgents = agentNames;
    this.#actions = new Float64Array(actionReaders.reduce((sum, { size }) => sum + size, 0));
    this.#rewards = new Float64Array(agentNames.length);
  }

  /** How actions are written. */
  get actionMode(): ActionMode {
    return this.#options.actionMode;
  }

  /** Whose dynamics, signs of actions and rewards these are. */
  get physics(): Physics {
    return this.#options.physics;
  }

  /** The live agents: all agents while an episode runs, none before the first reset and after the end of an episode. */
  get agents(): readonly string[] {
    return this.#agents;
  }

  /** Number of live agents. */
  get numAgents(): number {
    return this.#agents.length;
  }

  /** Number of possible agents. */
  get maxNumAgents(): number {
    return this.possibleAgents.length;
  }

  /** The space of the agent's observations: a Box without bounds. @throws ArgumentError on an unknown agent. */
  observationSpace(agent: string): Box {
    return this.#simulation.observationSpaces[this.#simulation.indexOf('observationSpace', agent)];
  }

  /** The space of the agent's actions, which depends on the option `actionMode`. @throws ArgumentError on an unknown agent. */
  actionSpace(agent: string): Box | Discrete {
    return this.#simulation.actionReaders[this.#simulation.indexOf('actionSpace', agent)].space;
  }

  /**
   * The sizes of the parts of the agent's action: first the move, if it can move, then the words, if it speaks. A size counts
   * numbers, or choices in mode `'discrete'`. An agent of simple_reference has `[5, 10]` in mode `'continuous'`.
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
   * Starts an episode.
   *
   * With a seed, everything random from now on follows from the seed. Without one, the environment's generator continues.
   * An environment that never got a seed starts with seed 0, so that a program runs the same episodes each time. A seed
   * starts a different episode than in Python, where the reference draws from NumPy's generator. To start like a recorded
   * episode of the reference, use `setState`.
   *
   * @throws ArgumentError if the seed is not an integer from 0 to 2^53 - 1, or if the options are not an object.
   */
  reset(options: { seed?: number | undefined } = {}): ResetResult {
    checkNoMore('reset', arguments, 1);
    const seed = seedOf(options);
    if (seed !== undefined) this.#draws.random = new SeededRandom(seed);
    this.#simulation.reset(this.#draws.random);
    this.#start();
    return { observations: this.#observe(), infos: this.#perAgent(() => ({})) };
  }

  /**
   * Runs one step, in which all agents act.
   *
   * `truncations` are true when the time limit of `maxCycles` steps is reached, `terminations` when the task is done.
   * Both are the same for all agents, and each ends the episode. The last step still returns observations and rewards.
   * After the end, `step({})` returns empty records.
   *
   * @param actions one action for each live agent, in the form of the option `actionMode`.
   * @throws StateError before the first reset, ActionError on wrong or missing actions. Then nothing has changed.
   */
  step(actions: Readonly<Record<string, Action>>): StepResult {
    checkNoMore('step', arguments, 1);
    this.#assertStarted('step');
    readActions(actions, this.#agents, this.#simulation, this.#actions);
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
    const measures = this.#options.benchmarkData && this.#scenario.benchmark;
    for (const agent of this.#scenario.world.agents) {
      const { name, index } = agent;
      result.rewards[name] = this.#rewards[index];
      result.terminations[name] = terminated;
      result.truncations[name] = truncated;
      result.infos[name] = measures ? { benchmarkData: this.#scenario.benchmark!(agent) } : {};
    }
    return result;
  }

  /** The global state: the observations of all agents, joined in their order. @throws StateError before the first reset. */
  state(): Float64Array {
    this.#assertStarted('state');
    const joined = new Float64Array(this.#simulation.stateSize);
    this.#simulation.observe(joined, 0);
    return joined;
  }

  /**
   * Everything in the world, as plain data. `setState` restores it exactly. The format is that of `initial` in the golden
   * traces. The random generator is not included: give `reset` a seed where that matters.
   *
   * @throws StateError before the first reset.
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
   * Sets everything in the world to the given state. All agents are live then. Returns their observations.
   *
   * @throws ArgumentError if the state is malformed, or if names or their order differ. Then nothing has changed.
   */
  setState(state: WorldState): Record<string, Float64Array> {
    checkNoMore('setState', arguments, 1);
    const { world } = this.#scenario;
    checkState(world, state);
    if (state.curriculum_stage !== undefined) this.curriculumStage = state.curriculum_stage;
    restoreWorld(world, state);
    this.#simulation.start(state.steps ?? 0);
    this.#start();
    return this.#observe();
  }

  /**
   * The stage of the curriculum, from 0; null if the environment was made without a curriculum. You can set it at any
   * time. A change of speeds takes effect at the next reset. @throws ArgumentError if there is no such stage.
   */
  get curriculumStage(): number | null {
    return this.#simulation.curriculumStage;
  }

  set curriculumStage(stage: number) {
    this.#simulation.setCurriculumStage(this.name, stage);
  }

  /** The picture as plain data, for `rasterize` or your own painter. @throws StateError before the first reset. */
  scene(options?: SceneOptions): Scene {
    this.#assertStarted('scene');
    return sceneOf(this.#scenario.world, options);
  }

  /** The picture of the world as pixels, `size` pixels high and wide (default 400). @throws StateError before the first reset. */
  render(options: RenderOptions = {}): RasterImage {
    this.#assertStarted('render');
    checkOptions('render', options, renderOptions);
    const { size, ...ofScene } = options;
    return rasterize(sceneOf(this.#scenario.world, ofScene), { size });
  }

  /**
   * This environment and others like it, `count` in all, with one generator: whichever is reset next begins the episode that this
   * one would have begun. So `evaluate` plays the same episodes, many at once.
   *
   * @throws ArgumentError if the count is not an integer from 1 to 1000.
   */
  sideBySide(count: number): ParallelEnv[] {
    checkNoMore('sideBySide', arguments, 1);
    checkArgument('sideBySide', 'the count', count, integerFrom1to1000);
    const others = Array.from({ length: count - 1 }, () => {
      const env = new ParallelEnv(this.definition, this.#remake(), this.#options, this.#remake);
      env.#draws = this.#draws;
      if (this.curriculumStage !== null) env.curriculumStage = this.curriculumStage;
      return env;
    });
    return [this, ...others];
  }

  /** Does nothing, because there is only memory to release. PettingZoo has it. The environment still works afterwards. */
  close(): void {}

  #start(): void {
    this.#started = true;
    this.#agents = this.possibleAgents;
  }

  /** Views of one new global state. Making one array for each agent took half the time of a step. */
  #observe(): Record<string, Float64Array> {
    const joined = this.state();
    let end = 0;
    return this.#perAgent(({ index }) => {
      const start = end;
      end += this.#simulation.observationSizes[index];
      return joined.subarray(start, end);
    });
  }

  #perAgent<T>(value: (agent: Agent) => T): Record<string, T> {
    const record: Record<string, T> = {};
    for (const agent of this.#scenario.world.agents) record[agent.name] = value(agent);
    return record;
  }

  #assertStarted(method: string): void {
    if (!this.#started) throw new StateError(`${method}: no episode has been started; call reset() first`);
  }
}
