/** The policies that come with the page: those of the results, and others that public/policies/README.md tells about. */
export interface ShippedRun {
  /** Its name in addresses, and its folder below policies/ on the server. */
  readonly name: string;
  /** The row of the results that has it: its folder below results/policies/. Without, it is in public/policies/. */
  readonly row?: string;
  readonly title: string;
  readonly about: string;
}

export const shipped: readonly [ShippedRun, ...ShippedRun[]] = [
  {
    name: 'spread',
    title: 'Three agents, three landmarks',
    about: 'They share one reward: cover all landmarks, and do not collide.',
  },
  { name: 'simple', title: 'One agent', about: 'It goes to the landmark. Its critic sees nobody else.' },
  {
    name: 'adversary',
    row: 'deception/MADDPG',
    title: 'Deception',
    about: 'Two good agents know the goal. The adversary does not, and must not see it.',
  },
  {
    name: 'tag',
    row: 'predator-prey/MADDPG',
    title: 'Predators and prey',
    about: 'Three slow predators hunt a faster prey between two obstacles.',
  },
];
