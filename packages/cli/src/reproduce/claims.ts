/** The win rates that others claim, beside those of the tables. */
import { mean } from '../comparing/statistics.js';
import { anchorOf, markdownTable } from './markdown-table.js';
import type { ResultTable } from './result-table.js';
import type { TableResults } from './table-results.js';
import { deception, predatorPrey } from './tables/against.js';
import { communication } from './tables/communication.js';
import { cooperativeNavigation, cooperativeNavigationThreeSteps } from './tables/cooperative-navigation.js';

/** Whose rates are compared, in this order. */
const ALGORITHMS = ['MADDPG', 'independent DDPG', 'IQL'];

interface Claim {
  readonly table: ResultTable;
  /** In percent, in the order of `ALGORITHMS`. */
  readonly claimed: readonly number[];
  /** What a win is here: a measure of the table, of this team if there are two. */
  readonly measure: string;
  readonly team?: string;
}

const CLAIMS: readonly Claim[] = [
  ...['all covered', 'all within 0.2', 'all within 0.4'].map((measure) => ({
    table: cooperativeNavigation,
    claimed: [85, 60, 45],
    measure,
  })),
  { table: cooperativeNavigationThreeSteps, claimed: [85, 60, 45], measure: 'all covered' },
  { table: predatorPrey, claimed: [92, 70, 55], measure: 'touched', team: 'adversaries' },
  { table: deception, claimed: [78, 50, 40], measure: 'good within 0.4', team: 'good' },
  { table: communication, claimed: [84, 32], measure: 'target reach' },
];

/** The claims whose algorithms all have results. */
export function claims(results: readonly TableResults[]): string {
  const rows = CLAIMS.flatMap(({ table, claimed, measure, team }) => {
    const one = results.find((other) => other.table === table.name);
    const own = ALGORITHMS.slice(0, claimed.length).map((name) => one?.rows.find((row) => row.name === name));
    if (!one || !own.every((row) => row !== undefined)) return [];
    const found = own.map(({ name, values }) =>
      mean((team ? one.crossPlay!.results[team][name] : values)[measure]),
    );
    const isSorted = found.every((rate, k) => k === 0 || rate < found[k - 1]);
    const link = `[${table.title}](#${anchorOf(table.title)})`;
    return [[link, ratesOf(claimed), `_${measure}_`, ratesOf(found), isSorted ? 'yes' : 'no']];
  });
  if (rows.length === 0) return '';
  const header = ['task', 'claimed, %', 'a win here', 'reached, %', 'same order'];
  return `${CLAIMED}\n${markdownTable([header, ...rows])}`;
}

const ratesOf = (rates: readonly number[]) => rates.map((rate) => rate.toFixed(0)).join(' / ');

const CLAIMED = `
## Claimed win rates

The description that Paragrad was built from, which is not published, claims win rates of MADDPG / DDPG / IQL. It defines no win, and names no
seeds. The last row is from the paper (Lowe et al. 2017). Here each win has a definition: a measure of the tables above. DDPG has independent critics, and
teams play against all teams of the table.
`;
