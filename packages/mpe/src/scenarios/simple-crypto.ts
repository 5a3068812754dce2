import { scatter } from '../geometry.js';
import { defineScenario } from '../scenario.js';
import { type Agent, makeAgents, makeLandmarks, makeWorld, type RGB } from '../world.js';

/** The two messages. They are the colors of the landmarks. One is sent, and one is the key. */
const MESSAGES: readonly RGB[] = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
];

/** Covert communication: Alice sends Bob a message, and both know a key. Eve hears Alice, but does not know the key. */
export const simpleCrypto = defineScenario({
  name: 'simple_crypto',
  version: 3,
  params: {},

  create() {
    const traits = { size: 0.05, movable: false, silent: false };
    const [eve] = makeAgents(1, 'eve', { ...traits, color: [0.75, 0.25, 0.25], adversary: true });
    const [bob] = makeAgents(1, 'bob', { ...traits, color: MESSAGES[0] });
    const [alice] = makeAgents(1, 'alice', { ...traits, color: [0.25, 0.25, 0.25], speaker: true });
    const agents = [eve, bob, alice];
    const landmarks = makeLandmarks(2, { size: 0.05, color: MESSAGES[0] });
    landmarks[1].color = MESSAGES[1];
    for (const agent of agents) agent.goalA = landmarks[0];
    alice.key = landmarks[0];

    /** The squared error of what a listener says, compared with the message; 0 if it says nothing. */
    const squaredError = (listener: Agent) => {
      const message = listener.goalA!.color;
      const said = listener.utterance;
      if (said.every((x) => x === 0)) return 0;
      return said.reduce((sum, x, i) => sum + (x - message[i]) ** 2, 0);
    };

    return {
      world: makeWorld({ agents, landmarks, dimC: 4 }),

      reset(random) {
        const message = landmarks[random.integer(2)];
        for (const agent of agents) agent.goalA = message;
        bob.color = message.color;
        alice.key = landmarks[random.integer(2)];
        scatter(agents, 1, random);
        scatter(landmarks, 1, random);
      },

      reward: (agent) => (agent.adversary ? -squaredError(eve) : squaredError(eve) - squaredError(bob)),

      observe(agent, out) {
        if (agent === alice) out.numbers(alice.goalA!.color);
        if (agent !== eve) out.numbers(alice.key!.color);
        if (agent !== alice) out.utterance(alice);
      },

      /** [the agent's utterance, the message] */
      benchmark: (agent) => [[...agent.utterance], [...agent.goalA!.color]],
    };
  },
});
