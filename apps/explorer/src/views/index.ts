/** The views beside the arena, in the order of their tabs. A view is a file of its own, and a line here. */
import type { ComponentType } from 'preact';
import type { viewNames } from '../address.js';
import { lazy } from '../parts/lazy.js';

export interface View {
  readonly name: (typeof viewNames)[number];
  readonly title: string;
  readonly Component: ComponentType;
}

export const views: readonly View[] = [
  {
    name: 'gradient',
    title: 'Follow the gradient',
    Component: lazy(async () => (await import('./gradient/index.js')).Gradient),
  },
  {
    name: 'update',
    title: 'Step through an update',
    Component: lazy(async () => (await import('./update/index.js')).Update),
  },
  {
    name: 'mistakes',
    title: 'Break it',
    Component: lazy(async () => (await import('./mistakes/index.js')).Mistakes),
  },
  {
    name: 'train',
    title: 'Train here',
    Component: lazy(async () => (await import('./train/index.js')).Train),
  },
  {
    name: 'own',
    title: 'Your own',
    Component: lazy(async () => (await import('./own/index.js')).Own),
  },
];
