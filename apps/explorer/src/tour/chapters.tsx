import type { ComponentType } from 'preact';
import type { Address } from '../address.js';

export interface Chapter {
  readonly title: string;
  /** What the address says in this chapter. */
  readonly page: Partial<Address>;
  readonly Text: ComponentType;
}

export const chapters: readonly Chapter[] = [
  {
    title: 'One agent and its critic',
    page: { run: 'simple', seed: 3 },
    Text: () => <p>One agent.</p>,
  },
];
