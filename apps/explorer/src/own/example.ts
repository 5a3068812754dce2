/** What the page offers to begin with. */
export const example = `// How it is trained: anything from the table of settings.
export const run = {
  episodes: 3000,
  settings: { hidden: [64, 64], gamma: 0.8 },
};

// Couriers meet at a parcel. Change the rewards, and see what they learn.
export default defineScenario({
  name: 'rendezvous',
  params: {},

  create() {
    const couriers = makeAgents(2, 'courier', { size: 0.1, color: [0.2, 0.5, 0.9] });
    const [parcel] = makeLandmarks(1, { size: 0.15, color: [0.9, 0.6, 0.1] });

    return {
      world: makeWorld({ agents: couriers, landmarks: [parcel] }),

      reset(random) {
        geometry.scatter(couriers, 1, random);
        geometry.scatter([parcel], 0.5, random);
      },

      reward: (courier) => -geometry.distance(courier, parcel),

      observe(courier, out) {
        out.velocity(courier);
        out.relative(courier, parcel);
        for (const other of couriers) if (other !== courier) out.relative(courier, other);
      },
    };
  },
});
`;
