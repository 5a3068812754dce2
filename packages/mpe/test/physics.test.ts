import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DT, stepPhysics } from '../src/physics.js';
import { type Agent, makeAgents, makeLandmarks, makeWorld } from '../src/world.js';

/** From -1 to 1, without -0: an addition would turn -0 into 0. */
const coordinate = fc.double({ min: -1, max: 1, noNaN: true }).map((x) => x + 0);
/** On a grid, so that the square of a distance never rounds to 0: then the force would have no direction. */
const gridCoordinate = fc.integer({ min: -4096, max: 4096 }).map((i) => i / 4096);
const crowd = fc.uniqueArray(
  fc.record({
    x: gridCoordinate,
    y: gridCoordinate,
    vx: coordinate,
    vy: coordinate,
    fx: coordinate,
    size: fc.constantFrom(0.05, 0.3),
  }),
  { minLength: 2, maxLength: 7, selector: ({ x, y }) => `${x},${y}` },
);
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
  it('does not move an agent at rest without a force', () => {
    fc.assert(
      fc.property(coordinate, coordinate, (x, y) => {
        const world = worldOf([{ x, y }]);
        stepPhysics(world, 'farama');
        expect(world.agents[0]).toMatchObject({ x, y, vx: 0, vy: 0 });
      }),
    );
  });

  it('moves an agent with its velocity from before the step, which then loses a quarter', () => {
    const world = worldOf([{ x: 0.5, vx: 1, fx: 4 }]);
    stepPhysics(world, 'farama');
    expect(world.agents[0]?.x).toBe(0.5 + 1 * DT);
    expect(world.agents[0]?.vx).toBe(0.75 + 4 * DT);
  });

  it("moves an agent with its new velocity in OpenAI's physics, one step earlier than in Farama's", () => {
    fc.assert(
      fc.property(body, coordinate, coordinate, (start, fx, fy) => {
        const [farama, openai] = [worldOf([{ ...start, fx, fy }]), worldOf([{ ...start, fx, fy }])];
        stepPhysics(farama, 'farama');
        stepPhysics(openai, 'openai');
        const [a] = farama.agents;
        const [b] = openai.agents;
        expect([b.vx, b.vy]).toEqual([a.vx, a.vy]);
        expect([b.x, b.y]).toEqual([start.x + b.vx * DT, start.y + b.vy * DT]);
        stepPhysics(farama, 'farama');
        expect(a.x - start.x).toBeCloseTo(start.vx * DT + b.vx * DT, 12);
      }),
    );
  });

  it('does not depend on the order of the agents', () => {
    fc.assert(
      fc.property(crowd, fc.nat(), (start, turn) => {
        const order = start.map((_, i) => (i + turn) % start.length).reverse();
        const [world, shuffled] = [worldOf(start), worldOf(order.map((i) => start[i]))];
        for (let t = 0; t < 2; t++) {
          stepPhysics(world, 'farama');
          stepPhysics(shuffled, 'farama');
        }
        order.forEach((i, k) => {
          const [a, b] = [world.agents[i], shuffled.agents[k]];
          for (const key of ['x', 'y', 'vx', 'vy'] as const) expect(b[key]).toBeCloseTo(a[key], 9);
        });
      }),
    );
  });

  it('divides the force by the mass', () => {
    const world = worldOf([{ fx: 4, fy: -2, mass: 2 }]);
    stepPhysics(world, 'farama');
    expect(world.agents[0]).toMatchObject({ vx: 0.2, vy: -0.1 });
  });

  it('limits the speed to its maximum and keeps the direction', () => {
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
  it('pushes both apart with equal and opposite forces, which keeps the momentum', () => {
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

  it('keeps the momentum of any number of agents, except for the damping', () => {
    fc.assert(
      fc.property(crowd, (start) => {
        const world = worldOf(start.map((agent) => ({ ...agent, fx: 0 })));
        const momentum = (axis: 'vx' | 'vy') => world.agents.reduce((sum, agent) => sum + agent[axis], 0);
        const before = [momentum('vx'), momentum('vy')];
        stepPhysics(world, 'farama');
        expect(momentum('vx')).toBeCloseTo(before[0] * 0.75, 9);
        expect(momentum('vy')).toBeCloseTo(before[1] * 0.75, 9);
      }),
    );
  });

  it('at distance 0 has a force of NaN, as in the reference', () => {
    const world = worldOf([{ x: 0.5 }, { x: 0.5 }]);
    stepPhysics(world, 'farama');
    expect(world.agents.map(({ x, vx, vy }) => [x, vx, vy])).toEqual([
      [0.5, Number.NaN, Number.NaN],
      [0.5, Number.NaN, Number.NaN],
    ]);
  });

  it('has a force of 100 times the depth of the overlap', () => {
    const world = worldOf([{ x: 0 }, { x: 0.2 }]);
    stepPhysics(world, 'farama');
    expect(world.agents[1]?.vx).toBeCloseTo(100 * 0.1 * DT, 9);
  });

  it('has a force of 100 k log 2 at the edge, and does not overflow in deep overlaps', () => {
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

  it('with an obstacle pushes only the agent, with the same force', () => {
    const obstacles = makeLandmarks(1, { size: 0.15, color: [0, 0, 0], collide: true });
    const world = worldOf([{ x: 0.2 }], true, obstacles);
    stepPhysics(world, 'farama');
    expect(world.agents[0]?.vx).toBeCloseTo(100 * 0.1 * DT, 9);
    expect(obstacles[0]).toMatchObject({ x: 0, y: 0, vx: 0, vy: 0 });
  });

  it('has no force between agents that do not collide', () => {
    const world = worldOf([{ x: 0 }, { x: 0.01 }], false);
    stepPhysics(world, 'farama');
    expect(world.agents.map((agent) => agent.vx)).toEqual([0, 0]);
  });
});
