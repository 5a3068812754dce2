import { type Action, type ActionMode, actionSpace, applyAction, checkAction } from './actions.js';
import { stepPhysics } from './physics.js';
import { SeededRandom } from './random.js';
import { type Image, rasterize } from './render/rasterize.js';
import { type Scene, type SceneOptions, sceneOf } from './render/scene.js';
import type { Benchmark, Scenario } from './scenario.js';
import { Box, type Space } from './spaces.js';
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

export interface ParallelEnvOptions {
  readonly maxCycles: number;
  readonly actionMode: ActionMode;
  readonly benchmarkData: boolean;
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

  readonly #scenario: Scenario;
  readonly #options: ParallelEnvOptions;
  readonly #actionSpace: Space;
  readonly #observationSpaces = new Map<string, Box>();
  readonly #stateSize: number = 0;
  /** The world as made, before any reset or setState. */
  readonly #pristine: WorldState;
  #random = new SeededRandom(0);
  #agents: readonly string[] = [];
  #started = false;
  #steps = 0;

  constructor(name: string, scenario: Scenario, options: ParallelEnvOptions) {
    this.name = name;
    this.#scenario = scenario;
    this.#options = options;
    this.#actionSpace = actionSpace(options.actionMode);
    this.#pristine = captureWorld(scenario.world);
    for (const agent of scenario.world.agents) {
      const size = scenario.observation(agent).length;
      this.#stateSize += size;
      this.#observationSpaces.set(
        agent.name,
        new Box(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, [size]),
      );
    }
    this.possibleAgents = [...this.#observationSpaces.keys()];
  }

  /** The live agents: all of them while an episode runs, none before the first reset and after an episode's end. */
  get agents(): readonly string[] {
    return this.#agents;
  }

  /** The unbounded Box that the agent's observations lie in. @throws RangeError on an unknown agent. */
  observationSpace(agent: string): Box {
    const space = this.#observationSpaces.get(agent);
    if (!space) throw this.#unknownAgent('observationSpace', agent);
    return space;
  }

