import { distance, scatter } from '../geometry.js';
import { defineScenario } from '../scenario.js';
import { makeAgents, makeLandmarks, makeWorld } from '../world.js';

/**
 * Keep-away: the agent goes to its goal. The adversary does not know the goal, and is rewarded for pushing the agent away
 * from it.
 */
export const simplePush = defineScenario({
  name: 'simple_push',
  version: 3,
  params: {},

  create() {
    const traits = { size: 0.05, collide: true };
    const [adversary] = makeAgents(1, 'adversary', { ...traits, color: [0.75, 0.25, 0.25], adversary: true });
    const [good] = makeAgents(1, 'agent', { ...traits, color: [0.25, 0.25, 0.25] });
    const agents = [adversary, good];
    const landmarks = makeLandmarks(2, { size: 0.05, color: [0.1, 0.9, 0.1] });
    landmarks[1].color = [0.1, 0.1, 0.9];
    for (const agent of agents) agent.goalA = landmarks[0];

    return {
      world: makeWorld({ agents, landmarks, dimC: 2 }),

      reset(random) {
        const goal = landmarks[random.integer(2)];
        for (const agent of agents) agent.goalA = goal;
        good.color = goal === landmarks[0] ? [0.25, 0.75, 0.25] : [0.25, 0.25, 0.75];
        scatter(agents, 1, random);
        scatter(landmarks, 1, random);
      },

      reward(agent) {
        const goal = agent.goalA!;
        if (agent.adversary) return distance(good, goal) - distance(adversary, goal);
        return -distance(agent, goal);
      },

      observe(agent, out) {
        out.velocity(agent);
        if (!agent.adversary) {
          out.relative(agent, agent.goalA);
          out.numbers(agent.color);
        }
        out.relatives(agent, landmarks);
        if (!agent.adversary) for (const landmark of landmarks) out.numbers(landmark.color);
        out.relative(agent, agent.adversary ? good : adversary);
      },

      /** The distance to the goal (the reference measures nothing here). */
      benchmark: (agent) => distance(agent, agent.goalA!),
    };
  },
});
