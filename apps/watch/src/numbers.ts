import { element, make } from './element.js';
import { measuresOf, type Run } from './runs.js';
import { formatCount, formatNumber, titleOfMetric } from './words.js';

/** The last line of metrics.csv as a table: what the charts end with, for everyone who does not see them. */
export function drawNumbers(run: Run | undefined): void {
  const table = element('numbers');
  const note = element('numbers-note');
  if (!run || run.newest.length === 0) {
    note.textContent = 'Nothing yet: the first episode is not over.';
    table.replaceChildren();
    return;
  }
  const value = (name: string) => run.newest[run.columns.indexOf(name)] ?? null;
  const count = (name: string) => formatCount(value(name) ?? 0);
  note.textContent =
    `${run.name}, episode ${formatCount((value('episode') ?? 0) + 1)}: ${count('steps')} steps, ${count('updates')} updates, ` +
    `mean return ${formatNumber(value('meanReturn'))}, exploration ${formatNumber(value('strength'))}`;
  const { byMetric, agents, teams } = measuresOf(run.columns);
  const metrics = [...byMetric.keys()];
  const head = make('tr');
  head.append(...['', ...metrics.map(titleOfColumn)].map((title) => make('th', '', title)));
  const rows = [...teams, ...agents].map((who) => {
    const row = make('tr');
    const name = make('th', '', who);
    name.scope = 'row';
    row.append(name, ...metrics.map((metric) => make('td', '', formatNumber(value(`${metric}:${who}`)))));
    return row;
  });
  table.replaceChildren(head, ...rows);
}

const titleOfColumn = (metric: string) => (metric === 'return' ? 'Return' : titleOfMetric(metric));
