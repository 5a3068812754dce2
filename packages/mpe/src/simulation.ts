import { ArgumentError, checkArgument, describe, trueOrFalse } from '@paragrad/check';
import { type ActionMode, ActionReader } from './actions.js';
import { ObservationWriter } from './observe.js';
import { type Physics, stepPhysics } from './physics.js';
import { type Random, SeededRandom } from './random.js';
import type { Scenario } from './scenario.js';
import { Box } from './spaces.js';
import { WorldRows } from './world-rows.js';

export interface EnvOptions {
  readonly maxCycles: number;
  readonly actionMode: ActionMode;
  readonly physics: Physics;
  readonly benchmarkData: boolean;
}

/** So many pairs take about half a second in each step. */
const MAX_PAIRS = 2 ** 26;

/** @throws ArgumentError before a world is used in which a step would take minutes. */
function checkSize({ agents, landmarks }: Scenario['world']): void {
  const pairs = agents.length * (agents.length + landmarks.length);
  if (pairs <= MAX_PAIRS) return;
  throw new ArgumentError(
    `makeEnv: ${agents.length} agents and ${landmarks.length} landmarks are ${pairs} pairs in each step; give a smaller world, ` +
      `of at most ${MAX_PAIRS} pairs`,
  );
}

/**
 * One world and its task, with plain numbers in and out. `ParallelEnv` adds agent names, `VectorEnv` runs many copies
 * with it. Agents are in the order of the world. A step allocates no arrays or records.
 */
export class Simulation {
  readonly scenario: Scenario;
  readonly agentNames: readonly string[];
  readonly actionReaders: readonly ActionReader[];
  /** Length of each agent's observation. */
  readonly observationSizes: readonly number[];
  /** Length of all observations together. */
  readonly stateSize: number;
  readonly observationSpaces: readonly Box[];
  steps = 0;
  /** Whether the last step reached the time limit. */
  truncated = false;
  /** Whether the task was done after the last step, before the time limit. */
  terminated = false;
  readonly #indices: ReadonlyMap<string, number>;
  readonly #options: EnvOptions;
  readonly #writer: ObservationWriter;
  /** The world as it was made, before any reset or setState. */
  readonly #worldAsMade: WorldRows;

  constructor(scenario: Scenario, options: EnvOptions) {
    const { world } = scenario;
    checkSize(world);
    this.scenario = scenario;
    this.agentNames = world.agents.map((agent) => agent.name);
    this.#indices = new Map(this.agentNames.map((agent, i) => [agent, i]));
    this.#options = options;
    this.actionReaders = world.agents.map(
      (agent) => new ActionReader(agent, options.actionMode, options.physics),
    );
    this.#worldAsMade = new WorldRows(world, 1);
    // Observations may depend on what reset sets. So the lengths are counted after a trial reset.
    scenario.reset(new SeededRandom(0));
    // Long enough for a trial. Longer observations are counted too, because a typed array ignores writes beyond its end. But
    // after such a write, all later ones are slower.
    const trial = new Float64Array(100 + 10 * world.entities.length * (1 + world.dimC));
    this.#writer = new ObservationWriter(trial, world.dimC);
    this.observationSizes = world.agents.map((agent) => {
      this.#writer.begin(trial, 0);
      const returned = scenario.observe(agent, this.#writer) as unknown;
      if (returned === undefined) return this.#writer.at;
      throw new ArgumentError(
        `makeEnv: observe of ${agent.name} returned ${describe(returned)}, but it writes the numbers: out.numbers([1, 2])`,
      );
    });
    this.#worldAsMade.loadStart(0);
    this.stateSize = this.observationSizes.reduce((sum, size) => sum + size, 0);
    this.observationSpaces = this.observationSizes.map(
      (size) => new Box(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, [size]),
    );
  }

  /** The agent's place in the order of the agents. @throws ArgumentError on an unknown agent; `method` is for its message. */
  indexOf(method: string, agent: string): number {
    const index = this.#indices.get(agent);
    if (index !== undefined) return index;
    throw new ArgumentError(
      `${method}: there is no agent ${describe(agent)}; the agents are ${this.agentNames.join(', ')}`,
    );
  }

  reset(random: Random): void {
    this.#worldAsMade.loadStart(0);
    this.scenario.reset(random);
    this.start(0);
  }

  /** Begins an episode in the world as it is now, after `steps` steps. */
  start(steps: number): void {
    this.steps = steps;
    this.truncated = false;
    this.terminated = false;
  }

  /** Runs a step. The (checked) actions of all agents follow each other from `actions[at]` on. */
  step(actions: ArrayLike<number>, at: number): void {
    let next = at;
    for (const reader of this.actionReaders) {
      reader.apply(actions, next);
      next += reader.size;
    }
    stepPhysics(this.scenario.world, this.#options.physics);
    this.scenario.step?.();
    this.steps += 1;
    this.truncated = this.steps >= this.#options.maxCycles;
    this.terminated = !this.truncated && this.#hasSucceeded();
  }

  #hasSucceeded(): boolean {
    const succeeded = this.scenario.succeeded?.() ?? false;
    checkArgument('succeeded', 'the result', succeeded, trueOrFalse);
    return succeeded;
  }

  get curriculumStage(): number | null {
    return this.scenario.curriculum?.stage ?? null;
  }

  setCurriculumStage(name: string, stage: number): void {
    const { curriculum } = this.scenario;
    if (!curriculum) {
      throw new ArgumentError(
        `curriculumStage: ${name} was made without a curriculum; make it with { curriculum: true } if its scenario has one`,
      );
    }
    if (!Number.isInteger(stage) || stage < 0 || stage >= curriculum.stages) {
      throw new ArgumentError(
        `curriculumStage: ${describe(stage)} is not a stage of ${name}; its stages are 0 to ${curriculum.stages - 1}`,
      );
    }
    curriculum.stage = stage;
  }

  /** Writes the agents' rewards for the last step, from `out[at]` on. */
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

  /** Writes the observations of all agents one after the other, from `out[at]` on: the global state. */
  observe(out: Float64Array | Float32Array, at: number): void {
    const { agents } = this.scenario.world;
    const writer = this.#writer;
    writer.begin(out, at);
    for (let i = 0; i < agents.length; i++) {
      const start = writer.at;
      this.scenario.observe(agents[i], writer);
      const size = writer.at - start;
      if (size !== this.observationSizes[i]) {
        throw new ArgumentError(
          `observe: the observation of ${agents[i].name} has ${size} numbers now, but had ` +
            `${this.observationSizes[i]} when the environment was made; a scenario must always write the same number`,
        );
      }
    }
  }
}
