import type { ResultTable } from '../result-table.js';
import { covertCommunication, deception, keepAway, predatorPrey, worldComm } from './against.js';
import { communication, reference } from './communication.js';
import {
  cooperativeNavigation,
  cooperativeNavigationChanges,
  cooperativeNavigationLong,
  cooperativeNavigationOpenai,
  cooperativeNavigationTrials,
} from './cooperative-navigation.js';

/** All tables, in the order of the page. */
export const tables: readonly ResultTable[] = [
  cooperativeNavigation,
  cooperativeNavigationLong,
  cooperativeNavigationOpenai,
  communication,
  reference,
  predatorPrey,
  deception,
  keepAway,
  worldComm,
  covertCommunication,
  cooperativeNavigationTrials,
  cooperativeNavigationChanges,
];
