import { countTouches, countTouchingPairs, nearestDistance, scatter, touches } from '../geometry.js';
import { neighborFinder } from '../observe.js';
import * as param from '../params.js';
import { defineScenario } from '../scenario.js';
import { type Agent, makeAgents, makeLandmarks, makeWorld } from '../world.js';
import { boundaryPenalty } from './boundary-penalty.js';

/**
 * Predators and prey, with food, forests to hide in, and a leader of the predators who sees everything and can tell the
 * others.
 */
export const simpleWorldComm = defineScenario({
  name: 'simple_world_comm',
  version: 3,
  params: {
    /** Number of prey. */
    numGood: param.count(2),
    /** Number of predators, including their leader. */
    numAdversaries: param.count(4),
    /** Obstacles, which stop everybody. */
    numObstacles: param.count(1, 0),
    /** Pieces of food, which the prey looks for. */
    numFood: param.count(2),
    /** Forests, in which only the leader sees. */
    numForests: param.count(2, 0),
  },

  create({ numGood, numAdversaries, numObstacles, numFood, numForests }, physics) {
    const predator = { size: 0.075, collide: true, adversary: true, accel: 3, maxSpeed: 1 };
    const [leader] = makeAgents(1, 'leadadversary', {
      ...predator,
      color: [0.95 - 0.3, 0.45 - 0.3, 0.45 - 0.3],
      leader: true,
      silent: false,
    });
    const adversaries = [
      leader,
      ...makeAgents(numAdversaries - 1, 'adversary', { ...predator, color: [0.95, 0.45, 0.45] }),
    ];
    const prey = makeAgents(numGood, 'agent', {
      size: 0.045,
      color: [0.45, 0.95, 0.45],
      collide: true,
      accel: 4,
      maxSpeed: 1.3,
    });
    const agents = [...adversaries, ...prey];
    const obstacles = makeLandmarks(numObstacles, { size: 0.2, color: [0.25, 0.25, 0.25], collide: true });
    const food = makeLandmarks(numFood, { size: 0.03, color: [0.15, 0.15, 0.65] }, 'food');
    const forests = makeLandmarks(numForests, { size: 0.3, color: [0.6, 0.9, 0.6] }, 'forest');
    const landmarks = [...obstacles, ...food, ...forests];

    const others = neighborFinder(agents, null);
    const otherPrey = neighborFinder(prey, null);

    /** How many pairs of a predator and a prey touch. Computed once in each step, for all predators. */
    let catches = 0;

    /** Agents see each other outside of forests, and inside the same forest. The leader sees everyone. */
    const sees = (agent: Agent, other: Agent) => {
      let hidden = false;
      for (const forest of forests) {
        const [agentInside, otherInside] = [touches(agent, forest), touches(other, forest)];
        if (agentInside && otherInside) return true;
        hidden ||= agentInside || otherInside;
      }
      return !hidden || agent.leader;
    };

    /** A penalty for the distance to the food. The original has the wrong sign, which makes it a reward. */
    const foodPenalty = (agent: Agent) =>
      0.05 * nearestDistance(agent, food) * (physics === 'openai' ? -1 : 1);

    return {
      world: makeWorld({ agents, landmarks, dimC: 4 }),

      reset(random) {
        scatter(agents, 1, random);
        scatter(landmarks, 0.9, random);
      },

      step() {
        catches = countTouchingPairs(prey, adversaries);
      },

      /**
       * Every adversary is rewarded for every catch and for being near the prey. A prey is rewarded for eating, and pays
       * for being caught, for the distance to the food, and for leaving the arena.
       */
      reward(agent) {
        if (agent.adversary) return 5 * catches - 0.1 * nearestDistance(agent, prey);
        return (
          2 * countTouches(agent, food) -
          5 * countTouches(agent, adversaries) -
          2 * (boundaryPenalty(Math.abs(agent.x)) + boundaryPenalty(Math.abs(agent.y))) -
          foodPenalty(agent)
        );
      },

      observe(agent, out) {
        out.velocity(agent);
        out.position(agent);
        out.relatives(agent, landmarks);
        for (const other of others(agent)) out.relative(agent, other && sees(agent, other) ? other : null);

        const preyVelocities = () => {
          for (const other of otherPrey(agent)) out.velocity(other && sees(agent, other) ? other : null);
        };
        if (agent.adversary) preyVelocities();
        for (const forest of forests) out.number(touches(agent, forest) ? 1 : -1);
        if (agent.adversary) out.utterance(leader);
        else preyVelocities();
      },

      /** How many prey the adversary touches; 0 for the prey. */
      benchmark: (agent) => (agent.adversary ? countTouches(agent, prey) : 0),
    };
  },
});
