import { countAllTouches, nearestDistances, scatter } from '../geometry.js';
import { neighborFinder } from '../observe.js';
import * as param from '../params.js';
import { defineScenario } from '../scenario.js';
import { type Agent, makeAgents, makeLandmarks, makeWorld } from '../world.js';

/** A landmark is occupied if the center of an agent is nearer than this. */
const OCCUPIED_DISTANCE = 0.1;

/** Cooperative navigation: N agents cover N landmarks without bumping into each other. */
export const simpleSpread = defineScenario({
  name: 'simple_spread',
  version: 3,
  params: {
    /** Number of agents, and of landmarks. */
    N: param.count(3),
    /** Weight of an agent's own reward (collisions). The rest of the weight is for the shared reward (coverage). */
    localRatio: param.fraction(0.5),
    /** In stage 0 collisions cost nothing. Stage 1 is the same as no curriculum. */
    curriculum: param.flag(),
    /** Whether an episode terminates when every landmark is occupied. */
    terminateOnSuccess: param.flag(),
    /** How many other agents an agent sees, the nearest ones; null for all. */
    numAgentNeighbors: param.neighbors(),
    /** How many landmarks an agent sees, the nearest ones; null for all. */
    numLandmarkNeighbors: param.neighbors(),
  },

  create({ N, localRatio, curriculum, terminateOnSuccess, ...params }, physics) {
    const agents = makeAgents(N, 'agent', { size: 0.15, color: [0.35, 0.35, 0.85], collide: true });
    const landmarks = makeLandmarks(N, { size: 0.05, color: [0.25, 0.25, 0.25] });
    const stages = { stage: 0, stages: 2 };

    const landmarksSeen = neighborFinder(landmarks, params.numLandmarkNeighbors);
    const othersSeen = neighborFinder(agents, params.numAgentNeighbors);

    // Computed once in each step, for all agents.
    /** The distance from each landmark to the nearest agent, and their sum. */
    const nearest = new Float64Array(N);
    let uncovered = 0;
    const touching = new Int32Array(N);

    const countOccupied = () => nearest.filter((distance) => distance < OCCUPIED_DISTANCE).length;
    /** In the original, an agent also collides with itself. */
    const collisionsOf = (agent: Agent) => touching[agent.index] + (physics === 'openai' ? 1 : 0);
    const collisionsCost = () => !curriculum || stages.stage > 0;

    return {
      world: makeWorld({ agents, landmarks, dimC: 2, collaborative: true }),
      ...(curriculum && { curriculum: stages }),

      reset(random) {
        scatter(agents, 1, random);
        scatter(landmarks, 1, random);
      },

      step() {
        nearestDistances(landmarks, agents, nearest);
        uncovered = 0;
        for (let i = 0; i < N; i++) uncovered += nearest[i];
        countAllTouches(agents, touching);
      },

      reward(agent) {
        const collisions = collisionsCost() ? collisionsOf(agent) : 0;
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

      /** [reward for coverage and own collisions, own collisions, sum of the distances, occupied landmarks] */
      benchmark(agent) {
        const collisions = collisionsOf(agent);
        return [-uncovered - collisions, collisions, uncovered, countOccupied()];
      },

      succeeded: () => terminateOnSuccess && countOccupied() === N,
    };
  },
});