  /** The space of the agent's actions, which depends on the option `actionMode`. @throws RangeError on an unknown agent. */
  actionSpace(agent: string): Space {
    if (!this.#observationSpaces.has(agent)) throw this.#unknownAgent('actionSpace', agent);
    return this.#actionSpace;
  }

  /**
   * Starts an episode.
   *
   * With a seed, everything random from here on follows from it. Without one the environment's generator goes on from
   * where it is; an environment that was never given a seed starts from seed 0, so that a program gives the same
   * episodes each time it runs. A seed starts other episodes than in Python: the reference draws from NumPy's generator. To
   * start where it did, use `setState`.
   *
   * @throws RangeError if the seed is not an integer from 0 to 2^53 - 1.
   */
  reset({ seed }: { seed?: number | undefined } = {}): ResetResult {
    if (seed !== undefined) this.#random = new SeededRandom(seed);
    restoreWorld(this.#scenario.world, this.#pristine);
    this.#scenario.reset(this.#random);
    this.#start(0);
    return { observations: this.#observe(), infos: this.#perAgent(() => ({})) };
  }

  /**
   * Lets all agents act, and moves the world on by one step.
   *
   * `truncations` says that the time limit of `maxCycles` steps is reached, `terminations` that the task is done; either
   * is the same for all agents, and ends the episode. Observations and rewards of the last step are still returned; a
   * step after it gives empty records.
   *
   * @param actions one action for each live agent, in the form that `actionMode` asks for.
   * @throws Error before the first reset, and on missing, unknown and malformed actions; nothing has changed then.
   */
  step(actions: Readonly<Record<string, Action>>): StepResult {
    this.#assertStarted('step');
    if (this.#agents.length === 0) {
      return { observations: {}, rewards: {}, terminations: {}, truncations: {}, infos: {} };
    }
    this.#checkActions(actions);

    const scenario = this.#scenario;
    const { actionMode, benchmarkData, maxCycles } = this.#options;
    for (const agent of scenario.world.agents) applyAction(agent, actions[agent.name] as Action, actionMode);
    stepPhysics(scenario.world);
    for (const agent of scenario.world.agents) if (agent.silent) agent.utterance.fill(0);

    const rewards = this.#rewards();
    this.#steps += 1;
    const truncated = this.#steps >= maxCycles;
    const terminated = !truncated && (scenario.succeeded?.() ?? false);
    if (truncated || terminated) this.#agents = [];
    return {
      observations: this.#observe(),
      rewards,
      terminations: this.#perAgent(() => terminated),
      truncations: this.#perAgent(() => truncated),
      infos: this.#perAgent((agent) => (benchmarkData ? { benchmarkData: scenario.benchmark(agent) } : {})),
    };
  }

  /** The global state, which in MPE is all agents' observations joined in agent order. @throws Error before the first reset. */
  state(): Float64Array {
    this.#assertStarted('state');
    const joined = new Float64Array(this.#stateSize);
    let offset = 0;
    for (const agent of this.#scenario.world.agents) {
      const observation = this.#scenario.observation(agent);
      for (let i = 0; i < observation.length; i++) joined[offset++] = observation[i] as number;
    }
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
      steps: this.#steps,
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
    this.#start(state.steps ?? 0);
    return this.#observe();
  }

  /**
   * The stage of the curriculum, from 0, or null for an environment made without one. It can be set at any time; what
   * concerns speeds takes effect at the next reset.
   *
   * @throws RangeError when set to a stage that doesn't exist.
   */
  get curriculumStage(): number | null {
    return this.#scenario.curriculum?.stage ?? null;
  }

  set curriculumStage(stage: number) {
    const { curriculum } = this.#scenario;
    if (!curriculum) {
      throw new RangeError(
        `curriculumStage: ${this.name} was made without a curriculum; pass makeEnv {curriculum: true}`,
      );
    }
    if (!Number.isInteger(stage) || stage < 0 || stage >= curriculum.stages) {
      throw new RangeError(
        `curriculumStage: ${stage} is not a stage of ${this.name}; its stages are 0 to ${curriculum.stages - 1}`,
      );
    }
    curriculum.stage = stage;
  }

  /** What there is to see, as plain data, for `rasterize` or a painter of your own. @throws Error before the first reset. */
  scene(options?: SceneOptions): Scene {
    this.#assertStarted('scene');
    return sceneOf(this.#scenario.world, options);
  }

  /** A picture of the world, `size` pixels high and wide (400 by default). @throws Error before the first reset. */
  render({ size, ...options }: SceneOptions & { size?: number | undefined } = {}): Image {
    this.#assertStarted('render');
    return rasterize(sceneOf(this.#scenario.world, options), { size });
  }

  #start(steps: number): void {
    this.#started = true;
    this.#steps = steps;
    this.#agents = this.possibleAgents;
  }

  /** Views of one fresh global state: allocating a typed array for each agent took half of a step's time. */
  #observe(): Record<string, Float64Array> {
    const joined = this.state();
    let end = 0;
    return this.#perAgent(({ name }) => {
      const start = end;
      end += (this.#observationSpaces.get(name) as Box).shape[0];
      return joined.subarray(start, end);
    });
  }

  #rewards(): Record<string, number> {
    const { shared } = this.#scenario;
    if (!shared) return this.#perAgent((agent) => this.#scenario.reward(agent));
    const { localRatio } = shared;
    const common = shared.value() * (1 - localRatio);
    return this.#perAgent((agent) => common + this.#scenario.reward(agent) * localRatio);
  }

  #perAgent<T>(value: (agent: Agent) => T): Record<string, T> {
    const record: Record<string, T> = {};
    for (const agent of this.#scenario.world.agents) record[agent.name] = value(agent);
    return record;
  }

  #checkActions(actions: Readonly<Record<string, unknown>>): void {
    for (const name of this.#agents) {
      if (actions[name] === undefined) {
        throw new TypeError(`step: no action for ${name}; give one for each of ${this.#agents.join(', ')}`);
      }
      checkAction(name, actions[name], this.#options.actionMode);
    }
    for (const name of Object.keys(actions)) {
      if (!this.#observationSpaces.has(name)) throw this.#unknownAgent('step', name);
    }
  }

  #assertStarted(op: string): void {
    if (!this.#started) throw new Error(`${op}: no episode has been started; call reset() first`);
  }

  #unknownAgent(op: string, name: string): RangeError {
    return new RangeError(
      `${op}: there is no agent ${name}; the agents are ${this.possibleAgents.join(', ')}`,
    );
  }
}
