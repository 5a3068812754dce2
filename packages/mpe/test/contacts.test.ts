/** Many discs: the fast ways to find contacts and neighbors give the bits of the plain loops that are written here. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Contacts } from '../src/contacts.js';
import {
  countAllTouches,
  countTouches,
  nearestDistance,
  nearestDistances,
  squaredDistance,
} from '../src/geometry.js';
import { neighborFinder, ObservationWriter } from '../src/observe.js';
import { type Entity, makeAgents, makeLandmarks } from '../src/world.js';

/** log(1 + exp(x)) without shortcuts. */
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** The specification: the forces of all pairs i < j, one after the other. */
function plainForces(entities: readonly Entity[]): void {
  for (let i = 0; i < entities.length; i++) {
    for (let j = i + 1; j < entities.length; j++) {
      const [a, b] = [entities[i], entities[j]];
      if (!a.collide || !b.collide) continue;
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const distance = Math.sqrt(dx * dx + dy * dy);
      const overlap = (a.size + b.size - distance) / 0.001;
      if (overlap < -746) continue;
      const penetration = softplus(overlap) * 0.001;
      const fx = ((100 * dx) / distance) * penetration;
      const fy = ((100 * dy) / distance) * penetration;
      if (a.movable) {
        a.fx += fx;
        a.fy += fy;
      }
      if (b.movable) {
        b.fx -= fx;
        b.fy -= fy;
      }
    }
  }
}

/** From a seed, because fast-check would shrink worlds of 200 entities for minutes. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const world = fc.record({
  seed: fc.nat(),
  count: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 100, max: 200 })),
  /** Half the width of the square in which they are. */
  halfWidth: fc.constantFrom(0.01, 0.3, 1, 4, 20),
  /** How many of the forces of actions have a component that is exactly 0, or next to nothing. */
  weak: fc.constantFrom(0, 0.01, 1),
  sizes: fc.constantFrom([0.15], [0.05, 0.2], [0.01, 0.05, 1.5], [0.1, 2e6], [0]),
  /** Positions on a coarse grid: some coincide, and many distances are equal. */
  grid: fc.boolean(),
  odd: fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, 1e200),
});

function entitiesOf({
  seed,
  count,
  halfWidth,
  weak,
  sizes,
  grid,
  odd,
}: typeof world extends fc.Arbitrary<infer T> ? T : never) {
  const random = randomNumbers(seed);
  const between = (low: number, high: number) => low + (high - low) * random();
  const entities = Array.from({ length: count }, (_, i): Entity => {
    const traits = {
      size: sizes[i % sizes.length],
      color: [0, 0, 0] as const,
      collide: random() < 0.9,
      movable: random() < 0.8,
    };
    return random() < 0.7 ? makeAgents(1, 'agent', traits)[0] : makeLandmarks(1, traits)[0];
  });
  for (const entity of entities) {
    const coordinate = () => (grid ? Math.round(between(-8, 8)) / 8 : between(-1, 1)) * halfWidth;
    entity.x = coordinate();
    entity.y = coordinate();
    const force = () => (random() < weak ? [0, 1e-9, -1e-300][Math.floor(random() * 3)] : between(-5, 5));
    entity.fx = force();
    entity.fy = force();
  }
  if (odd !== null && seed % 3 === 0) entities[seed % count].x = odd;
  return entities;
}

