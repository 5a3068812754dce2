/** What the page knows of the runs, made from the updates of the server. */
import type { RunConfig } from '@paragrad/maddpg';
import type { Row, RunState, RunUpdate } from 'paragrad/messages';

export interface Run {
  readonly index: number;
  name: string;
  config?: RunConfig;
  state?: RunState;
  /** Of metrics.csv: `return:agent_0` and others. */
  columns: readonly string[];
  /** How many episodes a row has. */
  size: number;
  rows: Row[];
  newest: Row;
  evaluations: { readonly columns: readonly string[]; readonly rows: readonly Row[] };
  checkpoint?: number;
}

/** Changes the runs as the update says. */
export function applyUpdate(runs: Run[], update: RunUpdate): void {
  const { run: index, metrics, ...news } = update;
  runs[index] ??= {
    index,
    name: '',
    columns: [],
    size: 1,
    rows: [],
    newest: [],
    evaluations: { columns: [], rows: [] },
  };
  const run = Object.assign(runs[index], news);
  if (!metrics) return;
  const { columns, size, from, rows, newest } = metrics;
  run.rows = [...run.rows.slice(0, from), ...rows];
  Object.assign(run, { columns, size, newest });
}

/** Runs that differ only in their seed. They are drawn as one. */
export interface Group {
  readonly key: string;
  /** What is different from the other groups; for a single one, what it is. */
  readonly label: string;
  readonly runs: readonly Run[];
}

export function groupsOf(runs: readonly Run[]): Group[] {
  const byKey = new Map<string, Run[]>();
  for (const run of runs) {
    const key = run.config ? JSON.stringify({ ...run.config, seed: 0 }) : `run ${run.index}`;
    byKey.set(key, [...(byKey.get(key) ?? []), run]);
  }
  const groups = [...byKey].map(([key, members]) => ({
    key,
    runs: members,
    settings: settingsOf(members[0]),
  }));
  const isOfAll = (name: string) => groups.every(({ settings }) => settings.has(name));
  const names = [...new Set(groups.flatMap(({ settings }) => [...settings.keys()]))]
    .filter((name) => isOfAll(name) || !name.startsWith('settings.')) // those of other algorithms say nothing
    .filter((name) => new Set(groups.map(({ settings }) => settings.get(name))).size > 1);
  return groups.map(({ key, runs: members, settings }) => ({
    key,
    runs: members,
    label: names.length > 0 ? differences(names, settings) : titleOf(members[0]),
  }));
}

/** Such as "MADDPG on simple_tag". */
export function titleOf({ config, name }: Run): string {
  return config ? `${config.algorithm.toUpperCase()} on ${config.scenario}` : name;
}

/** At most so many settings are named. */
const MOST_SETTINGS = 3;

function differences(names: readonly string[], settings: ReadonlyMap<string, string>): string {
  const parts = names.map((name) => {
    const value = settings.get(name) ?? 'default';
    return name === 'algorithm' || name === 'scenario' ? value : `${name.split('.').at(-1)} ${value}`;
  });
  return parts.slice(0, MOST_SETTINGS).join(', ') + (parts.length > MOST_SETTINGS ? ', …' : '');
}

/** Each setting by its path, such as settings.gamma. */
function settingsOf({ config }: Run): Map<string, string> {
  const { seed: _, ...rest } = config ?? { seed: 0 };
  const settings = new Map<string, string>();
  const collect = (value: unknown, path: string) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [name, part] of Object.entries(value)) collect(part, path ? `${path}.${name}` : name);
    } else settings.set(path, String(value));
  };
  // The most telling ones first.
  const { scenario, algorithm, ...others } = rest as Partial<RunConfig>;
  collect({ scenario, algorithm, ...others }, '');
  return settings;
}

/** What the columns of metrics.csv are about. */
export interface Measures {
  /** Such as criticLoss, with whom it is known for. */
  readonly byMetric: ReadonlyMap<string, readonly string[]>;
  readonly agents: readonly string[];
  /** Empty if there are no teams. */
  readonly teams: readonly string[];
}

/** Teams have returns and nothing else. */
export function measuresOf(columns: readonly string[]): Measures {
  const byMetric = new Map<string, string[]>();
  for (const column of columns) {
    const at = column.indexOf(':');
    if (at < 0) continue;
    const metric = column.slice(0, at);
    byMetric.set(metric, [...(byMetric.get(metric) ?? []), column.slice(at + 1)]);
  }
  const learners = new Set([...byMetric].filter(([metric]) => metric !== 'return').flatMap(([, who]) => who));
  const withReturn = byMetric.get('return') ?? [];
  const agents = withReturn.filter((name) => learners.has(name));
  const teams = withReturn.filter((name) => !learners.has(name));
  return { byMetric, agents, teams };
}
