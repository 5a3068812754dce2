import { Contacts } from './contacts.js';
import type { Entity, World } from './world.js';

/**
 * Which environments to follow: the current reference by Farama (mpe2, PettingZoo), or OpenAI's original, which the code
 * of the MADDPG paper used. They differ in the order of integration, the signs of actions, and the rewards: see
 * docs/physics.md.
 */
export type Physics = 'farama' | 'openai';

export const physicsNames = ['farama', 'openai'] as const satisfies readonly Physics[];

/** Duration of a step, in units of time. */
export const DT = 0.1;
/** Fraction of its velocity that an entity loses in a step. */
export const DAMPING = 0.25;

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
  contacts.addForces(world.entities);
  for (const entity of world.entities) if (entity.movable) integrate(entity, physics);
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
