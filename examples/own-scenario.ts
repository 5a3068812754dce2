/** `npm run example:own-scenario`: a scenario of one's own, held to the Parallel API, and played by hand-written policies. */
import {
  defineScenario,
  geometry,
  makeAgents,
  makeEnv,
  makeLandmarks,
  makeVectorEnv,
  makeWorld,
  type ParallelEnv,
  param,
} from '@paragrad/mpe';
import { parallelApiTest } from '@paragrad/mpe/testing';

/** Couriers meet at a parcel: each is paid for its own way there, and all for every courier that has arrived. */
export const rendezvous = defineScenario({
  name: 'rendezvous',
  // What makeEnv takes beside the parameters that all environments have: checked, typed, and all optional.
  params: { numCouriers: param.count(2), localRatio: param.fraction(0.5) },

  create({ numCouriers, localRatio }) {
    const couriers = makeAgents(numCouriers, 'courier', { size: 0.1, color: [0.2, 0.5, 0.9], collide: true });
    const [parcel] = makeLandmarks(1, { size: 0.15, color: [0.9, 0.6, 0.1] });
    const arrived = () => couriers.filter((courier) => geometry.touches(courier, parcel)).length;

    return {
      world: makeWorld({ agents: couriers, landmarks: [parcel] }),

      reset(random) {
        geometry.scatter(couriers, 1, random);
        geometry.scatter([parcel], 0.5, random);
      },

      reward: (courier) => -geometry.distance(courier, parcel),
      shared: { localRatio, value: arrived },

      observe(courier, out) {
        out.velocity(courier);
        out.relative(courier, parcel);
        for (const other of couriers) if (other !== courier) out.relative(courier, other);
      },

      // Reported in `infos` where the environment is made with benchmarkData: true.
      benchmark: arrived,
      // Ends the episode.
      succeeded: () => arrived() === numCouriers,
    };
  },
});

/** An episode of forces that are so many times the way to the parcel, which an observation holds after the velocity. */
function play(env: ParallelEnv, times: number): string {
  let { observations } = env.reset({ seed: 1 });
  for (let steps = 1; ; steps++) {
    const forces = env.agents.map((agent) => [agent, observations[agent].slice(2, 4).map((x) => times * x)]);
    const result = env.step(Object.fromEntries(forces));
    observations = result.observations;
    if (env.agents.length > 0) continue;
    const how = result.terminations.courier_0 ? 'terminated' : 'truncated';
    return `${how} after ${steps} steps, ${result.infos.courier_0.benchmarkData} arrived`;
  }
}

parallelApiTest(makeEnv(rendezvous));
console.log('rendezvous keeps the promises of the Parallel API');

const env = makeEnv(rendezvous, { actionMode: 'force', numCouriers: 3, benchmarkData: true });
console.log(
  `couriers: ${env.possibleAgents.join(', ')}; each observes ${env.observationSpace('courier_0').shape} numbers`,
);
console.log(`couriers who stay: ${play(env, 0)}`);
console.log(`couriers who go there: ${play(env, 1)}`);

const many = makeVectorEnv(rendezvous, 64, { actionMode: 'force' });
many.reset({ seed: 1 });
const { rewards } = many.step(new Float32Array(64 * many.actionSize));
console.log(`64 copies together: ${rewards.length} rewards from one step`);
