/**
 * Scripted agents that play each scenario well, for the user to play with and for the GIFs. They read the whole state, except
 * goals and keys that they must not know.
 */
import type { AgentState, LandmarkState, ScenarioName, Vector2, WorldState } from '@paragrad/mpe';

/** What an agent does. */
export interface Choice {
  /** Each component is from -1 to 1. */
  force?: Vector2 | undefined;
  /** The index of the word that it says. */
  word?: number | undefined;
}

type Script = (me: AgentState, world: WorldState) => Choice;

const scripts: Readonly<Record<ScenarioName, Script>> = {
  simple: (me, { landmarks }) => ({ force: steerTo(me, landmarks[0].pos) }),

  simple_spread: (me, { agents, landmarks }) => ({
    force: steerTo(me, assignedLandmark(me, agents, landmarks).pos),
  }),

  /** The good agents cover all landmarks. The adversary goes to the landmark with the nearest agent. */
  simple_adversary(me, { agents, landmarks }) {
    const good = agents.filter(({ adversary }) => !adversary);
    if (!me.adversary) return { force: steerTo(me, assignedLandmark(me, good, landmarks).pos) };
    const covered = minBy(landmarks, (landmark) =>
      Math.min(...good.map((agent) => distanceBetween(agent, landmark))),
    );
    return { force: steerTo(me, pointTowards(covered.pos, me.pos, 0.12)) }; // a little beside it, to stay visible
  },

  /** The adversary guesses that the goal is the landmark nearest to the agent, and stands in the way. */
  simple_push(me, { agents, landmarks }) {
    if (!me.adversary) return { force: steerTo(me, goalOf(me, landmarks).pos) };
    const agent = agents.find(({ adversary }) => !adversary)!;
    const guess = minBy(landmarks, (landmark) => distanceBetween(agent, landmark));
    return { force: steerTo(me, pointTowards(guess.pos, agent.pos, 0.05)) };
  },

  /** Each agent says where the other one has to go: word i for landmark i. */
  simple_reference(me, { agents, landmarks }) {
    const other = agents.find(({ name }) => name !== me.name)!;
    return {
      force: steerWhereTold(me, other, landmarks),
      word: landmarks.indexOf(targetOfOther(me, landmarks)),
    };
  },

  simple_speaker_listener(me, { agents, landmarks }) {
    if (!me.silent) return { word: landmarks.indexOf(targetOfOther(me, landmarks)) };
    return { force: steerWhereTold(me, agents.find(({ silent }) => !silent)!, landmarks) };
  },

  /**
   * Alice adds the key to the message, modulo the number of messages. Bob subtracts it again. Eve can only repeat what
   * she hears.
   */
  simple_crypto(me, { agents, landmarks }) {
    const alice = agents.find(({ speaker }) => speaker)!;
    const key = alice.key_landmark!;
    const messages = landmarks.length;
    if (me === alice) return { word: (landmarks.indexOf(goalOf(me, landmarks)) + key) % messages };
    const heard = loudestWord(alice);
    if (heard === undefined || me.adversary) return { word: heard };
    return { word: (heard + messages - key) % messages };
  },

  simple_tag: (me, world) => ({
    force: me.adversary ? chase(me, world, preyOf(world)) : flee(me, world, []),
  }),

  /**
   * The leader says in which quarter of the arena the nearest prey is: 0 left or 1 right, plus 2 if it is in the upper
   * half.
   */
  simple_world_comm(me, world) {
    if (!me.adversary)
      return {
        force: flee(
          me,
          world,
          world.landmarks.filter(({ kind }) => kind === 'food'),
        ),
      };
    const leader = world.agents.find((agent) => agent.leader)!;
    const target = minBy(preyOf(world), (agent) => distanceBetween(agent, leader));
    const word = me.leader ? (target.pos[0] > 0 ? 1 : 0) + (target.pos[1] > 0 ? 2 : 0) : undefined;
    const seen = me.leader ? preyOf(world) : preyOf(world).filter((agent) => !isHidden(agent, me, world));
    if (seen.length > 0) return { force: chase(me, world, seen), word };
    const heard = loudestWord(leader) ?? 0;
    return { force: steerTo(me, [heard % 2 === 1 ? 0.5 : -0.5, heard > 1 ? 0.5 : -0.5]) };
  },
};

/** The actions of all agents, in mode 'force', by agent name. */
export function scriptedActions(scenario: ScenarioName, world: WorldState): Record<string, number[]> {
  const script = scripts[scenario];
  return Object.fromEntries(world.agents.map((agent) => [agent.name, actionOf(agent, script(agent, world))]));
}

