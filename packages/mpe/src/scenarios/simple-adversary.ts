import { distance, nearestDistance, scatter, squaredDistance } from '../geometry.js';
import { relative, visible } from '../observe.js';
import { count, neighbours } from '../params.js';
import { defineScenario } from '../scenario.js';
import { type Agent, type Landmark, makeAgents, makeLandmarks, makeWorld } from '../world.js';

/** Physical deception: good agents know which landmark is the goal, and must not show it to the adversary. */
export const simpleAdversary = defineScenario({
  params: {
    /** Number of good agents, and of landmarks. There is one adversary. */
    N: count(2),
    /** Agents see only so many nearest others (null: all). */
    numAgentNeighbors: neighbours,
    /** Agents see only so many nearest landmarks (null: all). Good agents always see the goal. */
    numLandmarkNeighbors: neighbours,
  },

  create({ N, numAgentNeighbors, numLandmarkNeighbors }) {
    const landmarks = makeLandmarks(N, { size: 0.08, color: [0.15, 0.15, 0.15], collide: false });
    const traits = { size: 0.15, collide: false, goal: landmarks[0] as Landmark };
    const adversaries = makeAgents(1, 'adversary', { ...traits, color: [0.85, 0.35, 0.35], adversary: true });
    const good = makeAgents(N, 'agent', { ...traits, color: [0.35, 0.35, 0.85] });
    const adversary = adversaries[0] as Agent;
    const agents = [adversary, ...good];

    // Every agent here is made with a goal.
    const goalOf = (agent: Agent) => agent.goal as Landmark;

    return {
      world: makeWorld(2, agents, landmarks),

      reset(random) {
        const goal = landmarks[random.integer(N)] as Landmark;
        goal.color = [0.15, 0.65, 0.15];
        for (const agent of agents) agent.goal = goal;
        scatter(agents, 1, random);
        scatter(landmarks, 1, random);
      },

      observation(agent) {
        return [
          ...(agent.adversary ? [] : relative(agent, [goalOf(agent)])),
          ...relative(agent, visible(agent, landmarks, numLandmarkNeighbors)),
          ...relative(agent, visible(agent, agents, numAgentNeighbors)),
        ];
      },

      reward(agent) {
        const goal = goalOf(agent);
        if (agent.adversary) return -distance(agent, goal);
        return distance(adversary, goal) - nearestDistance(goal, good);
      },

      /** Squared distances: the adversary's to the goal; a good agent's to each landmark, then to the goal. */
      benchmark(agent) {
        const goal = goalOf(agent);
        if (agent.adversary) return squaredDistance(agent, goal);
        return [...landmarks, goal].map((landmark) => squaredDistance(agent, landmark));
      },
    };
  },
});
