import { BEFORE, median, type Results } from './results.js';
import { best } from './select.js';

/** How something grows with the number of agents. */
export interface Growth {
  readonly what: string;
  readonly unit: string;
  /** One for each critic, or for this commit and the one before. */
  readonly lines: readonly Line[];
}

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [agents: number, value: number])[];
}

const AGENTS = [3, 10, 30, 100];
const CRITICS = ['plain', 'attention', 'nearest'];

/** The growth of an environment step, of an update and of memory, as far as it was measured. */
export function growthOf(bench: Results): Growth[] {
  const lineOf = (name: string, work: (N: number) => string, scale: number, by = 'paragrad'): Line => {
    const points = AGENTS.flatMap((N) => {
      const row = best(bench, { work: work(N), by, runtime: 'Node 20.' });
      return row ? [[N, median(row.values) * scale] as const] : [];
    });
    return { name, points };
  };
  const step = (N: number) => `environment step, simple_spread, ${N} agents`;
  const critics = (what: string, scale: number) =>
    CRITICS.map((critic) => lineOf(critic, (N) => `${what}, ${N} agents, ${critic} critic`, scale));
  const growths = [
    {
      what: 'Environment step',
      unit: 'microseconds',
      lines: [lineOf('now', step, 1e3), lineOf('before', step, 1e3, BEFORE)],
    },
    { what: 'Update, batch 128', unit: 'milliseconds', lines: critics('update', 1) },
    { what: 'Memory of it', unit: 'MB', lines: critics('memory', 1e-6) },
  ].map((growth) => ({ ...growth, lines: growth.lines.filter(({ points }) => points.length > 0) }));
  // Old results have only the first.
  return growths.every(({ lines }) => lines.length > 0) ? growths : [];
}
