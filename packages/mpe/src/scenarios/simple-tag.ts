import { countTouches, countTouchingPairs, scatter, touches } from '../geometry.js';
import { neighborFinder } from '../observe.js';
import * as param from '../params.js';
import { defineScenario } from '../scenario.js';
import { makeAgents, makeLandmarks, makeWorld } from '../world.js';
import { boundaryPenalty } from './boundary-penalty.js';

/** Factors for the maximum speed and the acceleration of the prey in each stage of the curriculum. */
const PREY_SCALE = [0.5, 0.75, 1] as const;

/** Predators and prey: slower adversaries hunt faster good agents between obstacles. */
export const simpleTag = defineScenario({
  name: 'simple_tag',
  version: 3,
  params: {
    /** Number of prey. */
    numGood: param.count(1, 0),
    /** Number of predators. */
    numAdversaries: param.count(3, 0),
    /** Obstacles, which stop everybody. */
    numObstacles: param.count(2, 0),
    /** In stages 0, 1 and 2 the prey has 0.5, 0.75 and 1 of its speed. A new stage takes effect at reset. */
    curriculum: param.flag(),
    /** Whether an episode terminates when predators touch every prey at the same time. */
    terminateOnSuccess: param.flag(),
    /** How many other agents an agent sees, the nearest ones; null for all. */
    numAgentNeighbors: param.neighbors(),
    /** How many obstacles an agent sees, the nearest ones; null for all. */
    numLandmarkNeighbors: param.neighbors(),
  },

  create({ numGood, numAdversaries, numObstacles, curriculum, terminateOnSuccess, ...params }) {
    const adversaries = makeAgents(numAdversaries, 'adversary', {
      size: 0.075,
      color: [0.85, 0.35, 0.35],
      collide: true,
      adversary: true,
      accel: 3,
      maxSpeed: 1,
    });
    const prey = makeAgents(numGood, 'agent', {
      size: 0.05,
      color: [0.35, 0.85, 0.35],
      collide: true,
      accel: 4,
      maxSpeed: 1.3,
    });
    const agents = [...adversaries, ...prey];
    const obstacles = makeLandmarks(numObstacles, { size: 0.2, color: [0.25, 0.25, 0.25], collide: true });
    const stages = { stage: 0, stages: PREY_SCALE.length };

    const obstaclesSeen = neighborFinder(obstacles, params.numLandmarkNeighbors);
    const othersSeen = neighborFinder(agents, params.numAgentNeighbors);
    const otherPrey = neighborFinder(prey, null);

    /** How many pairs of a predator and a prey touch. Computed once in each step, for all predators. */
    let catches = 0;

    return {
      world: makeWorld({ agents, landmarks: obstacles, dimC: 2 }),
      ...(curriculum && { curriculum: stages }),

      reset(random) {
        scatter(agents, 1, random);
        scatter(obstacles, 0.9, random);
        if (!curriculum) return;
        for (const agent of prey) {
          agent.maxSpeed = 1.3 * PREY_SCALE[stages.stage];
          agent.accel = 4 * PREY_SCALE[stages.stage];
        }
      },

      step() {
        catches = countTouchingPairs(prey, adversaries);
      },

      /**
       * Every adversary is rewarded for every catch, whoever made it. A prey pays for being caught, and for leaving the
       * arena.
       */
      reward(agent) {
        if (agent.adversary) return 10 * catches;
        return (
          0 -
          10 * countTouches(agent, adversaries) -
          boundaryPenalty(Math.abs(agent.x)) -
          boundaryPenalty(Math.abs(agent.y))
        );
      },

      observe(agent, out) {
        const others = othersSeen(agent);
        out.velocity(agent);
        out.position(agent);
        out.relatives(agent, obstaclesSeen(agent));
        out.relatives(agent, others);
        // Agents see the velocities of prey only. Among the n nearest, an adversary still takes its place, with zeros.
        if (params.numAgentNeighbors === null) out.velocities(otherPrey(agent));
        else for (const other of others) out.velocity(other?.adversary ? null : other);
      },

      /** How many prey the adversary touches; 0 for the prey. */
      benchmark: (agent) => (agent.adversary ? countTouches(agent, prey) : 0),

      succeeded: () =>
        terminateOnSuccess && prey.every((agent) => adversaries.some((other) => touches(agent, other))),
    };
  },
});