/** The choice as an action of mode 'force'. */
export function actionOf({ movable, silent, c }: AgentState, { force = [0, 0], word }: Choice): number[] {
  return [...(movable ? force : []), ...(silent ? [] : c.map((_, i) => (i === word ? 1 : -1)))];
}

/** The force towards a place, with braking in time. */
function steerTo({ pos, vel }: AgentState, [x, y]: Vector2): Vector2 {
  return [clip(1.5 * (x - pos[0]) - 0.5 * vel[0]), clip(1.5 * (y - pos[1]) - 0.5 * vel[1])];
}

/** The force towards where the prey is going. While the prey is far, every predator comes from a different side. */
function chase(me: AgentState, { agents }: WorldState, seen: readonly AgentState[]): Vector2 {
  const target = minBy(seen, (agent) => distanceBetween(agent, me));
  const pack = agents.filter(({ adversary }) => adversary);
  const angle = (2 * Math.PI * pack.indexOf(me)) / pack.length;
  const aside = 0.5 * Math.max(distanceBetween(me, target) - 0.2, 0);
  const aim = positionAfter(target, 0.2);
  const [dx, dy] = [
    aim[0] + aside * Math.cos(angle) - me.pos[0],
    aim[1] + aside * Math.sin(angle) - me.pos[1],
  ];
  const length = Math.max(Math.hypot(dx, dy), 1e-9);
  return [dx / length, dy / length];
}

/** The best of sixteen directions and standing still: away from predators and walls, and near to food. */
function flee(me: AgentState, { agents, landmarks }: WorldState, food: readonly LandmarkState[]): Vector2 {
  const predators = agents.filter(({ adversary }) => adversary);
  const obstacles = landmarks.filter(({ collide }) => collide);
  const directions: Vector2[] = [[0, 0]];
  for (let i = 0; i < 16; i++) directions.push([Math.cos((i * Math.PI) / 8), Math.sin((i * Math.PI) / 8)]);
  const cost = ([dx, dy]: Vector2) => {
    const there: Vector2 = [me.pos[0] + 0.3 * dx, me.pos[1] + 0.3 * dy];
    let sum = 0;
    for (const predator of predators)
      sum += 0.1 / (distance(positionAfter(predator, 0.2), there) + 0.02) ** 2;
    for (const obstacle of obstacles) sum += distance(obstacle.pos, there) < obstacle.size + me.size ? 5 : 0;
    for (const x of there) sum += 10 * Math.max(Math.abs(x) - 0.8, 0);
    if (food.length > 0) sum += 2 * Math.min(...food.map(({ pos }) => distance(pos, there)));
    return sum;
  };
  return minBy(directions, cost);
}

/** The force towards the landmark whose index the other agent says. Before it says anything, the agent brakes. */
function steerWhereTold(me: AgentState, other: AgentState, landmarks: readonly LandmarkState[]): Vector2 {
  const word = loudestWord(other);
  return word === undefined || !landmarks[word] ? steerTo(me, me.pos) : steerTo(me, landmarks[word].pos);
}

/**
 * The landmark for an agent in a greedy assignment: the nearest pair of an agent and a landmark first, then the nearest
 * of the rest, and so on.
 */
function assignedLandmark(
  me: AgentState,
  agents: readonly AgentState[],
  landmarks: readonly LandmarkState[],
): LandmarkState {
  const pairs = agents.flatMap((agent) => landmarks.map((landmark) => ({ agent, landmark })));
  const pair = minBy(pairs, ({ agent, landmark }) => distanceBetween(agent, landmark));
  if (pair.agent === me) return pair.landmark;
  return assignedLandmark(
    me,
    agents.filter((agent) => agent !== pair.agent),
    landmarks.filter((landmark) => landmark !== pair.landmark),
  );
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

/** The candidate with the smallest cost. */
function minBy<T>(candidates: readonly T[], cost: (candidate: T) => number): T {
  return candidates.reduce((best, candidate) => (cost(candidate) < cost(best) ? candidate : best));
}

function distance(a: Vector2, b: Vector2): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function distanceBetween(a: { pos: Vector2 }, b: { pos: Vector2 }): number {
  return distance(a.pos, b.pos);
}

/** The point on the way from `from` to `to`, at `distanceFrom` from the start. */
function pointTowards(from: Vector2, to: Vector2, distanceFrom: number): Vector2 {
  const fraction = Math.min(distanceFrom / Math.max(distance(from, to), 1e-9), 1);
  return [from[0] + fraction * (to[0] - from[0]), from[1] + fraction * (to[1] - from[1])];
}

/** The agent's position after some time, if its velocity stays the same. */
function positionAfter({ pos, vel }: AgentState, time: number): Vector2 {
  return [pos[0] + time * vel[0], pos[1] + time * vel[1]];
}

function clip(x: number): number {
  return Math.min(Math.max(x, -1), 1);
}
