/**
 * Agents that know what they are doing, written by hand: to play with, and to show what each scenario is about. They look at
 * the whole state, but not at goals and keys that are secret to them.
 */
import type { AgentState, LandmarkState, ScenarioName, Vector2, WorldState } from '@paragrad/mpe';

/** What an agent does: where it pushes, each component from -1 to 1, and the index of the word it says. */
export interface Choice {
  force?: Vector2 | undefined;
  word?: number | undefined;
}

type Script = (me: AgentState, world: WorldState) => Choice;

const scripts: Readonly<Record<ScenarioName, Script>> = {
  simple: (me, { landmarks }) => ({ force: arrive(me, landmarks[0].pos) }),

  simple_spread: (me, { agents, landmarks }) => ({ force: arrive(me, assigned(me, agents, landmarks).pos) }),

  /** The good agents cover all landmarks; the adversary goes where somebody already is. */
  simple_adversary(me, { agents, landmarks }) {
    const good = agents.filter(({ adversary }) => !adversary);
    if (!me.adversary) return { force: arrive(me, assigned(me, good, landmarks).pos) };
    const covered = nearest(landmarks, (landmark) =>
      Math.min(...good.map((agent) => apart(agent, landmark))),
    );
    return { force: arrive(me, between(covered.pos, me.pos, 0.12)) }; // beside who is there, to be seen
  },

  /** The adversary takes the landmark nearest to the agent for its goal, and stands in the way. */
  simple_push(me, { agents, landmarks }) {
    if (!me.adversary) return { force: arrive(me, goalOf(me, landmarks).pos) };
    const agent = agents.find(({ adversary }) => !adversary)!;
    const guess = nearest(landmarks, (landmark) => apart(agent, landmark));
    return { force: arrive(me, between(guess.pos, agent.pos, 0.05)) };
  },

  /** Each says where the other has to go: word i for landmark i. */
  simple_reference(me, { agents, landmarks }) {
    const other = agents.find(({ name }) => name !== me.name)!;
    return {
      force: goWhereTold(me, other, landmarks),
      word: landmarks.indexOf(targetOfOther(me, landmarks)),
    };
  },

  simple_speaker_listener(me, { agents, landmarks }) {
    if (!me.silent) return { word: landmarks.indexOf(targetOfOther(me, landmarks)) };
    return { force: goWhereTold(me, agents.find(({ silent }) => !silent)!, landmarks) };
  },

  /** Alice adds the key to the message, modulo the number of messages; Bob takes it off again; Eve can only repeat. */
  simple_crypto(me, { agents, landmarks }) {
    const alice = agents.find(({ speaker }) => speaker)!;
    const key = alice.key_landmark!;
    const messages = landmarks.length;
    if (me === alice) return { word: (landmarks.indexOf(goalOf(me, landmarks)) + key) % messages };
    const heard = wordOf(alice);
    if (heard === undefined || me.adversary) return { word: heard };
    return { word: (heard + messages - key) % messages };
  },

  simple_tag: (me, world) => ({ force: me.adversary ? chase(me, world, prey(world)) : flee(me, world, []) }),

  /** The leader says in which quarter of the arena it sees a prey: left or right, plus 2 if above. */
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
    const target = nearest(prey(world), (agent) => apart(agent, leader));
    const word = me.leader ? (target.pos[0] > 0 ? 1 : 0) + (target.pos[1] > 0 ? 2 : 0) : undefined;
    const seen = me.leader ? prey(world) : prey(world).filter((agent) => !isHidden(agent, me, world));
    if (seen.length > 0) return { force: chase(me, world, seen), word };
    const heard = wordOf(leader) ?? 0;
    return { force: arrive(me, [heard % 2 === 1 ? 0.5 : -0.5, heard > 1 ? 0.5 : -0.5]) };
  },
};

/** What all agents do: actions of mode 'force', by name. */
export function scriptedActions(scenario: ScenarioName, world: WorldState): Record<string, number[]> {
  const script = scripts[scenario];
  return Object.fromEntries(world.agents.map((agent) => [agent.name, actionOf(agent, script(agent, world))]));
}

/** The choice as an action of mode 'force'. */
export function actionOf({ movable, silent, c }: AgentState, { force = [0, 0], word }: Choice): number[] {
  return [...(movable ? force : []), ...(silent ? [] : c.map((_, i) => (i === word ? 1 : -1)))];
}

/** Straight to a place, braking in time. */
function arrive({ pos, vel }: AgentState, [x, y]: Vector2): Vector2 {
  return [limit(1.5 * (x - pos[0]) - 0.5 * vel[0]), limit(1.5 * (y - pos[1]) - 0.5 * vel[1])];
}

