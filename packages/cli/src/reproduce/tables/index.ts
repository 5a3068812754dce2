import type { ResultTable } from '../result-table.js';
import { covertCommunication, deception, keepAway, predatorPrey, worldComm } from './against.js';
import { communication, reference } from './communication.js';
import {
  cooperativeNavigation,
  cooperativeNavigationChanges,
  cooperativeNavigationLong,
  cooperativeNavigationNearest,
  cooperativeNavigationOpenai,
  cooperativeNavigationThreeSteps,
  cooperativeNavigationTrials,
} from './cooperative-navigation.js';
import { cooperativeNavigation6, cooperativeNavigation10, cooperativeNavigation20 } from './more-agents.js';

/** All tables, in the order of the page. */
export const tables: readonly ResultTable[] = [
  cooperativeNavigation,
  cooperativeNavigationNearest,
  cooperativeNavigationThreeSteps,
  cooperativeNavigationLong,
  cooperativeNavigationOpenai,
  cooperativeNavigation6,
  cooperativeNavigation10,
  cooperativeNavigation20,
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
