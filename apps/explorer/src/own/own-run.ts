/** A run in an environment of the reader's own, from what their code exports. */
import {
  agentSpecs,
  completeConfig,
  type Environment,
  Maddpg,
  makeAlgorithm,
  policyOf,
  prepareRun,
  preset,
  type RunConfig,
  type RunOptions,
  type Training,
} from '@paragrad/maddpg';
import {
  makeEnv,
  type ParallelEnv,
  type ScenarioDefinition,
  type Scene,
  type Vector2,
  type WorldState,
} from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { actionGradients, actionsOf, batchOf } from '../model/critic.js';
import { forceOf } from '../model/vectors.js';

/** What the code exports. */
export interface OwnModule {
  /** A scenario, or the class of an environment. */
  readonly default?: unknown;
  /** How it is trained, if not by the settings that are tuned for moving agents. */
  readonly run?: RunOptions;
}

export interface OwnRun {
  readonly config: RunConfig;
  readonly training: Training;
  /** Plays what was learned so far. Missing if there is nothing to see: only scenarios have pictures. */
  readonly player?: Player;
}

/** A moment of an episode, to be drawn. */
export interface Picture {
  readonly scene: Scene;
  readonly state: WorldState;
  /** What everybody does, and dQ/da. Empty without such critics. */
  readonly forces: readonly Vector2[];
  readonly pushes: readonly Vector2[];
}

/** Throws, with words for the reader, if the code exports no environment, or settings that are wrong. */
export function ownRun({ default: given, run = {} }: OwnModule): OwnRun {
  // For one environment: the reader's class has no copies.
  const { scenario: _, ...tuned } = preset('tuned', 'simple_adversary');
  const settings = { ...tuned.settings, ...run.settings };
  const config = completeConfig({ ...tuned, ...run, settings }, 'run');
  const env = environmentOf(given, config);
  const algorithm = makeAlgorithm(config.algorithm, agentSpecs(env), {
    generator: new Generator(config.seed).fork('weights'),
    ...config.settings,
  });
  const { nStep, replayCapacity: capacity, sampling } = config;
  // Of the run of another environment, what does not depend on it.
  const {
    episodeLength: __,
    maxEpisodeSteps: ___,
    ...training
  } = prepareRun({ ...config, env: {}, kernels: 'auto' });
  return {
    config,
    training: { ...training, env, algorithm, memory: algorithm.makeMemory({ capacity, nStep, sampling }) },
    ...(isScenario(given) && {
      player: new Player(environmentOf(given, config) as ParallelEnv, algorithm, config),
    }),
  };
}

function environmentOf(given: unknown, config: RunConfig): Environment {
  if (isScenario(given)) {
    const actionMode = config.actions === 'discrete' ? 'continuous' : 'force';
    return makeEnv(given, { ...config.env, actionMode }) as unknown as Environment;
  }
  if (typeof given === 'function') return new (given as new () => Environment)();
  throw new Error(
    'The code exports no environment. End it with: export default defineScenario({ ... }), or export default class { ... }',
  );
}

const isScenario = (given: unknown): given is ScenarioDefinition =>
  typeof (given as ScenarioDefinition | undefined)?.create === 'function';

export class Player {
  readonly #env: ParallelEnv;
  readonly #algorithm: Training['algorithm'];
  readonly #config: RunConfig;
  #observations: ReturnType<ParallelEnv['reset']>['observations'];

  constructor(env: ParallelEnv, algorithm: Training['algorithm'], config: RunConfig) {
    this.#env = env;
    this.#algorithm = algorithm;
    this.#config = config;
    this.#observations = env.reset({ seed: config.seed }).observations;
  }

  /** One step; after the end of an episode, the start of the next one. */
  step(): Picture {
    if (this.#env.agents.length === 0) this.#observations = this.#env.reset().observations;
    else {
      const actions = policyOf(this.#algorithm)(this.#observations);
      this.#observations = this.#env.step(actions as Parameters<ParallelEnv['step']>[0]).observations;
    }
    const state = this.#env.getState();
    return { scene: this.#env.scene(), state, ...this.#arrows(state) };
  }

  #arrows({ agents }: WorldState): Pick<Picture, 'forces' | 'pushes'> {
    const algorithm = this.#algorithm;
    if (!(algorithm instanceof Maddpg)) return { forces: [], pushes: [] };
    const rows = algorithm.specs.map(({ name }) => Float32Array.from(this.#observations[name]));
    const actions = actionsOf(algorithm, rows);
    const batch = batchOf(algorithm, rows);
    const force = (vector: ArrayLike<number>, i: number) => forceOf(agents[i], vector, this.#config);
    return {
      forces: actions.map(({ data }, i) => force(data, i)),
      pushes: actions.map((_, i) => force(actionGradients(algorithm, i, batch, actions), i)),
    };
  }
}
