import { type ActionMode, ActionReader } from './actions.js';
import { ObservationWriter } from './observe.js';
import { type Physics, stepPhysics } from './physics.js';
import type { Random } from './random.js';
import type { Scenario } from './scenario.js';
import { Box } from './spaces.js';
import { WorldRows } from './world-rows.js';

export interface EnvOptions {
  readonly maxCycles: number;
  readonly actionMode: ActionMode;
  readonly physics: Physics;
  readonly benchmarkData: boolean;
}

/**
 * One world with its task, run by plain numbers: `ParallelEnv` puts names to them, and `VectorEnv` runs many copies by it. Agents
 * are in the order of the world; a step makes no arrays or records.
 */
export class Simulation {
  readonly scenario: Scenario;
  readonly agents: readonly string[];
  readonly readers: readonly ActionReader[];
  /** Length of each agent's observation, and of all together. */
  readonly observationSizes: readonly number[];
  readonly stateSize: number;
  readonly observationSpaces: readonly Box[];
  steps = 0;
  /** How the last step left the episode: not over, at its time limit, or with the task done. */
  truncated = false;
  terminated = false;
  readonly #indices: ReadonlyMap<string, number>;
  readonly #options: EnvOptions;
  readonly #writer: ObservationWriter;
  /** The world as made, before any reset or setState. */
  readonly #pristine: WorldRows;

  constructor(scenario: Scenario, options: EnvOptions) {
    const { world } = scenario;
    this.scenario = scenario;
    this.agents = world.agents.map((agent) => agent.name);
    this.#indices = new Map(this.agents.map((agent, i) => [agent, i]));
    this.#options = options;
    this.readers = world.agents.map((agent) => new ActionReader(agent, options.actionMode, options.physics));
    this.#pristine = new WorldRows(world, 1);
    // Numbers beyond a typed array's end are dropped: this writer only counts.
    this.#writer = new ObservationWriter(new Float64Array(0), world.dimC);
    this.observationSizes = world.agents.map((agent) => {
      this.#writer.at = 0;
      scenario.observe(agent, this.#writer);
      return this.#writer.at;
    });
    this.stateSize = this.observationSizes.reduce((sum, size) => sum + size, 0);
    this.observationSpaces = this.observationSizes.map(
      (size) => new Box(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, [size]),
    );
  }

  /** An agent's place in the order. @throws RangeError, in the name of `op`, on an unknown agent. */
  indexOf(op: string, agent: string): number {
    const index = this.#indices.get(agent);
    if (index !== undefined) return index;
    throw new RangeError(`${op}: there is no agent ${agent}; the agents are ${this.agents.join(', ')}`);
  }

  reset(random: Random): void {
    this.#pristine.loadStart(0);
    this.scenario.reset(random);
    this.start(0);
  }

  /** The world has just been set. */
  start(steps: number): void {
    this.steps = steps;
    this.truncated = false;
    this.terminated = false;
  }

  /** Lets all agents do what their (checked) actions say, which lie one after the other from `actions[at]` on. */
  step(actions: ArrayLike<number>, at: number): void {
    let next = at;
    for (const reader of this.readers) {
      reader.apply(actions, next);
      next += reader.size;
    }
    stepPhysics(this.scenario.world, this.#options.physics);
    this.steps += 1;
    this.truncated = this.steps >= this.#options.maxCycles;
    this.terminated = !this.truncated && (this.scenario.succeeded?.() ?? false);
  }

  get curriculumStage(): number | null {
    return this.scenario.curriculum?.stage ?? null;
  }

  setCurriculumStage(name: string, stage: number): void {
    const { curriculum } = this.scenario;
    if (!curriculum) {
      throw new RangeError(
        `curriculumStage: ${name} was made without a curriculum; pass makeEnv {curriculum: true}`,
      );
    }
    if (!Number.isInteger(stage) || stage < 0 || stage >= curriculum.stages) {
      throw new RangeError(
        `curriculumStage: ${stage} is not a stage of ${name}; its stages are 0 to ${curriculum.stages - 1}`,
      );
    }
    curriculum.stage = stage;
  }

  /** What each agent is paid for the last step, from `out[at]` on. */
  rewards(out: Float64Array | Float32Array, at: number): void {
    const { scenario } = this;
    const { agents, collaborative } = scenario.world;
    if (this.#options.physics === 'openai') {
      let sum = 0;
      for (let i = 0; i < agents.length; i++) {
        const reward = scenario.reward(agents[i]);
        out[at + i] = reward;
        sum += reward;
      }
      if (collaborative) out.fill(sum, at, at + agents.length);
    } else if (scenario.shared) {
      const { localRatio } = scenario.shared;
      const common = scenario.shared.value() * (1 - localRatio);
      for (let i = 0; i < agents.length; i++) out[at + i] = common + scenario.reward(agents[i]) * localRatio;
    } else {
      for (let i = 0; i < agents.length; i++) out[at + i] = scenario.reward(agents[i]);
    }
  }

  /** All agents' observations, one after the other from `out[at]` on: the global state. */
  observe(out: Float64Array | Float32Array, at: number): void {
    const { agents } = this.scenario.world;
    const writer = this.#writer;
    writer.target = out;
    writer.at = at;
    for (let i = 0; i < agents.length; i++) {
      const start = writer.at;
      this.scenario.observe(agents[i], writer);
      const size = writer.at - start;
      if (size !== this.observationSizes[i]) {
        throw new Error(
          `observe: the observation of ${agents[i].name} has ${size} numbers now and had ` +
            `${this.observationSizes[i]} when the environment was made; a scenario must always write as many`,
        );
      }
    }
  }
}
