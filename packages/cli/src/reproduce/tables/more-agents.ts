import type { RunOptions } from '@paragrad/maddpg';
import type { ResultTable } from '../result-table.js';

/** Kinds of critics, and how many of the nearest agents and landmarks an agent sees; all of them in a fixed order if nothing is said. */
function rowsFor(N: number, k: number): Readonly<Record<string, RunOptions>> {
  const nearest = (agents: number, landmarks: number) => ({
    env: { numAgentNeighbors: agents, numLandmarkNeighbors: landmarks },
  });
  const independent = { settings: { critic: 'independent' } } satisfies RunOptions;
  return {
    'plain critic': {},
    'attending critic': { algorithm: 'attention-maddpg' },
    'independent critic': independent,
    'nearest first, plain critic': nearest(N - 1, N),
    [`nearest ${k}, plain critic`]: nearest(k, k),
    [`nearest ${k}, independent critic`]: { ...nearest(k, k), ...independent },
  };
}

/** In an update of three agents: each learns from a batch of 128. */
const EXAMPLES = 3 * 128;

/** Cooperative navigation of `N` agents, in words. */
function moreAgents(N: number, words: string, k: number): ResultTable {
  return {
    name: `cooperative-navigation-${N}`,
    title: `Cooperative navigation with ${words} agents`,
    about: `simple_spread with N = ${N}. _Coverage_ is the share of the landmarks that have an agent nearer than 0.1 at the last step. The critics
differ: the plain one sees what all agents see and do, [the attending one](algorithms/attention-maddpg.md) chooses whom to look at, and an
independent one sees only what its agent sees. An agent sees all others and all landmarks, in a fixed order or the nearest first; in the last
two rows it sees only the nearest ${k} of both ([many agents](many-agents.md)). All agents share their networks, and learn together, from batches of ${Math.round(EXAMPLES / N)}:
in an update the networks learn from about as many examples as with three agents. Other settings are those of the table with three
agents; nothing was tuned again.`,
    sweep: {
      preset: 'tuned',
      run: {
        scenario: 'simple_spread',
        env: { N },
        batchSize: Math.round(EXAMPLES / N),
        settings: { updates: 'together' },
      },
      list: Object.entries(rowsFor(N, k)).map(([name, row]) => ({ ...row, name })),
      seeds: 5,
    },
    measures: ['coverage', 'all covered', 'all within 0.4', 'collisions'],
  };
}

export const cooperativeNavigation6 = moreAgents(6, 'six', 3);
export const cooperativeNavigation10 = moreAgents(10, 'ten', 4);
export const cooperativeNavigation20 = moreAgents(20, 'twenty', 5);
