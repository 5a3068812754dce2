/** Algorithms, networks, exploration and memories of one's own. */

import { integerFrom1, type Range } from '@paragrad/check';
import {
  type ActOptions,
  Actor,
  type ActorCriticState,
  type AgentNetworks,
  type AgentReport,
  type AgentSpec,
  type AlgorithmOptions,
  AnnealedExploration,
  type Batch,
  bellmanTarget,
  CentralizedCritic,
  type Clip,
  type CriticReport,
  descend,
  type ExplorationOptions,
  Maddpg,
  type MaddpgSettings,
  Matd3,
  type Members,
  QLearner,
  ReplayMemory,
  type ReplayMemoryState,
  type SettingsOf,
  type Stateful,
  setting,
  type Trainer,
  type TrainerState,
  type Training,
  tdLoss,
  train,
} from '@paragrad/maddpg';
import type { Generator, Tensor } from '@paragrad/tensor';

export class Patient extends Maddpg {
  static override readonly settings = {
    ...Maddpg.settings,
    patience: setting(2, integerFrom1, 'updates of the critics for each step of the actors'),
  };
  declare readonly settings: SettingsOf<typeof Patient.settings>;
  declare readonly agents: readonly AgentNetworks<Actor>[];

  constructor(specs: readonly AgentSpec[], options: AlgorithmOptions<SettingsOf<typeof Patient.settings>>) {
    super(specs, options);
  }
  protected override makeActor(i: number, generator: Generator) {
    return new Actor(this.specs[i]!, this.settings.hidden, generator, this.settings);
  }
  override actorLoss(i: number, batch: Batch, actions?: readonly Tensor[]) {
    return super.actorLoss(i, batch, actions).mul(0.5);
  }
  protected override steps(batch: Batch): AgentReport[] {
    return super.steps(batch);
  }
  protected override clip(parameters: readonly Tensor[]) {
    return super.clip(parameters);
  }
  override act(observations: readonly Tensor[], options?: ActOptions) {
    return super.act(observations, options);
  }
  override getState() {
    return super.getState();
  }
  override setState(state: ActorCriticState) {
    super.setState(state);
  }
}

export class Twice extends Matd3 {
  override getState() {
    return { ...super.getState() };
  }
}

export class Plain extends QLearner {
  target(i: number, batch: Batch) {
    return bellmanTarget(batch.rewards[i]!, batch.terminations[i]!, this.settings, () =>
      this.nextValue(i, batch),
    );
  }
  protected override steps(batch: Batch): CriticReport[] {
    return this.agents.map(({ q }, i) =>
      this.step([q], () => tdLoss(this.value(i, batch), this.target(i, batch), batch, i)),
    );
  }
}

export class Shaking extends AnnealedExploration {
  constructor(options: ExplorationOptions) {
    super(options);
  }
  protected override vary(actions: Float64Array, at: number, _spec: AgentSpec, episode: number) {
    actions[at] = actions[at]! + this.strength(episode);
  }
  protected override withGenerator(generator: Generator) {
    return new Shaking({ ...this.annealing, generator });
  }
}

export class Keeping extends ReplayMemory implements Stateful {
  override getState(): ReplayMemoryState {
    return super.getState();
  }
}

export const networks = (algorithm: Maddpg) => algorithm.namedParts();
export const settings = (algorithm: Maddpg): MaddpgSettings => algorithm.settings;
export const stateOf = (trainer: Trainer): TrainerState => trainer.getState();
export const run = (training: Training) => train(training);
export const members: Members = [[0, 1]];
export const critics = (specs: readonly AgentSpec[], generator: Generator) =>
  new CentralizedCritic(specs, [64], generator);
export const parts = { descend, range: integerFrom1 as Range<number> };
export const clip: Clip = () => 0;
