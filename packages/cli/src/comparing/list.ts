import { findSomeRuns } from '../run/find-runs.js';
import { type RunSummary, summaryOf } from '../run/run-summary.js';
import { printJson, returnsInWords, timeInWords } from '../text/in-words.js';
import { textTable } from '../text/text-table.js';

/** Lists the runs in folders, the latest first. Runs that cannot be read are named with the reason. */
export function listCommand(folders: readonly string[], { json = false }: { json?: boolean }): void {
  const runs: RunSummary[] = [];
  const broken: { run: string; reason: string }[] = [];
  for (const run of findSomeRuns(folders)) {
    try {
      runs.push(summaryOf(run));
    } catch (error) {
      broken.push({ run, reason: (error as Error).message });
    }
  }
  runs.sort((a, b) => b.changed.localeCompare(a.changed));
  if (json) {
    printJson('list', { runs, broken });
    return;
  }
  if (runs.length > 0) console.log(runsTable(runs));
  if (broken.length > 0) {
    const s = broken.length === 1 ? '' : 's';
    console.log(`\n${broken.length} folder${s} can't be read:\n`);
    for (const { reason } of broken) console.log(`  ${reason}`);
  }
}

function runsTable(runs: readonly RunSummary[]): string {
  const rows = runs.map(({ run, scenario, algorithm, seed, status, returns, returnsFrom, changed }) => [
    run,
    scenario,
    algorithm,
    String(seed),
    returns ? returnsInWords(returns) + (returnsFrom === 'training' ? ' in training' : '') : '-',
    timeInWords(new Date(changed)),
    status,
  ]);
  return textTable(
    [['run', 'scenario', 'algorithm', 'seed', 'return', 'changed', 'state'], ...rows],
    'lllrlll',
  );
}
