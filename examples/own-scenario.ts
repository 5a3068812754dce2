/** `npm run example:own-scenario`: a scenario of your own, checked by parallelApiTest and played by scripted policies. */
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

/** Couriers meet at a parcel. Each is rewarded for being near it, and all for every courier that has arrived. */
export const rendezvous = defineScenario({
  name: 'rendezvous',
  // Parameters for makeEnv, besides the common ones. They are typed, checked and optional.
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

      benchmark: arrived, // reported in `infos` if the environment is made with benchmarkData: true
      succeeded: () => arrived() === numCouriers, // ends the episode
    };
  },
});

/** Plays an episode. The force is `factor` times the way to the parcel, which follows the velocity in an observation. */
function play(env: ParallelEnv, factor: number): string {
  let { observations } = env.reset({ seed: 1 });
  for (let steps = 1; ; steps++) {
    const forces = env.agents.map((agent) => [agent, observations[agent].slice(2, 4).map((x) => factor * x)]);
    const result = env.step(Object.fromEntries(forces));
    observations = result.observations;
    if (env.agents.length > 0) continue;
    const end = result.terminations.courier_0 ? 'terminated' : 'truncated';
    return `${end} after ${steps} steps, ${result.infos.courier_0.benchmarkData} arrived`;
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
