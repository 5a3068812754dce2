import { countTouches, nearestDistance, scatter } from '../geometry.js';
import { relative, utterances, visible } from '../observe.js';
import { count, flag, neighbours, share } from '../params.js';
import { defineScenario } from '../scenario.js';
import { type Landmark, makeAgents, makeLandmarks, makeWorld } from '../world.js';

/** A landmark counts as occupied when an agent's centre is nearer than this. */
const OCCUPIED = 0.1;

/** Cooperative navigation: N agents cover N landmarks without bumping into one another. */
export const simpleSpread = defineScenario({
  params: {
    /** Number of agents, and of landmarks. */
    N: count(3),
    /** Weight of an agent's own reward (collisions); the rest is the shared one (coverage). */
    localRatio: share(0.5),
    /** Stage 0: collisions cost nothing; stage 1: as without a curriculum. */
    curriculum: flag,
    /** Terminate as soon as every landmark is occupied. */
    terminateOnSuccess: flag,
    /** Agents see only so many nearest others (null: all). */
    numAgentNeighbors: neighbours,
    /** Agents see only so many nearest landmarks (null: all). */
    numLandmarkNeighbors: neighbours,
  },

  create({ N, localRatio, curriculum, terminateOnSuccess, numAgentNeighbors, numLandmarkNeighbors }) {
    const agents = makeAgents(N, 'agent', { size: 0.15, color: [0.35, 0.35, 0.85], collide: true });
    const landmarks = makeLandmarks(N, { size: 0.05, color: [0.25, 0.25, 0.25], collide: false });
    const world = makeWorld(2, agents, landmarks);
    const stages = { stage: 0, stages: 2 };

    const gap = (landmark: Landmark) => nearestDistance(landmark, agents);
    const uncovered = () => landmarks.reduce((sum, landmark) => sum + gap(landmark), 0);
    const occupied = () => landmarks.filter((landmark) => gap(landmark) < OCCUPIED).length;
    const collisionsCount = () => !curriculum || stages.stage > 0;

    return {
      world,
      ...(curriculum && { curriculum: stages }),

      reset(random) {
        scatter(agents, 1, random);
        scatter(landmarks, 1, random);
      },

      observation(agent) {
        const others = visible(agent, agents, numAgentNeighbors);
        return [
          ...[agent.vx, agent.vy, agent.x, agent.y],
          ...relative(agent, visible(agent, landmarks, numLandmarkNeighbors)),
          ...relative(agent, others),
          ...utterances(others, world.dimC),
        ];
      },

      reward: (agent) => (collisionsCount() ? 0 - countTouches(agent, agents) : 0),
      shared: { localRatio, value: () => -uncovered() },
      succeeded: () => terminateOnSuccess && occupied() === N,

      /** [coverage and own collisions as one reward, own collisions, sum of the gaps, occupied landmarks] */
      benchmark(agent) {
        const collisions = countTouches(agent, agents);
        return [-uncovered() - collisions, collisions, uncovered(), occupied()];
      },
    };
  },
});
