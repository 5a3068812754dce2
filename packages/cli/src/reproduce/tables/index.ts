import type { ResultTable } from '../result-table.js';
import { deception, predatorPrey } from './against.js';
import { communication, reference } from './communication.js';
import { cooperativeNavigation, cooperativeNavigationTrials } from './cooperative-navigation.js';

/** All tables, in the order of the page. */
export const tables: readonly ResultTable[] = [
  cooperativeNavigation,
  cooperativeNavigationTrials,
  communication,
  reference,
  predatorPrey,
  deception,
];
