import { mean } from '../comparing/statistics.js';
import { MEAN_RETURN } from '../run/run-returns.js';
import { markdownTable } from './markdown-table.js';
import type { TableResults } from './table-results.js';
import { cooperativeNavigationOpenai } from './tables/cooperative-navigation.js';

/** Where a number is from, and how the mean return of an agent in the current reference follows from it. */
interface Source {
  readonly link: string;
  readonly toM: (reported: number) => number;
}

const HARL: Source = {
  link: '[HARL](https://arxiv.org/abs/2304.09870)',
  toM: (reported) => (reported + 37.5) / 3,
};
const EPYMARL: Source = {
  link: '[EPyMARL](https://arxiv.org/abs/2006.07869)',
  toM: (reported) => (reported + 75) / 6,
};
const ON_POLICY: Source = {
  link: '[on-policy, issue 112](https://github.com/marlbenchmark/on-policy/issues/112)',
  toM: EPYMARL.toM,
};
const HERE: Source = {
  link: '[this page](#cooperative-navigation-in-the-original-physics)',
  toM: EPYMARL.toM,
};
const OTHERS = [
  ['MAPPO, discrete', '10 M', '-57.5, from a figure', HARL],
  ['MATD3, HATD3, continuous', '5 M', '-63, from a figure', HARL],
  ['MADDPG, continuous', '5 M', '-65, from a figure', HARL],
  ['MAPPO, discrete', '-', '-120', ON_POLICY],
  ['QMIX, discrete', '-', '-126.6', EPYMARL],
  ['IQL, discrete', '-', '-132.6', EPYMARL],
  ['MADDPG, discrete', '-', '-141.7', EPYMARL],
] as const;

/** What others published, how to compare it, and what was reached here in the same physics. */
export function published(results: readonly TableResults[]): string {
  const own = results.find(({ table }) => table === cooperativeNavigationOpenai.name);
  const ours = (own?.rows ?? []).map(({ name, steps, values }) => {
    const reported = mean(values[MEAN_RETURN]).toFixed(1);
    return [`${name}, continuous`, `${steps / 1e6} M`, reported, HERE] as const;
  });
  const body = [...OTHERS, ...ours].map(([what, steps, reported, { link, toM }]) => [
    ...[what, steps, reported],
    ...[toM(parseFloat(reported)).toFixed(1), link],
  ]);
  return `${PUBLISHED}\n${markdownTable([['what', 'steps', 'reported', 'm', 'source'], ...body])}`;
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
