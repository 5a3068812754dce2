/** Compares whole MADDPG updates with PyTorch's, quantity by quantity. fixtures/golden/torch/README.md states the tolerances. */
import { type Module, parseSafetensors } from '@paragrad/nn';
import { concat, Generator, grad, stack, Tensor } from '@paragrad/tensor';
import { describe, expect, test, vi } from 'vitest';
import { list, readBytes, readJson, torchDir } from '../../../fixtures/golden/read.js';
import {
  type AgentNetworks,
  type AlgorithmOptions,
  type Batch,
  type Critic,
  jointBatch,
  Maddpg,
  type MaddpgSettings,
  Matd3,
  TwinCritic,
} from '../src/index.js';

interface Config {
  name: string;
  file: string;
  variant: Variant;
  num_agents: number;
  obs: number[];
  act: number[];
  max_action: number[];
  hidden: number[];
  batch: number;
  gamma: number;
  tau: number;
  lr_actor: number;
  lr_critic: number;
  clip: number;
  updates: number;
  targets: 'copy' | 'independent';
  policy_noise?: number;
  noise_clip?: number;
  policy_delay?: number;
  /** null: no actor step. */
  scalars: { f64: Record<ScalarName, (number | null)[][]> };
}
type Variant = 'centralised' | 'decentralised' | 'replay_actions' | 'matd3';
type ScalarName = 'critic_loss' | 'actor_loss' | 'critic_norm' | 'actor_norm';

/** An agent's networks, by their recorded names. */
const NETWORKS: Record<string, (agent: AgentNetworks) => Module<never>> = {
  actor: ({ actor }) => actor.network,
  critic: ({ critic }) => critic.network,
  target_actor: ({ actor }) => actor.target,
  target_critic: ({ critic }) => critic.target,
};
const TOLERANCE = { values: 1e-5, scalars: 1e-5, gradients: 1e-4, networks: 1e-3, targets: 3e-3 };

// These need GOLDEN_TORCH_DIR. The fixtures here have a smaller configuration of the same variant for each of them.
const LARGE = ['spread_h16', 'tag_h16', 'tag_h16_decentralised', 'spread_h16_replay', 'spread_h10_matd3'];
const files = list(torchDir);
const configs = readJson<{ configs: Config[] }>(torchDir, 'maddpg.json').configs.filter(
  ({ name, file }) => files.includes(file) || !LARGE.includes(name),
);

/** The settings of each variant. */
const OPTIONS: Record<Variant, Partial<AlgorithmOptions<MaddpgSettings>>> = {
  centralised: {},
  decentralised: { critic: 'independent' },
  replay_actions: { othersActions: 'replay' },
  matd3: {},
};

describe('PyTorch parity of whole updates', () => {
  test('the folder has every variant', () => {
    expect(new Set(configs.map(({ variant }) => variant))).toEqual(new Set(Object.keys(OPTIONS)));
  });

  test.each(configs)('$name: every recorded quantity agrees', (config) => {
    const golden = new Golden(config);
    const maddpg = golden.freshMaddpg();

    for (let update = 1; update <= config.updates; update++) {
      const batch = golden.batch(update - 1);
      maddpg.updates = update;
      const nextActions = maddpg.nextActions(batch);
      golden.expectActions(`f64/u${update}/next_act`, nextActions);

      maddpg.agents.forEach((agent, i) => {
        const [actor, critic] = [agent.actor.network, agent.critic.network];
        golden.expectRow(`f64/u${update}/y`, i, maddpg.target(i, batch, nextActions));
        golden.expectRow(`f64/u${update}/q_pred`, i, predictions(critic, batch, i));

        golden.expectGradient(
          `u${update}/grad/critic/${i}`,
          grad(maddpg.criticLoss(i, batch, nextActions), critic.parameters()),
        );
        const criticReport = maddpg.criticStep(i, batch, nextActions);
        golden.expectScalar('critic_loss', update, i, criticReport.criticLoss);
        golden.expectScalar('critic_norm', update, i, criticReport.criticGradNorm);
        golden.expectGradient(
          `u${update}/grad_clipped/critic/${i}`,
          critic.parameters().map((p) => p.grad!),
        );

        const actorBefore = flatten(actor.parameters());
        const forward = vi.spyOn(critic, 'forward');
        const actorLoss = maddpg.actorLoss(i, batch);
        const [, actions] = forward.mock.lastCall!;
        forward.mockRestore();
        golden.expectActions(
          `f64/u${update}/joint_act/${i}`,
          config.variant === 'decentralised' ? [actions[i]] : actions,
        );
        golden.expectGradient(`u${update}/grad/actor/${i}`, grad(actorLoss, actor.parameters()));
        const actorReport = maddpg.actorStep(i, batch);
        if (golden.actorsRest(update)) {
          expect(flatten(actor.parameters())).toEqual(actorBefore);
          return;
        }
        golden.expectScalar('actor_loss', update, i, actorReport.actorLoss);
        golden.expectScalar('actor_norm', update, i, actorReport.actorGradNorm);
        golden.expectGradient(
          `u${update}/grad_clipped/actor/${i}`,
          actor.parameters().map((p) => p.grad!),
        );
      });
      maddpg.targetStep();
      golden.expectNetworks(update, maddpg);
    }

    // update() takes the same steps in the same order.
    const whole = golden.freshMaddpg();
    for (let update = 1; update <= config.updates; update++) whole.update(golden.batch(update - 1));
    maddpg.agents.forEach((agent, i) => {
      for (const networkOf of Object.values(NETWORKS)) {
        const weights = (one: AgentNetworks) => flatten(networkOf(one).parameters());
        expect(weights(whole.agents[i])).toEqual(weights(agent));
      }
    });

    golden.expectAllCompared();
  });
});

