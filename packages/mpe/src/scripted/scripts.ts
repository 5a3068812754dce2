/** How a scripted player plays each scenario. */
import type { ScenarioName } from '../make-env.js';
import type { AgentState, LandmarkState, WorldState } from '../state.js';
import type { Vector2 } from '../world.js';
import { leastAssignment } from './assignment.js';
import { beside, chase, distanceBetween, flee, minBy, pointTowards, type Steer } from './steering.js';

/** What an agent means to do in a step. */
export interface Intent {
  /** Which way it pushes, x to the right and y up. Each number counts up to ±1. Default: not at all. */
  readonly force?: Vector2 | undefined;
  /** The index of the word that it says. Default: none. */
  readonly word?: number | undefined;
}

/** What each agent does in this state of the world. */
type Script = (world: WorldState, steer: Steer) => (me: AgentState) => Intent;

/** They read the whole state, except goals and keys that an agent must not know. */
export const scripts: Readonly<Record<ScenarioName, Script>> = {
  simple:
    ({ landmarks }, steer) =>
    (me) => ({ force: steer(me, landmarks[0].pos) }),

  /** Each agent gets a landmark of its own, so that the sum of all ways is the least. */
  simple_spread({ agents, landmarks }, steer) {
    const landmarkOf = assign(agents, landmarks);
    return (me) => ({ force: steer(me, landmarkOf(me).pos) });
  },

  /** The good agents cover all landmarks. The adversary goes to the landmark with the nearest agent. */
  simple_adversary({ agents, landmarks }, steer) {
    const good = agents.filter(({ adversary }) => !adversary);
    const landmarkOf = assign(good, landmarks);
    return (me) => {
      if (!me.adversary) return { force: steer(me, landmarkOf(me).pos) };
      const covered = minBy(landmarks, (landmark) =>
        Math.min(...good.map((agent) => distanceBetween(agent, landmark))),
      );
      return { force: steer(me, pointTowards(covered.pos, me.pos, 0.12)) }; // a little beside it, to stay visible
    };
  },

  /** The adversary guesses that the goal is the landmark nearest to the agent. It stands in the way, or pushes the agent off it. */
  simple_push({ agents, landmarks }, steer) {
    const agent = agents.find(({ adversary }) => !adversary)!;
    const guess = minBy(landmarks, (landmark) => distanceBetween(agent, landmark));
    const arrived = distanceBetween(agent, guess) < 0.05;
    return (me) => {
      if (!me.adversary) return { force: steer(me, goalOf(me, landmarks).pos) };
      const at = arrived ? pointTowards(agent.pos, me.pos, 0.05) : pointTowards(guess.pos, agent.pos, 0.05);
      const [x, y] = steer(me, at);
      // A little softer than the agent: else both are at the goal in the same step, to the last bit, once in 20,000 episodes.
      // There a contact has no direction, and its force is NaN.
      return { force: [0.99 * x, 0.99 * y] };
    };
  },

  /** Each agent says where the other one has to go: word i for landmark i. */
  simple_reference:
    ({ agents, landmarks }, steer) =>
    (me) => {
      const other = agents.find(({ name }) => name !== me.name)!;
      return {
        force: steer(me, placeTold(other, landmarks)),
        word: landmarks.indexOf(targetOfOther(me, landmarks)),
      };
    },

  simple_speaker_listener:
    ({ agents, landmarks }, steer) =>
    (me) => {
      if (!me.silent) return { word: landmarks.indexOf(targetOfOther(me, landmarks)) };
      return { force: steer(me, placeTold(agents.find(({ silent }) => !silent)!, landmarks)) };
    },

  /**
   * Alice adds the key to the message, modulo the number of messages. Bob subtracts it again. Eve can only repeat what
   * she hears.
   */
  simple_crypto({ agents, landmarks }) {
    const alice = agents.find(({ speaker }) => speaker)!;
    const key = alice.key_landmark!;
    const messages = landmarks.length;
    return (me) => {
      if (me === alice) return { word: (landmarks.indexOf(goalOf(me, landmarks)) + key) % messages };
      const heard = loudestWord(alice);
      if (heard === undefined || me.adversary) return { word: heard };
      return { word: (heard + messages - key) % messages };
    };
  },

  simple_tag: (world) => (me) => ({
    force: me.adversary ? chase(me, world, preyOf(world)) : flee(me, world, []),
  }),

  /**
   * The leader says in which quarter of the arena the nearest prey is: 0 left or 1 right, plus 2 if it is in the upper
   * half.
   */
  simple_world_comm(world, steer) {
    const food = world.landmarks.filter(({ kind }) => kind === 'food');
    const leader = world.agents.find((agent) => agent.leader)!;
    const target = minBy(preyOf(world), (agent) => distanceBetween(agent, leader));
    return (me) => {
      if (!me.adversary) return { force: flee(me, world, food) };
      const word = me.leader ? (target.pos[0] > 0 ? 1 : 0) + (target.pos[1] > 0 ? 2 : 0) : undefined;
      const seen = preyOf(world).filter((agent) => me.leader || !isHidden(agent, me, world));
      if (seen.length > 0) return { force: chase(me, world, seen), word };
      const heard = loudestWord(leader) ?? 0;
      const quarter: Vector2 = [heard % 2 === 1 ? 0.5 : -0.5, heard > 1 ? 0.5 : -0.5];
      // Two that go to exactly the same point meet there, and the force of a contact without a direction is NaN.
      return { force: steer(me, beside(quarter, 0.2, me, world.agents)) };
    };
  },
};

/** A landmark for each agent, so that the sum of the distances is the least. There are as many landmarks as agents. */
function assign(agents: readonly AgentState[], landmarks: readonly LandmarkState[]) {
  const columns = leastAssignment(
    agents.map((agent) => landmarks.map((landmark) => distanceBetween(agent, landmark))),
  );
  return (me: AgentState) => landmarks[columns[agents.indexOf(me)]];
}

/** The landmark whose index the other agent says. Before it says anything, the middle of all landmarks. */
function placeTold(other: AgentState, landmarks: readonly LandmarkState[]): Vector2 {
  const mean = (axis: 0 | 1) => landmarks.reduce((sum, { pos }) => sum + pos[axis], 0) / landmarks.length;
  return landmarks[loudestWord(other) ?? -1]?.pos ?? [mean(0), mean(1)];
}

/** The word with the largest weight; undefined if the agent said nothing. */
function loudestWord({ c }: AgentState): number | undefined {
  const loudest = Math.max(...c);
  return loudest > 0 ? c.indexOf(loudest) : undefined;
}

function preyOf({ agents }: WorldState): AgentState[] {
  return agents.filter(({ adversary }) => !adversary);
}

/** Whether the agent is in a forest, and the other agent is not in the same forest. */
function isHidden(agent: AgentState, other: AgentState, { landmarks }: WorldState): boolean {
  const inside = (entity: AgentState, forest: LandmarkState) =>
    distanceBetween(entity, forest) < entity.size + forest.size;
  const forests = landmarks.filter(({ kind }) => kind === 'forest');
  const hidingPlaces = forests.filter((forest) => inside(agent, forest));
  return hidingPlaces.length > 0 && !hidingPlaces.some((forest) => inside(other, forest));
}

function goalOf({ goal_a }: AgentState, landmarks: readonly LandmarkState[]): LandmarkState {
  return landmarks[(goal_a as { landmark: number }).landmark];
}

function targetOfOther({ goal_b }: AgentState, landmarks: readonly LandmarkState[]): LandmarkState {
  return landmarks[(goal_b as { landmark: number }).landmark];
}
