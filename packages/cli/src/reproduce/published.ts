import { mean } from '../comparing/statistics.js';
import { MEAN_RETURN } from '../run/run-returns.js';
import { markdownTable } from './markdown-table.js';
import type { TableResults } from './table-results.js';
import { cooperativeNavigationOpenai } from './tables/cooperative-navigation.js';

const HARL = '[HARL](https://arxiv.org/abs/2304.09870)';
const EPYMARL = '[EPyMARL](https://arxiv.org/abs/2006.07869)';
const OTHERS = [
  ['MAPPO, discrete', '10 M', '-57.5, from a figure', '-6.7', HARL],
  ['MATD3, HATD3, continuous', '5 M', '-63, from a figure', '-8.5', HARL],
  ['MADDPG, continuous', '5 M', '-65, from a figure', '-9.2', HARL],
  ['QMIX, discrete', '-', '-126.6', '-8.6', EPYMARL],
  ['IQL, discrete', '-', '-132.6', '-9.6', EPYMARL],
  ['MADDPG, discrete', '-', '-141.7', '-11.1', EPYMARL],
] as const;

/** What others published, how to compare it, and what was reached here in the same physics. */
export function published(results: readonly TableResults[]): string {
  const own = results.find(({ table }) => table === cooperativeNavigationOpenai.name);
  const header = ['what', 'steps', 'reported', 'm', 'source'];
  return `${PUBLISHED}\n${markdownTable([header, ...OTHERS, ...(own?.rows.map(rowOf) ?? [])])}`;
}

function rowOf({ name, steps, values }: TableResults['rows'][number]): string[] {
  const reported = mean(values[MEAN_RETURN]);
  const m = (reported + 75) / 6;
  const source = '[this page](#cooperative-navigation-in-the-original-physics)';
  return [`${name}, continuous`, `${steps / 1e6} M`, reported.toFixed(1), m.toFixed(1), source];
}

const PUBLISHED = `
## Against published numbers

Others report the same episodes in other ways. For simple_spread with three agents and 25 steps, m is the mean return of an agent in the
current reference, which is what this page reports:

| who                                    | what is reported                                                        | value      |
| -------------------------------------- | ----------------------------------------------------------------------- | ---------- |
| MPE2, JaxMARL, this page               | the return of an agent                                                  | m          |
| PettingZoo up to 1.22.3, HARL          | the sum over the agents. Each of them also collides with itself         | 3 m - 37.5 |
| OpenAI's environment, EPyMARL, MAPPO's | the return of an agent, to which the rewards of all agents are added up | 6 m - 75   |
| the log of openai/maddpg               | the same, summed over the agents once more                              | 18 m - 225 |

The motion changed, too: HARL, EPyMARL and MAPPO's code have that of the original, in which agents react one step earlier
([two physics](physics.md)). There scripted players reach -4.7 instead of -5.9. So the numbers in the next table are easier to reach than
those above, and a difference below about 1 says nothing.
`;
