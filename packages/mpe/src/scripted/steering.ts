import { DAMPING, DT, type Physics } from '../physics.js';
import type { AgentState, LandmarkState, WorldState } from '../state.js';
import { DEFAULT_ACCEL, type Vector2 } from '../world.js';

/** The force that takes an agent to a place quickly and stops it there, before it is clipped to [-1, 1]. */
export type Steer = (me: AgentState, to: Vector2) => Vector2;

/**
 * Steers by distance and velocity v of the step: force = kp (to - pos) - kd v. The two gains are those with which the agent, if its force
 * had no bounds, would arrive in two steps and stay. Within bounds a fast agent passes the place by less than 0.1, and comes back.
 *
 * A step is v ← (1 - DAMPING) v + accel DT force, and pos ← pos + DT v with the v before it (farama) or after it (openai). Both
 * eigenvalues of that step are 0 with these gains.
 */
export function steering(physics: Physics): Steer {
  const kept = 1 - DAMPING;
  return ({ pos, vel, accel }, to) => {
    const push = (accel ?? DEFAULT_ACCEL) * DT;
    const kp = 1 / (push * DT);
    const kd = (physics === 'farama' ? 1 + kept : kept) / push;
    return [kp * (to[0] - pos[0]) - kd * vel[0], kp * (to[1] - pos[1]) - kd * vel[1]];
  };
}

/** The force towards where the prey is going. While the prey is far, every predator comes from a different side. */
export function chase(me: AgentState, { agents }: WorldState, seen: readonly AgentState[]): Vector2 {
  if (seen.length === 0) return [0, 0];
  const target = minBy(seen, (agent) => distanceBetween(agent, me));
  const aside = 0.5 * Math.max(distanceBetween(me, target) - 0.2, 0);
  const [x, y] = beside(positionAfter(target, 0.2), aside, me, agents);
  const [dx, dy] = [x - me.pos[0], y - me.pos[1]];
  const length = Math.max(Math.hypot(dx, dy), 1e-9);
  return [dx / length, dy / length];
}

/** The point at this distance from `center`, on the side that belongs to this one of the adversaries. */
export function beside(
  center: Vector2,
  distance: number,
  me: AgentState,
  agents: readonly AgentState[],
): Vector2 {
  const pack = agents.filter(({ adversary }) => adversary);
  const angle = (2 * Math.PI * pack.indexOf(me)) / pack.length;
  return [center[0] + distance * Math.cos(angle), center[1] + distance * Math.sin(angle)];
}

/** The best of sixteen directions and standing still: away from predators and walls, and near to food. */
export function flee(
  me: AgentState,
  { agents, landmarks }: WorldState,
  food: readonly LandmarkState[],
): Vector2 {
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

/** The candidate with the smallest cost. */
export function minBy<T>(candidates: readonly T[], cost: (candidate: T) => number): T {
  return candidates.reduce((best, candidate) => (cost(candidate) < cost(best) ? candidate : best));
}

export function distanceBetween(a: { pos: Vector2 }, b: { pos: Vector2 }): number {
  return distance(a.pos, b.pos);
}

/** The point on the way from `from` to `to`, at `distanceFrom` from the start. */
export function pointTowards(from: Vector2, to: Vector2, distanceFrom: number): Vector2 {
  const fraction = Math.min(distanceFrom / Math.max(distance(from, to), 1e-9), 1);
  return [from[0] + fraction * (to[0] - from[0]), from[1] + fraction * (to[1] - from[1])];
}

function distance(a: Vector2, b: Vector2): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** The agent's position after some time, if its velocity stays the same. */
function positionAfter({ pos, vel }: AgentState, time: number): Vector2 {
  return [pos[0] + time * vel[0], pos[1] + time * vel[1]];
}