describe('contact forces', () => {
  it('have the bits of a plain loop over all pairs', () => {
    const contacts = new Contacts();
    fc.assert(
      fc.property(world, (parts) => {
        const [fast, plain] = [entitiesOf(parts), entitiesOf(parts)];
        contacts.addForces(fast);
        plainForces(plain);
        for (const key of ['fx', 'fy'] as const) {
          expect(fast.map((entity) => entity[key])).toEqual(plain.map((entity) => entity[key]));
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [3, 0],
    [3, 1],
    [200, 0],
    [200, 1],
  ])(
    'of %i discs are all added to a force on disc %i that vanishes in the middle of the sum',
    (count, which) => {
      // Of the first two, one has a force that is exactly undone by the other's push. From then on, it matters what is far.
      const make = () => {
        const agents = makeAgents(count, 'agent', { size: 0.15, color: [0, 0, 0], collide: true });
        for (const [i, agent] of agents.entries()) Object.assign(agent, { x: 2 * i, fx: 1, fy: 1 });
        Object.assign(agents[1], { x: 0.2, y: 0.1, fy: -1 });
        Object.assign(agents[2], { x: 0.6, y: 0.5 });
        return agents;
      };
      const pushed = make();
      pushed[which].fx = 0;
      plainForces(pushed.slice(0, 2));
      const [fast, plain] = [make(), make()];
      for (const agents of [fast, plain]) agents[which].fx = -pushed[which].fx;
      plainForces(plain);
      new Contacts().addForces(fast);
      expect(fast.map(({ fx, fy }) => [fx, fy])).toEqual(plain.map(({ fx, fy }) => [fx, fy]));
      expect(plain[which].fx).not.toBe(0);
      expect(Math.abs(plain[which].fx)).toBeLessThan(1e-20);
    },
  );

  it('of huge discs are those of their rounded distances', () => {
    const make = () => {
      const agents = makeAgents(2, 'agent', { size: 1661844439326272, color: [0, 0, 0], collide: true });
      Object.assign(agents[1], { x: 3323688878652544, y: 46000571.18874432 });
      for (const agent of agents) agent.fx = agent.fy = 1;
      return agents;
    };
    const [fast, plain] = [make(), make()];
    new Contacts().addForces(fast);
    plainForces(plain);
    expect(plain[0].fx).toBeLessThan(0.95);
    expect(fast.map(({ fx, fy }) => [fx, fy])).toEqual(plain.map(({ fx, fy }) => [fx, fy]));
  });
});

it('finds for many entities the nearest distances and the touches that it finds for one', () => {
  fc.assert(
    fc.property(world, world, (some, others) => {
      const [entities, candidates] = [entitiesOf(some), entitiesOf(others)];
      const distances = new Float64Array(entities.length);
      nearestDistances(entities, candidates, distances);
      expect([...distances]).toEqual(entities.map((entity) => nearestDistance(entity, candidates)));
      const counts = new Int32Array(entities.length);
      countAllTouches(entities, counts);
      expect([...counts]).toEqual(entities.map((entity) => countTouches(entity, entities)));
    }),
    { numRuns: 300 },
  );
});

it('finds the nearest neighbors as sorting does', () => {
  fc.assert(
    fc.property(world, fc.integer({ min: 0, max: 12 }), (parts, count) => {
      const entities = entitiesOf({ ...parts, odd: null });
      const [agent] = makeAgents(1, 'agent', { size: 0.1, color: [0, 0, 0] });
      const sorted = [...entities].sort((a, b) => squaredDistance(agent, a) - squaredDistance(agent, b));
      const found = neighborFinder(entities, count)(agent);
      expect(found.length).toBe(count);
      for (let i = 0; i < count; i++) expect(found[i]).toBe(sorted[i] ?? null);
    }),
    { numRuns: 300 },
  );
});

it('writes the observation of a crowd as it writes its entities one by one, at every moment', () => {
  const agents = makeAgents(20, 'agent', { size: 0.1, color: [0, 0, 0], silent: false });
  agents.forEach((agent, i) => {
    agent.index = i;
    agent.utterance = new Float64Array(2);
  });
  const others = neighborFinder(agents, null);
  const out = new ObservationWriter(new Float64Array(0), 2);
  const random = randomNumbers(1);
  for (let moment = 0; moment < 4; moment++) {
    for (const agent of agents) {
      agent.x = random();
      agent.y = random();
    }
    if (moment === 2) agents[7].utterance[1] = 0.5;
    if (moment === 3) agents[7].utterance[1] = -0;
    for (const agent of agents) {
      const [whole, single] = [new Float64Array(80).fill(9), new Float64Array(80).fill(9)];
      out.begin(whole, 0);
      out.relatives(agent, others(agent));
      out.utterances(others(agent));
      expect(out.at).toBe(76);
      out.begin(single, 0);
      for (const other of others(agent)) out.relative(agent, other);
      for (const other of others(agent)) out.utterance(other);
      expect([...whole]).toEqual([...single]);
    }
  }
});