/** The files contain no other types of numbers. */
interface RecordedEntry {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array;
}

/** The recorded quantities of one configuration. It compares others with them, and notes which ones were compared. */
class Golden {
  readonly #config: Config;
  readonly #entries: ReadonlyMap<string, RecordedEntry>;
  readonly #compared = new Set<string>();

  constructor(config: Config) {
    this.#config = config;
    const { entries } = parseSafetensors(readBytes(torchDir, config.file));
    this.#entries = entries as ReadonlyMap<string, RecordedEntry>;
  }

  freshMaddpg(): Maddpg {
    const { policy_noise, noise_clip, policy_delay, variant } = this.#config;
    const { obs, act, max_action, hidden, gamma, tau, lr_actor, lr_critic, clip, targets } = this.#config;
    const specs = obs.map((observationSize, i) => ({
      name: `agent_${i}`,
      observationSize,
      actionSize: act[i],
      maxAction: max_action[i],
    }));
    const options = {
      ...OPTIONS[variant],
      generator: new Generator(0),
      gamma,
      tau,
      hidden,
      actorLr: lr_actor,
      criticLr: lr_critic,
      maxGradNorm: clip,
    };
    const maddpg =
      variant === 'matd3'
        ? new WithRecordedNoise((j, update) => this.#noise(j, update), specs, {
            ...options,
            policyNoise: policy_noise!,
            noiseClip: noise_clip!,
            policyDelay: policy_delay!,
          })
        : new Maddpg(specs, options);
    maddpg.agents.forEach((agent, i) => {
      for (const [network, networkOf] of Object.entries(NETWORKS)) {
        const source = targets === 'copy' ? network.replace('target_', '') : network;
        fill(networkOf(agent).parameters(), this.#values(`init/${source}/${i}`));
      }
    });
    return maddpg;
  }

