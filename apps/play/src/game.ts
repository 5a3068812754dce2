import type { Policy } from '@paragrad/maddpg';
import {
  type Action,
  type AgentState,
  actionOf,
  type EnvParams,
  type Intent,
  makeEnv,
  type ParallelEnv,
  type ScenarioName,
  type Scene,
  type SceneOptions,
  type SceneShape,
  scriptedActions,
  type WorldState,
} from '@paragrad/mpe';

/** Duration of a step, in seconds. The page plays in real time. */
export const STEP_SECONDS = 0.1;
const MAX_CYCLES = 300;

export interface GameOptions {
  /** The agent that the user plays, by default the last one; null to watch. */
  player?: string | null | undefined;
  /** The seed of the first episode. */
  seed?: number;
  /** Parameters of the scenario. */
  params?: EnvParams<ScenarioName> | undefined;
  /** The policy of all other agents. Without one they are scripted. */
  policy?: Policy | undefined;
  /** Whether the policy returns choices, as those of runs with discrete actions do. */
  policyChooses?: boolean;
  /** Steps of an episode. */
  maxCycles?: number;
}

/** One scenario, played by a policy or by scripted players. The user can play one of the agents. */
export class Game {
  /** Agent names, in order. */
  readonly agents: readonly string[];
  /** The sum of each agent's rewards in this episode. */
  returns: Record<string, number> = {};
  episode = 0;
  /** The agent that the user plays; null to watch. */
  player: string | null;
  readonly #env: ParallelEnv;
  /** A second environment, only for drawing the world between two steps. */
  readonly #view: ParallelEnv;
  readonly #policy: Policy;
  readonly #policyChooses: boolean;
  /** -1 where the first choice is not left but right. */
  readonly #sign: number;
  #observations!: Record<string, Float64Array>;
  #state!: WorldState;

  /** @throws RangeError on an unknown player, and whatever `makeEnv` throws. */
  constructor(scenario: ScenarioName, options: GameOptions = {}) {
    const { player, seed, params, policy, policyChooses = false, maxCycles = MAX_CYCLES } = options;
    const values = { ...params, actionMode: 'force', maxCycles } as const;
    this.#env = makeEnv(scenario, values);
    this.#view = makeEnv(scenario, values);
    this.#policy = policy ?? (() => scriptedActions(this.#env));
    this.#policyChooses = policyChooses && policy !== undefined;
    this.#sign = params?.physics === 'openai' ? -1 : 1;
    this.agents = this.#env.possibleAgents;
    this.player = player === undefined ? this.agents.at(-1)! : player;
    if (this.player !== null && !this.agents.includes(this.player)) {
      throw new RangeError(`play: there is no agent ${player}; the agents are ${this.agents.join(', ')}`);
    }
    this.restart(seed);
  }

  /** Whether the next step is the first of another episode. */
  get isOver(): boolean {
    return this.#env.agents.length === 0;
  }

  get steps(): number {
    return this.#state.steps ?? 0;
  }

  /** The current state of the agent that the user plays. */
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

  /** Runs one step with what the user means to do. After the end of an episode, it is the first step of the next one. */
  step(intent: Intent): void {
    if (this.isOver) this.restart();
    const actions = this.#policy(this.#observations);
    if (this.#policyChooses) {
      for (const agent of this.#state.agents) actions[agent.name] = this.#forceOf(agent, actions[agent.name]);
    }
    if (this.me) actions[this.me.name] = actionOf(this.#env, this.me.name, intent);
    const { observations, rewards } = this.#env.step(actions);
    this.#observations = observations;
    for (const name of this.agents) this.returns[name] += rewards[name];
    this.#state = this.#env.getState();
  }

  /** The weights of choices as an action of mode 'force'. */
  #forceOf({ movable }: AgentState, choices: Action): number[] {
    const weights = Array.from(choices as ArrayLike<number>);
    if (!movable) return weights.map((weight) => 2 * weight - 1);
    const [, left, right, down, up, ...words] = weights;
    const force = [this.#sign * (right - left), this.#sign * (up - down)];
    return [...force, ...words.map((weight) => 2 * weight - 1)];
  }

  /**
   * The picture of the world, `fraction` of a step after the last step. Agents move with their current velocity, as they will
   * in the next step. Goals and keys that the player must not know are left out. Forests hide nothing.
   */
  scene(fraction = 0, options: SceneOptions = {}): Scene {
    const time = fraction * STEP_SECONDS;
    const agents = this.#state.agents.map((agent) => ({
      ...agent,
      pos: [agent.pos[0] + time * agent.vel[0], agent.pos[1] + time * agent.vel[1]] as const,
    }));
    this.#view.setState({ ...this.#state, agents });
    const scene = this.#view.scene(options);
    return { ...scene, shapes: scene.shapes.filter((shape) => this.#isVisible(shape)) };
  }

  /**
   * Whether the player may see the shape. Adversaries see no goals and no keys. An agent does not see its own goal, which
   * others have to tell it. In a scenario with a speaker, only the speaker sees goals.
   */
  #isVisible({ kind, name }: SceneShape): boolean {
    const { me } = this;
    if (!me) return true;
    if (kind === 'key') return !me.adversary;
    if (kind !== 'goal') return true;
    const onlySpeakerSees = this.#state.agents.some(({ speaker }) => speaker);
    return !me.adversary && (!onlySpeakerSees || me.speaker) && name !== me.name;
  }
}
