import type { Entity, World } from './world.js';

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
 * the Farama reference (mpe2 1.1.0), so that results agree to the last bits.
 */
export function stepPhysics(world: World): void {
  addContactForces(world.entities);
  for (const entity of world.entities) if (entity.movable) integrate(entity);
}

function addContactForces(entities: readonly Entity[]): void {
  for (let i = 0; i < entities.length; i++) {
    const a = entities[i] as Entity;
    if (!a.collide) continue;
    for (let j = i + 1; j < entities.length; j++) {
      const b = entities[j] as Entity;
      if (b.collide && (a.movable || b.movable)) addContactForce(a, b);
    }
  }
}

/**
 * Two discs push each other apart, along the line of their centres and with equal strength whatever their masses:
 *
 *     100 * k softplus((r_a + r_b - d) / k)      k = 0.001
 *
 * which is 100 times the depth of the overlap, and falls off within a few k outside it. At d = 0 it is NaN, as in the
 * reference; random positions never coincide.
 */
function addContactForce(a: Entity, b: Entity): void {
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  const distance = Math.sqrt(dx * dx + dy * dy);
  const penetration = softplus(-(distance - (a.size + b.size)) / CONTACT_MARGIN) * CONTACT_MARGIN;
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

/** The position moves with the velocity from before the step: a push shows in it one step later. */
function integrate(entity: Entity): void {
  entity.x += entity.vx * DT;
  entity.y += entity.vy * DT;
  entity.vx = entity.vx * (1 - DAMPING) + (entity.fx / entity.mass) * DT;
  entity.vy = entity.vy * (1 - DAMPING) + (entity.fy / entity.mass) * DT;
  if (entity.maxSpeed === null) return;
  const speed = Math.sqrt(entity.vx * entity.vx + entity.vy * entity.vy);
  if (speed > entity.maxSpeed) {
    entity.vx = (entity.vx / speed) * entity.maxSpeed;
    entity.vy = (entity.vy / speed) * entity.maxSpeed;
  }
}
