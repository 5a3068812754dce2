import { countTouches, nearestDistance, scatter } from '../geometry.js';
import { neighborFinder } from '../observe.js';
import * as param from '../params.js';
import { defineScenario } from '../scenario.js';
import { type Agent, makeAgents, makeLandmarks, makeWorld } from '../world.js';

/** A landmark counts as occupied when an agent's center is nearer than this. */
const OCCUPIED = 0.1;

/** Cooperative navigation: N agents cover N landmarks without bumping into one another. */
export const simpleSpread = defineScenario({
  name: 'simple_spread',
  params: {
    /** Number of agents, and of landmarks. */
    N: param.count(3),
    /** Weight of an agent's own reward (collisions); the rest is the shared one (coverage). */
    localRatio: param.fraction(0.5),
    /** Stage 0: collisions cost nothing; stage 1: as without a curriculum. */
    curriculum: param.flag(),
    /** Terminate as soon as every landmark is occupied. */
    terminateOnSuccess: param.flag(),
    /** Agents see only so many nearest others (null: all). */
    numAgentNeighbors: param.neighbors(),
    /** Agents see only so many nearest landmarks (null: all). */
    numLandmarkNeighbors: param.neighbors(),
  },

  create({ N, localRatio, curriculum, terminateOnSuccess, ...params }, physics) {
    const agents = makeAgents(N, 'agent', { size: 0.15, color: [0.35, 0.35, 0.85], collide: true });
    const landmarks = makeLandmarks(N, { size: 0.05, color: [0.25, 0.25, 0.25] });
    const stages = { stage: 0, stages: 2 };

    const landmarksSeen = neighborFinder(landmarks, params.numLandmarkNeighbors);
    const othersSeen = neighborFinder(agents, params.numAgentNeighbors);

    /** The sum of the landmarks' distances to the nearest agent, once a step for all agents. */
    let uncovered = 0;
    const occupied = () =>
      landmarks.filter((landmark) => nearestDistance(landmark, agents) < OCCUPIED).length;
    /** In the original an agent also touches itself. */
    const touching = (agent: Agent) => countTouches(agent, agents) + (physics === 'openai' ? 1 : 0);
    const collisionsCount = () => !curriculum || stages.stage > 0;

    return {
      world: makeWorld({ agents, landmarks, dimC: 2, collaborative: true }),
      ...(curriculum && { curriculum: stages }),

      reset(random) {
        scatter(agents, 1, random);
        scatter(landmarks, 1, random);
      },

      step() {
        uncovered = 0;
        for (const landmark of landmarks) uncovered += nearestDistance(landmark, agents);
      },

      reward(agent) {
        const collisions = collisionsCount() ? touching(agent) : 0;
        return physics === 'openai' ? -uncovered - collisions : 0 - collisions;
      },
      shared: { localRatio, value: () => -uncovered },

      observe(agent, out) {
        const others = othersSeen(agent);
        out.velocity(agent);
        out.position(agent);
        out.relatives(agent, landmarksSeen(agent));
        out.relatives(agent, others);
        out.utterances(others);
      },

      /** [coverage and own collisions as one reward, own collisions, sum of the gaps, occupied landmarks] */
      benchmark(agent) {
        const collisions = touching(agent);
        return [-uncovered - collisions, collisions, uncovered, occupied()];
      },

      succeeded: () => terminateOnSuccess && occupied() === N,
    };
  },
});
