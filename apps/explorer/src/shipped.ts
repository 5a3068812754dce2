/** The policies that come with the page. Each was trained by this project's command: public/policies/README.md says how. */
export interface ShippedRun {
  /** Its folder below public/policies/. */
  readonly name: string;
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
    title: 'Deception',
    about: 'Two good agents know the goal. The adversary does not, and must not see it.',
  },
  {
    name: 'tag',
    title: 'Predators and prey',
    about: 'Three slow predators hunt a faster prey between two obstacles.',
  },
];
