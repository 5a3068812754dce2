import { countTouches, scatter, touches } from '../geometry.js';
import { relative, velocities, visible } from '../observe.js';
import { count, flag, neighbours } from '../params.js';
import { defineScenario } from '../scenario.js';
import { makeAgents, makeLandmarks, makeWorld } from '../world.js';

/** What the prey's top speed and acceleration are multiplied by in each stage of the curriculum. */
const PREY_SCALE = [0.5, 0.75, 1] as const;

/** Predator and prey: slower adversaries hunt faster good agents between obstacles. */
export const simpleTag = defineScenario({
  params: {
    /** Number of prey. */
    numGood: count(1, 0),
    /** Number of predators. */
    numAdversaries: count(3, 0),
    numObstacles: count(2, 0),
    /** Stages 0, 1, 2: the prey has 0.5, 0.75 and all of its speed. Takes effect at reset. */
    curriculum: flag,
    /** Terminate as soon as every prey is touched at the same time. */
    terminateOnSuccess: flag,
    /** Agents see only so many nearest others (null: all). */
    numAgentNeighbors: neighbours,
    /** Agents see only so many nearest obstacles (null: all). */
    numLandmarkNeighbors: neighbours,
  },

  create(params) {
    const { numAgentNeighbors, numLandmarkNeighbors } = params;
    const adversaries = makeAgents(params.numAdversaries, 'adversary', {
      size: 0.075,
      color: [0.85, 0.35, 0.35],
      collide: true,
      adversary: true,
      accel: 3,
      maxSpeed: 1,
    });
    const prey = makeAgents(params.numGood, 'agent', {
      size: 0.05,
      color: [0.35, 0.85, 0.35],
      collide: true,
      accel: 4,
      maxSpeed: 1.3,
    });
    const agents = [...adversaries, ...prey];
    const obstacles = makeLandmarks(params.numObstacles, {
      size: 0.2,
      color: [0.25, 0.25, 0.25],
      collide: true,
    });
    const stages = { stage: 0, stages: PREY_SCALE.length };

    const caught = () => prey.reduce((pairs, agent) => pairs + countTouches(agent, adversaries), 0);

    return {
      world: makeWorld(2, agents, obstacles),
      ...(params.curriculum && { curriculum: stages }),

      reset(random) {
        scatter(agents, 1, random);
        scatter(obstacles, 0.9, random);
        if (!params.curriculum) return;
        const scale = PREY_SCALE[stages.stage] ?? 1;
        for (const agent of prey) {
          agent.maxSpeed = 1.3 * scale;
          agent.accel = 4 * scale;
        }
      },

      observation(agent) {
        const others = visible(agent, agents, numAgentNeighbors);
        // Only the prey's velocities are seen. Among the n nearest, adversaries keep their slots, which are zero.
        const runners =
          numAgentNeighbors === null
            ? others.filter((other) => !other?.adversary)
            : others.map((other) => (other?.adversary ? null : other));
        return [
          ...[agent.vx, agent.vy, agent.x, agent.y],
          ...relative(agent, visible(agent, obstacles, numLandmarkNeighbors)),
          ...relative(agent, others),
          ...velocities(runners),
        ];
      },

      /** Every adversary is paid for every catch, whoever made it; the prey pays for its own, and for leaving. */
      reward(agent) {
        if (agent.adversary) return 10 * caught();
        return (
          0 - 10 * countTouches(agent, adversaries) - outside(Math.abs(agent.x)) - outside(Math.abs(agent.y))
        );
      },

      succeeded: () =>
        params.terminateOnSuccess &&
        prey.every((agent) => adversaries.some((other) => touches(agent, other))),

      /** How many prey the adversary touches; 0 for the prey. */
      benchmark: (agent) => (agent.adversary ? countTouches(agent, prey) : 0),
    };
  },
});

/** The price of being at distance `x` from the middle along an axis: none well inside the arena, then rising to 10. */
function outside(x: number): number {
  if (x < 0.9) return 0;
  if (x < 1) return (x - 0.9) * 10;
  return Math.min(Math.exp(2 * x - 2), 10);
}
