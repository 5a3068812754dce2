import type { Entity, World } from './world.js';

/**
 * Whose environments: the current Farama reference (mpe2, PettingZoo), or OpenAI's original, which the MADDPG paper's code
 * used. They differ in the order of integration, in the sign of actions, and in rewards; docs/physics.md says how.
 */
export type Physics = 'farama' | 'openai';

export const physicsNames = ['farama', 'openai'] as const satisfies readonly Physics[];

/** Duration of a step. */
export const DT = 0.1;
/** Share of its velocity that an entity loses in a step. */
export const DAMPING = 0.25;
/** Strength and softness (a length) of the contact force. */
export const CONTACT_FORCE = 100;
export const CONTACT_MARGIN = 0.001;

/**
 * Moves the world on by one step. On entry `fx` and `fy` of the agents hold the forces of their actions.
 *
 * All contact forces are computed before anything moves. The formulas and the order of their operations are those of
 * the references (mpe2 1.1.0; openai/multiagent-particle-envs), so that results agree to the last bits.
 */
export function stepPhysics(world: World, physics: Physics): void {
  for (const landmark of world.landmarks) landmark.fx = landmark.fy = 0; // no action sets those
  addContactForces(world.entities);
  for (const entity of world.entities) if (entity.movable) integrate(entity, physics);
}

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
 * Two discs push each other apart, along the line of their centers and with equal strength whatever their masses:
 *
 *     100 * k softplus((r_a + r_b - d) / k)      k = 0.001
 *
 * which is 100 times the depth of the overlap, and falls off within a few k outside it. At d = 0 the direction is 0/0: the
 * force is NaN, and spreads, exactly as in the references. Random positions never coincide; a start that you set may.
 */
function addContactForce(a: Entity, b: Entity): void {
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  const distance = Math.sqrt(dx * dx + dy * dy);
  const overlap = (a.size + b.size - distance) / CONTACT_MARGIN;
  if (overlap < -746) return; // the exponential below is exactly 0
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

/** log(1 + exp(x)) in the form that can't overflow: x reaches several hundred in deep contacts. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Farama moves with the velocity from before the step: a push shows in the position one step later than in OpenAI's. */
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
