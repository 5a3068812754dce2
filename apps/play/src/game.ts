import type { Policy } from '@paragrad/maddpg';
import {
  type AgentState,
  type EnvParams,
  makeEnv,
  type ParallelEnv,
  type ScenarioName,
  type Scene,
  type SceneOptions,
  type SceneShape,
  type WorldState,
} from '@paragrad/mpe';
import { actionOf, type Choice, scriptedActions } from './scripted.js';

/** Simulated seconds that a step takes; the page plays them in real time. */
export const STEP_SECONDS = 0.1;
const MAX_CYCLES = 300;

export interface GameOptions {
  /** The agent that is played, the last one by default; null to watch. */
  player?: string | null | undefined;
  /** Of the first episode. */
  seed?: number;
  /** Parameters of the scenario. */
  params?: EnvParams<ScenarioName> | undefined;
  /** What all others do; they are scripted without one. */
  policy?: Policy | undefined;
}

/** One scenario, played by a policy or scripted agents and, if there is a player, by somebody with a keyboard. */
export class Game {
  /** Agent names, in order. */
  readonly agents: readonly string[];
  /** What each agent has earned in this episode, and on average in those before. */
  returns: Record<string, number> = {};
  episode = 0;
  /** The agent that is played; null to watch. */
  player: string | null;
  readonly #env: ParallelEnv;
  /** Stands where the world will be between two steps, to be drawn. */
  readonly #view: ParallelEnv;
  readonly #policy: Policy;
  #observations!: Record<string, Float64Array>;
  #state!: WorldState;

  /** @throws RangeError on an unknown player, and whatever `makeEnv` throws. */
  constructor(scenario: ScenarioName, { player, seed, params, policy }: GameOptions = {}) {
    const values = { ...params, actionMode: 'force', maxCycles: MAX_CYCLES } as const;
    this.#env = makeEnv(scenario, values);
    this.#view = makeEnv(scenario, values);
    this.#policy = policy ?? (() => scriptedActions(scenario, this.#state));
    this.agents = this.#env.possibleAgents;
    this.player = player === undefined ? this.agents.at(-1)! : player;
    if (this.player !== null && !this.agents.includes(this.player)) {
      throw new RangeError(`play: there is no agent ${player}; the agents are ${this.agents.join(', ')}`);
    }
    this.restart(seed);
  }

  get steps(): number {
    return this.#state.steps ?? 0;
  }

  /** The agent that is played, as it is. */
  get me(): AgentState | undefined {
    return this.#state.agents.find(({ name }) => name === this.player);
  }

  /** Starts an episode. */
  restart(seed?: number): void {
    this.#observations = this.#env.reset({ seed }).observations;
    this.episode += 1;
    this.returns = Object.fromEntries(this.agents.map((name) => [name, 0]));
    this.#state = this.#env.getState();
  }

  /** One step, in which the player does as told; where the episode is over, the first of the next. */
  step(told: Choice): void {
    if (this.#env.agents.length === 0) this.restart();
    const actions = this.#policy(this.#observations);
    if (this.me) actions[this.me.name] = actionOf(this.me, told);
    const { observations, rewards } = this.#env.step(actions);
    this.#observations = observations;
    for (const name of this.agents) this.returns[name] += rewards[name];
    this.#state = this.#env.getState();
  }

  /**
   * What there is to see, some share of a step after the last one: positions go on with the velocities that the next step will
   * move them with. Goals and keys that are secret to the player are left out; forests hide nothing here.
   */
  scene(share = 0, options: SceneOptions = {}): Scene {
    const time = share * STEP_SECONDS;
    const agents = this.#state.agents.map((agent) => ({
      ...agent,
      pos: [agent.pos[0] + time * agent.vel[0], agent.pos[1] + time * agent.vel[1]] as const,
    }));
    this.#view.setState({ ...this.#state, agents });
    const scene = this.#view.scene(options);
    return { ...scene, shapes: scene.shapes.filter((shape) => this.#isKnown(shape)) };
  }

  /** Goals are secret to adversaries, to whom they are told by others, and to all but the speaker where there is one. */
  #isKnown({ kind, name }: SceneShape): boolean {
    const { me } = this;
    if (!me) return true;
    if (kind === 'key') return !me.adversary;
    if (kind !== 'goal') return true;
    const elsewhere = this.#state.agents.some(({ speaker }) => speaker) && !me.speaker;
    return !me.adversary && !elsewhere && name !== me.name;
  }
}
