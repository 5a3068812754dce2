/** An environment and a scenario of one's own, with what a program may keep of them. */

import type { Environment, EnvironmentStep } from '@paragrad/maddpg';
import {
  type Action,
  type Benchmark,
  Box,
  Discrete,
  defineScenario,
  type EnvParams,
  geometry,
  makeAgents,
  makeEnv,
  makeLandmarks,
  makeVectorEnv,
  makeWorld,
  type Neighbors,
  neighborFinder,
  type ObservationWriter,
  type Paint,
  type ParamTable,
  param,
  type RenderOptions,
  type Scenario,
  type ScenarioDefinition,
  type SceneShape,
  scenarios,
  type TableOf,
} from '@paragrad/mpe';
import { encodeGif } from '@paragrad/mpe/gif';
import { type ApiSpace, type ParallelApi, type PerAgent, parallelApiTest } from '@paragrad/mpe/testing';

export const params = { numCouriers: param.count(2), localRatio: param.fraction(0.5) };
export const rendezvous = defineScenario({
  name: 'rendezvous',
  params,
  create({ numCouriers }) {
    const couriers = makeAgents(numCouriers, 'courier', { size: 0.1, color: [0.2, 0.5, 0.9] });
    const [parcel] = makeLandmarks(1, { size: 0.15, color: [0.9, 0.6, 0.1] });
    const others = neighborFinder(couriers, null);
    return {
      world: makeWorld({ agents: couriers, landmarks: [parcel!] }),
      reset: (random) => geometry.scatter(couriers, 1, random),
      reward: (courier) => -geometry.distance(courier, parcel!),
      observe(courier, out) {
        out.relative(courier, parcel!);
        out.relatives(courier, others(courier));
      },
    };
  },
});
export const typed: ScenarioDefinition<typeof params> = rendezvous;
export const table: ParamTable = params;
export type Given = EnvParams<typeof rendezvous>;
export type Own = TableOf<typeof rendezvous>;
export const env = () => makeEnv(rendezvous, { numCouriers: 3 });
export const many = () => makeVectorEnv(rendezvous, 8);
export const create = (scenario: Scenario, out: ObservationWriter, near: Neighbors) =>
  out.relatives(scenario.world.agents[0]!, near);
export const ofTag = scenarios.simple_tag.params;
export const picture = (options: RenderOptions) => env().render(options);
export const shapes = (): (SceneShape & Paint)[] => [];
export const gif = encodeGif;

export class Guessing implements Environment {
  readonly possibleAgents = ['guesser'];
  agents: string[] = [];
  observationSpace(_agent: string) {
    return new Box(0, 1, [1]);
  }
  actionSpace(_agent: string) {
    return new Discrete(2);
  }
  reset() {
    this.agents = [...this.possibleAgents];
    return { observations: { guesser: [0] }, infos: { guesser: {} } };
  }
  step(_actions: PerAgent): EnvironmentStep {
    this.agents = [];
    return {
      observations: { guesser: [0] },
      rewards: { guesser: 1 },
      terminations: { guesser: true },
      truncations: { guesser: false },
      infos: { guesser: {} },
    };
  }
}
export const asApi = (env: ParallelApi): ApiSpace => env.actionSpace('guesser');
export const test = () => parallelApiTest(new Guessing());
export const action: Action = 0;
export const benchmark: Benchmark = 1;
