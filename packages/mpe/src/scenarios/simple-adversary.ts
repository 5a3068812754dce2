import { distance, nearestDistance, scatter, squaredDistance } from '../geometry.js';
import { neighborFinder } from '../observe.js';
import * as param from '../params.js';
import { defineScenario } from '../scenario.js';
import { makeAgents, makeLandmarks, makeWorld } from '../world.js';

/** Physical deception: the good agents know which landmark is the goal, but must not show it to the adversary. */
export const simpleAdversary = defineScenario({
  name: 'simple_adversary',
  version: 3,
  params: {
    /** Number of good agents, and of landmarks. There is one adversary. */
    N: param.count(2),
    /** How many other agents an agent sees, the nearest ones; null for all. */
    numAgentNeighbors: param.neighbors(),
    /** How many landmarks an agent sees, the nearest ones; null for all. Good agents always see the goal. */
    numLandmarkNeighbors: param.neighbors(),
  },

  create({ N, numAgentNeighbors, numLandmarkNeighbors }, physics) {
    const traits = { size: 0.15 };
    const [adversary] = makeAgents(1, 'adversary', { ...traits, color: [0.85, 0.35, 0.35], adversary: true });
    const good = makeAgents(N, 'agent', { ...traits, color: [0.35, 0.35, 0.85] });
    const agents = [adversary, ...good];
    const landmarks = makeLandmarks(N, { size: 0.08, color: [0.15, 0.15, 0.15] });
    for (const agent of agents) agent.goalA = landmarks[0];

    const landmarksSeen = neighborFinder(landmarks, numLandmarkNeighbors);
    const othersSeen = neighborFinder(agents, numAgentNeighbors);

    return {
      world: makeWorld({ agents, landmarks, dimC: 2 }),

      reset(random) {
        const goal = landmarks[random.integer(N)];
        goal.color = [0.15, 0.65, 0.15];
        for (const agent of agents) agent.goalA = goal;
        scatter(agents, 1, random);
        scatter(landmarks, 1, random);
      },

      reward(agent) {
        const goal = agent.goalA!;
        if (!agent.adversary) return distance(adversary, goal) - nearestDistance(goal, good);
        // In the original it is the squared distance.
        return physics === 'openai' ? -squaredDistance(agent, goal) : -distance(agent, goal);
      },

      observe(agent, out) {
        if (!agent.adversary) out.relative(agent, agent.goalA);
        out.relatives(agent, landmarksSeen(agent));
        out.relatives(agent, othersSeen(agent));
      },

      /** Squared distances: from the adversary to the goal; from a good agent to each landmark, then to the goal. */
      benchmark(agent) {
        if (agent.adversary) return squaredDistance(agent, agent.goalA!);
        return [...landmarks, agent.goalA!].map((landmark) => squaredDistance(agent, landmark));
      },
    };
  },
});
