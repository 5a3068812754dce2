import { CONTACT_FORCE, CONTACT_MARGIN, Contacts, softplus } from './contacts.js';
import type { Entity, World } from './world.js';

/**
 * Which environments to follow: the current reference by Farama (mpe2, PettingZoo), or OpenAI's original, which the code
 * of the MADDPG paper used. They differ in the order of integration, the signs of actions, and the rewards: see
 * docs/physics.md.
 */
export type Physics = 'farama' | 'openai';

/** The physics to choose from; see {@link Physics}. */
export const physicsNames = ['farama', 'openai'] as const satisfies readonly Physics[];

/** Duration of a step, in units of time. */
export const DT = 0.1;
/** Fraction of its velocity that an entity loses in a step. */
export const DAMPING = 0.25;

/** From so many entities on, `Contacts` are faster than a plain loop. With 3 agents, a step took a tenth longer with them. */
const MANY = 8;
/** For all worlds in turn. */
const contacts = new Contacts();

/**
 * Runs the motion of one step. Before the call, `fx` and `fy` of the agents are the forces of their actions.
 *
 * All contact forces are computed before anything moves. The formulas and the order of operations are those of the
 * references (mpe2 1.1.0; openai/multiagent-particle-envs), so that the results agree to the last bits.
 */
export function stepPhysics(world: World, physics: Physics): void {
  for (const landmark of world.landmarks) landmark.fx = landmark.fy = 0; // landmarks have no actions
  if (world.entities.length < MANY) addContactForces(world.entities);
  else contacts.addForces(world.entities);
  for (const entity of world.entities) if (entity.movable) integrate(entity, physics);
}

/** The force of each pair, in turn. This is what `Contacts` gives, too. */
function addContactForces(entities: readonly Entity[]): void {
  for (let i = 0; i < entities.length; i++) {
    const a = entities[i];
    if (!a.collide) continue;
    for (let j = i + 1; j < entities.length; j++) {
      const b = entities[j];
      if (b.collide && (a.movable || b.movable)) addContactForce(a, b);
    }
  }
}

/**
 * Two discs push each other apart along the line between their centers. The force on each has the same strength, whatever
 * their masses:
 *
 *     100 * k softplus((r_a + r_b - d) / k)      k = 0.001
 *
 * This is 100 times the depth of the overlap. Without overlap it fades out within a few k. At d = 0 the direction is 0/0,
 * so the force is NaN and spreads, exactly as in the references. Random positions never coincide, but positions that you
 * set may.
 */
function addContactForce(a: Entity, b: Entity): void {
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  const distance = Math.sqrt(dx * dx + dy * dy);
  const overlap = (a.size + b.size - distance) / CONTACT_MARGIN;
  if (overlap < -746) return; // exp(overlap) is exactly 0, and so is the force
  const penetration = softplus(overlap) * CONTACT_MARGIN;
  const fx = ((CONTACT_FORCE * dx) / distance) * penetration;
  const fy = ((CONTACT_FORCE * dy) / distance) * penetration;
  if (a.movable) {
    a.fx += fx;
    a.fy += fy;
  }
  if (b.movable) {
    b.fx -= fx;
    b.fy -= fy;
  }
}

/**
 * Farama moves the entity with its velocity from before the step. So a push changes the position one step later than in
 * OpenAI's.
 */
function integrate(entity: Entity, physics: Physics): void {
  if (physics === 'farama') move(entity);
  entity.vx = entity.vx * (1 - DAMPING) + (entity.fx / entity.mass) * DT;
  entity.vy = entity.vy * (1 - DAMPING) + (entity.fy / entity.mass) * DT;
  if (entity.maxSpeed < Number.POSITIVE_INFINITY) limitSpeed(entity, entity.maxSpeed);
  if (physics === 'openai') move(entity);
}

function move(entity: Entity): void {
  entity.x += entity.vx * DT;
  entity.y += entity.vy * DT;
}

function limitSpeed(entity: Entity, limit: number): void {
  const speed = Math.sqrt(entity.vx * entity.vx + entity.vy * entity.vy);
  if (speed > limit) {
    entity.vx = (entity.vx / speed) * limit;
    entity.vy = (entity.vy / speed) * limit;
  }
}