/** To where the prey is going; from another side than the other predators, while it is far. */
function chase(me: AgentState, { agents }: WorldState, seen: readonly AgentState[]): Vector2 {
  const target = nearest(seen, (agent) => apart(agent, me));
  const pack = agents.filter(({ adversary }) => adversary);
  const angle = (2 * Math.PI * pack.indexOf(me)) / pack.length;
  const aside = 0.5 * Math.max(apart(me, target) - 0.2, 0);
  const aim = ahead(target, 0.2);
  const [dx, dy] = [
    aim[0] + aside * Math.cos(angle) - me.pos[0],
    aim[1] + aside * Math.sin(angle) - me.pos[1],
  ];
  const length = Math.max(Math.hypot(dx, dy), 1e-9);
  return [dx / length, dy / length];
}

/** In the direction that, of sixteen, leads farthest from predators and walls, and near to something good. */
function flee(me: AgentState, { agents, landmarks }: WorldState, good: readonly LandmarkState[]): Vector2 {
  const predators = agents.filter(({ adversary }) => adversary);
  const obstacles = landmarks.filter(({ collide }) => collide);
  const directions: Vector2[] = [[0, 0]];
  for (let i = 0; i < 16; i++) directions.push([Math.cos((i * Math.PI) / 8), Math.sin((i * Math.PI) / 8)]);
  const cost = ([dx, dy]: Vector2) => {
    const there: Vector2 = [me.pos[0] + 0.3 * dx, me.pos[1] + 0.3 * dy];
    let sum = 0;
    for (const predator of predators) sum += 0.1 / (distance(ahead(predator, 0.2), there) + 0.02) ** 2;
    for (const obstacle of obstacles) sum += distance(obstacle.pos, there) < obstacle.size + me.size ? 5 : 0;
    for (const x of there) sum += 10 * Math.max(Math.abs(x) - 0.8, 0);
    if (good.length > 0) sum += 2 * Math.min(...good.map(({ pos }) => distance(pos, there)));
    return sum;
  };
  return nearest(directions, cost);
}

/** To the landmark whose index the other one says; nowhere before it has said anything. */
function goWhereTold(me: AgentState, other: AgentState, landmarks: readonly LandmarkState[]): Vector2 {
  const word = wordOf(other);
  return word === undefined || !landmarks[word] ? arrive(me, me.pos) : arrive(me, landmarks[word].pos);
}

/** The landmark that falls to an agent when the nearest pair of an agent and a landmark is taken out, again and again. */
function assigned(
  me: AgentState,
  agents: readonly AgentState[],
  landmarks: readonly LandmarkState[],
): LandmarkState {
  const pairs = agents.flatMap((agent) => landmarks.map((landmark) => ({ agent, landmark })));
  const pair = nearest(pairs, ({ agent, landmark }) => apart(agent, landmark));
  if (pair.agent === me) return pair.landmark;
  return assigned(
    me,
    agents.filter((agent) => agent !== pair.agent),
    landmarks.filter((landmark) => landmark !== pair.landmark),
  );
}

/** The word that was said the loudest; undefined after silence. */
function wordOf({ c }: AgentState): number | undefined {
  const loudest = Math.max(...c);
  return loudest > 0 ? c.indexOf(loudest) : undefined;
}

function prey({ agents }: WorldState): AgentState[] {
  return agents.filter(({ adversary }) => !adversary);
}

/** In a forest in which the other one is not. */
function isHidden(agent: AgentState, other: AgentState, { landmarks }: WorldState): boolean {
  const inside = (one: AgentState, forest: LandmarkState) => apart(one, forest) < one.size + forest.size;
  const forests = landmarks.filter(({ kind }) => kind === 'forest');
  const around = forests.filter((forest) => inside(agent, forest));
  return around.length > 0 && !around.some((forest) => inside(other, forest));
}

function goalOf({ goal_a }: AgentState, landmarks: readonly LandmarkState[]): LandmarkState {
  return landmarks[(goal_a as { landmark: number }).landmark];
}

function targetOfOther({ goal_b }: AgentState, landmarks: readonly LandmarkState[]): LandmarkState {
  return landmarks[(goal_b as { landmark: number }).landmark];
}

function nearest<T>(candidates: readonly T[], distanceTo: (candidate: T) => number): T {
  return candidates.reduce((best, one) => (distanceTo(one) < distanceTo(best) ? one : best));
}

function distance(a: Vector2, b: Vector2): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function apart(a: { pos: Vector2 }, b: { pos: Vector2 }): number {
  return distance(a.pos, b.pos);
}

/** The point at some distance from `from` on the way to `to`. */
function between(from: Vector2, to: Vector2, distanceFrom: number): Vector2 {
  const share = Math.min(distanceFrom / Math.max(distance(from, to), 1e-9), 1);
  return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
}

/** Where it will be after some time, if it goes on as it does. */
function ahead({ pos, vel }: AgentState, time: number): Vector2 {
  return [pos[0] + time * vel[0], pos[1] + time * vel[1]];
}

function limit(x: number): number {
  return Math.min(Math.max(x, -1), 1);
}
