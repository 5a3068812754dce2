import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DT, stepPhysics } from '../src/physics.js';
import { type Agent, makeAgents, makeLandmarks, makeWorld } from '../src/world.js';

/** From -1 to 1, without -0, which any addition turns into 0. */
const coordinate = fc.double({ min: -1, max: 1, noNaN: true }).map((x) => x + 0);
const body = fc.record({ x: coordinate, y: coordinate, vx: coordinate, vy: coordinate });

function worldOf(
  bodies: Partial<Agent>[],
  collide = true,
  landmarks = makeLandmarks(0, { size: 1, color: [0, 0, 0], collide }),
) {
  const agents = makeAgents(bodies.length, 'agent', { size: 0.15, color: [0, 0, 0], collide });
  agents.forEach((agent, i) => {
    Object.assign(agent, bodies[i]);
  });
  return makeWorld({ agents, landmarks });
}

describe('a step', () => {
  it('leaves what is at rest and not pushed where it is', () => {
    fc.assert(
      fc.property(coordinate, coordinate, (x, y) => {
        const world = worldOf([{ x, y }]);
        stepPhysics(world, 'farama');
        expect(world.agents[0]).toMatchObject({ x, y, vx: 0, vy: 0 });
      }),
    );
  });

  it('moves with the velocity from before the step, and loses a quarter of it', () => {
    const world = worldOf([{ x: 0.5, vx: 1, fx: 4 }]);
    stepPhysics(world, 'farama');
    expect(world.agents[0]?.x).toBe(0.5 + 1 * DT);
    expect(world.agents[0]?.vx).toBe(0.75 + 4 * DT);
  });

  it('divides the force by the mass', () => {
    const world = worldOf([{ fx: 4, fy: -2, mass: 2 }]);
    stepPhysics(world, 'farama');
    expect(world.agents[0]).toMatchObject({ vx: 0.2, vy: -0.1 });
  });

  it('keeps to the maximum speed and to the direction', () => {
    const force = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(
        body,
        force,
        force,
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        (start, fx, fy, maxSpeed) => {
          const limited = worldOf([{ ...start, fx, fy, maxSpeed }]);
          const free = worldOf([{ ...start, fx, fy }]);
          stepPhysics(limited, 'farama');
          stepPhysics(free, 'farama');
          const [a, b] = [limited.agents[0], free.agents[0]] as [Agent, Agent];
          expect(Math.hypot(a.vx, a.vy)).toBeLessThanOrEqual(maxSpeed * (1 + 1e-12));
          expect(a.vx * b.vy - a.vy * b.vx).toBeCloseTo(0, 10);
          if (Math.hypot(b.vx, b.vy) <= maxSpeed) expect([a.vx, a.vy]).toEqual([b.vx, b.vy]);
        },
      ),
    );
  });
});

describe('a contact', () => {
  it('pushes both alike, in opposite directions and apart, so that momentum is kept', () => {
    fc.assert(
      fc.property(
        coordinate,
        coordinate,
        fc.double({ min: 0.01, max: 0.29, noNaN: true }),
        fc.nat(359),
        (x, y, d, degrees) => {
          const angle = (degrees / 180) * Math.PI;
          const world = worldOf([
            { x, y },
            { x: x + d * Math.cos(angle), y: y + d * Math.sin(angle) },
          ]);
          stepPhysics(world, 'farama');
          const [a, b] = world.agents as [Agent, Agent];
          expect(a.vx + b.vx).toBe(0);
          expect(a.vy + b.vy).toBe(0);
          expect(a.vx * (a.x - b.x) + a.vy * (a.y - b.y)).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('is 100 times as strong as the overlap is deep', () => {
    const world = worldOf([{ x: 0 }, { x: 0.2 }]);
    stepPhysics(world, 'farama');
    expect(world.agents[1]?.vx).toBeCloseTo(100 * 0.1 * DT, 9);
  });

  it('is soft at the edge, where it is 100 k log 2, and does not overflow in the depth', () => {
    const edge = worldOf([{ x: 0 }, { x: 0.3 }]);
    stepPhysics(edge, 'farama');
    expect(edge.agents[1]?.vx).toBeCloseTo(100 * 0.001 * Math.log(2) * DT, 9);
    const deep = worldOf([
      { x: 0, size: 5 },
      { x: 0.3, size: 5 },
    ]);
    stepPhysics(deep, 'farama');
    expect(deep.agents[1]?.vx).toBeCloseTo(100 * 9.7 * DT, 9);
  });

  it('with something immovable only pushes the other, with the same strength', () => {
    const obstacles = makeLandmarks(1, { size: 0.15, color: [0, 0, 0], collide: true });
    const world = worldOf([{ x: 0.2 }], true, obstacles);
    stepPhysics(world, 'farama');
    expect(world.agents[0]?.vx).toBeCloseTo(100 * 0.1 * DT, 9);
    expect(obstacles[0]).toMatchObject({ x: 0, y: 0, vx: 0, vy: 0 });
  });

  it('does not happen to what does not collide', () => {
    const world = worldOf([{ x: 0 }, { x: 0.01 }], false);
    stepPhysics(world, 'farama');
    expect(world.agents.map((agent) => agent.vx)).toEqual([0, 0]);
  });
});