  /** The noise on agent j's target action in an update, counted from 1. */
  #noise(j: number, update: number): Tensor {
    const { data, shape } = this.#entry(`noise/${j}`);
    const [, rows, width] = shape;
    const size = rows * width;
    return new Tensor(Float32Array.from(data.subarray((update - 1) * size, update * size)), [rows, width]);
  }

  /** Whether the actors take no step in an update, counted from 1. */
  actorsRest(update: number): boolean {
    return this.#config.scalars.f64.actor_loss[update - 1].includes(null);
  }

  /** The batch of an update, counted from 0: rows of the recorded pool. */
  batch(update: number): Batch {
    const { batch, num_agents: n } = this.#config;
    const rows = this.#values('batch_idx').subarray(update * batch, (update + 1) * batch);
    const pick = (name: string, start?: number) => {
      const { data, shape } = this.#entry(name);
      const width = start === undefined ? shape[1] : 1;
      const picked = Float32Array.from({ length: batch * width }, (_, k) => {
        const row = rows[Math.floor(k / width)];
        return data[row * shape[1] + (start ?? 0) + (k % width)];
      });
      return new Tensor(picked, [batch, width]);
    };
    const agents = Array.from({ length: n }, (_, i) => i);
    return jointBatch({
      observations: agents.map((i) => pick(`pool/obs/${i}`)),
      actions: agents.map((i) => pick(`pool/act/${i}`)),
      nextObservations: agents.map((i) => pick(`pool/next_obs/${i}`)),
      rewards: agents.map((i) => pick('pool/rew', i)),
      terminations: agents.map((i) => pick('pool/done', i)),
    });
  }

  /** All agents' actions side by side: [batch, sum of act_i]. */
  expectActions(name: string, actions: readonly Tensor[]): void {
    const recorded = this.#optional(name);
    if (recorded) this.#close(name, concat(actions, 1).data, recorded, TOLERANCE.values);
  }

  /** Row i of a recorded [N, batch], or of the [N, 2, batch] of twin critics. */
  expectRow(name: string, i: number, got: Tensor): void {
    const { size } = got;
    const recorded = this.#optional(name);
    if (recorded) this.#close(name, got.data, recorded.subarray(i * size, (i + 1) * size), TOLERANCE.values);
  }

  expectScalar(name: ScalarName, update: number, i: number, got: number): void {
    const all = this.#config.scalars.f64[name];
    const scale = Math.max(...all.flat().map((value) => Math.abs(value ?? 0)));
    expect(
      Math.abs(got - all[update - 1][i]!) / scale,
      `${name} of update ${update}, agent ${i}`,
    ).toBeLessThan(TOLERANCE.scalars);
  }

  expectGradient(name: string, gradients: Tensor[]): void {
    const recorded = this.#optional(`f64/${name}`);
    if (!recorded) return;
    const got = this.#sampled(flatten(gradients));
    expect(distance(got, recorded) / length(recorded), name).toBeLessThan(TOLERANCE.gradients);
  }

  /** The distance of parameters from the recorded ones, relative to how far these have moved since the start. */
  expectNetworks(update: number, maddpg: Maddpg): void {
    for (const [network, networkOf] of Object.entries(NETWORKS)) {
      maddpg.agents.forEach((agent, i) => {
        const name = `f64/after${update}/${network}/${i}`;
        const recorded = this.#optional(name);
        if (!recorded) return;
        const source = this.#config.targets === 'copy' ? network.replace('target_', '') : network;
        const start = this.#sampled(this.#values(`init/${source}/${i}`));
        const got = this.#sampled(flatten(networkOf(agent).parameters()));
        const tolerance = network.startsWith('target') ? TOLERANCE.targets : TOLERANCE.networks;
        expect(distance(got, recorded) / distance(start, recorded), name).toBeLessThan(tolerance);
      });
    }
  }

  /** Fails if a recorded float64 quantity of this configuration was not compared. */
  expectAllCompared(): void {
    const recorded = [...this.#entries.keys()].filter((name) => name.startsWith('f64/'));
    expect(recorded.length).toBeGreaterThan(0);
    expect(recorded.filter((name) => !this.#compared.has(name))).toEqual([]);
  }

  #close(name: string, got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
    expect(got.length, name).toBe(expected.length);
    const scale = Math.max(...Array.from(expected, Math.abs));
    const worst = Math.max(...Array.from(expected, (value, k) => Math.abs(got[k] - value)));
    expect(worst / scale, name).toBeLessThan(tolerance);
  }

  #entry(name: string) {
    const entry = this.#entries.get(name);
    if (!entry) throw new Error(`${this.#config.file} has no ${name}`);
    return entry;
  }

  #values(name: string): Float32Array | Float64Array | Int32Array {
    return this.#entry(name).data;
  }

  #optional(name: string): Float32Array | Float64Array | Int32Array | undefined {
    this.#compared.add(name);
    return this.#entries.get(name)?.data;
  }

  /** Larger configurations record only a part of each vector. */
  #sampled(vector: ArrayLike<number>): ArrayLike<number> {
    const indices = this.#entries.get(`sample_idx/${vector.length}`)?.data;
    return indices ? Array.from(indices, (k) => vector[k]) : vector;
  }
}

/** MATD3 with the noise that PyTorch drew. */
class WithRecordedNoise extends Matd3 {
  readonly #noise: (j: number, update: number) => Tensor;

  constructor(noise: (j: number, update: number) => Tensor, ...options: ConstructorParameters<typeof Matd3>) {
    super(...options);
    this.#noise = noise;
  }

  protected override smoothingNoise(j: number): Tensor {
    return this.#noise(j, this.updates);
  }
}

/** Q(x, a) of the batch: [1, batch, 1], or [2, batch, 1] with twin critics. */
function predictions(critic: Critic, { x, actions }: Batch, i: number): Tensor {
  const critics = critic instanceof TwinCritic ? [critic.q1, critic.q2] : [critic];
  return stack(critics.map((one) => one.forward(x, actions, i)));
}

function flatten(tensors: readonly Tensor[]): number[] {
  return tensors.flatMap((x) => Array.from(x.data));
}

function fill(parameters: readonly Tensor[], values: ArrayLike<number>): void {
  let at = 0;
  for (const { data } of parameters) {
    for (let k = 0; k < data.length; k++) data[k] = values[at++];
  }
  expect(at).toBe(values.length);
}

function length(vector: ArrayLike<number>): number {
  return Math.sqrt(Array.from(vector).reduce((sum, x) => sum + x * x, 0));
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return length(Array.from(a, (x, k) => x - b[k]));
}
