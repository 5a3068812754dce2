import { distance, scatter, squaredDistance } from '../geometry.js';
import * as param from '../params.js';
import { defineScenario } from '../scenario.js';
import { type Agent, makeAgents, makeLandmarks, makeWorld, type RGB } from '../world.js';

const COLORS: readonly RGB[] = [
  [0.75, 0.25, 0.25],
  [0.25, 0.75, 0.25],
  [0.25, 0.25, 0.75],
];

/** Two agents. Each knows to which landmark the other has to go, and can tell it. */
export const simpleReference = defineScenario({
  name: 'simple_reference',
  version: 3,
  params: {
    /** Weight of an agent's own reward. The rest of the weight is for the shared reward, the mean of both. */
    localRatio: param.fraction(0.5),
  },

  create({ localRatio }, physics) {
    const agents = makeAgents(2, 'agent', { size: 0.05, color: [0.25, 0.25, 0.25], silent: false });
    const landmarks = makeLandmarks(3, { size: 0.05, color: COLORS[0] });
    landmarks.forEach((landmark, i) => {
      landmark.color = COLORS[i];
    });
    const other = (agent: Agent) => agents[1 - agent.index];
    agents[0].goalA = agents[1];
    agents[1].goalA = agents[0];
    for (const agent of agents) agent.goalB = landmarks[0];

    const reward = ({ goalA, goalB }: Agent) =>
      physics === 'openai' ? -squaredDistance(goalA!, goalB!) : -distance(goalA!, goalB!);

    return {
      world: makeWorld({ agents, landmarks, dimC: 10, collaborative: true }),

      reset(random) {
        for (const agent of agents) {
          agent.goalB = landmarks[random.integer(3)];
          other(agent).color = agent.goalB.color;
        }
        scatter(agents, 1, random);
        scatter(landmarks, 1, random);
      },

      reward,
      shared: { localRatio, value: () => (reward(agents[0]) + reward(agents[1])) / 2 },

      observe(agent, out) {
        out.velocity(agent);
        out.relatives(agent, landmarks);
        out.numbers(agent.goalB!.color);
        out.utterance(other(agent));
      },

      /** The distance of the other agent to its landmark, which this agent knows (the reference measures nothing here). */
      benchmark: (agent) => distance(agent.goalA!, agent.goalB!),
    };
  },
});
