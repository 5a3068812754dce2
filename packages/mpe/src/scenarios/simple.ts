import { distance, scatter, squaredDistance } from '../geometry.js';
import { defineScenario } from '../scenario.js';
import { makeAgents, makeLandmarks, makeWorld } from '../world.js';

/** One agent goes to one landmark. It shows whether an algorithm learns at all. */
export const simple = defineScenario({
  name: 'simple',
  version: 3,
  params: {},

  create() {
    const agents = makeAgents(1, 'agent', { size: 0.05, color: [0.25, 0.25, 0.25] });
    const landmarks = makeLandmarks(1, { size: 0.05, color: [0.75, 0.25, 0.25] });
    const [goal] = landmarks;

    return {
      world: makeWorld({ agents, landmarks }),

      reset(random) {
        scatter(agents, 1, random);
        scatter(landmarks, 1, random);
      },

      reward: (agent) => -squaredDistance(agent, goal),

      observe(agent, out) {
        out.velocity(agent);
        out.relative(agent, goal);
      },

      /** The distance to the landmark (the reference measures nothing here). */
      benchmark: (agent) => distance(agent, goal),
    };
  },
});
