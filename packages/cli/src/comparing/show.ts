import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Evaluation, preset, presetNames, type RunConfig } from '@paragrad/maddpg';
import { RunFolder } from '../run/run-folder.js';
import { LOCK_NAME } from '../run/run-lock.js';
import { lastEvaluation } from '../run/run-returns.js';
import { type RunSummary, summaryOf } from '../run/run-summary.js';
import { asArgument } from '../text/as-argument.js';
import { printJson, returnsInWords, sizeInWords, timeInWords } from '../text/in-words.js';
import { textTable } from '../text/text-table.js';
import { evaluationReport } from './evaluate.js';
import { differingSettings, flatSettings } from './settings-diff.js';

/** What a setting is, and what it was where the run could have started from. */
interface ChangedSetting {
  readonly setting: string;
  readonly value: string;
  readonly base: string;
}

/** Prints what a run is, how far it is, its results, its files, and what can be done with it. */
export function showCommand(run: string, { json = false }: { json?: boolean }): void {
  const summary = summaryOf(run);
  const folder = RunFolder.open(run);
  const config = folder.readConfig();
  const { base, changes } = changedSettings(config);
  const evaluations = lastEvaluation(folder);
  const files = filesIn(run);
  if (json) {
    printJson('show', { ...summary, base, changes, evaluations, files, config });
    return;
  }

  console.log(`${summary.algorithm.toUpperCase()} on ${summary.scenario}, seed ${summary.seed}`);
  console.log(`${summary.status}; changed ${timeInWords(new Date(summary.changed))}\n`);
  console.log(settingsInWords(base, changes));
  console.log(resultsInWords(summary, config, evaluations));
  console.log('\nFiles\n');
  console.log(
    textTable(
      files.map(({ name, bytes }) => [name, sizeInWords(bytes)]),
      'lr',
    ),
  );
  console.log('\nGo on with\n');
  console.log(textTable(whatToDo(summary, folder), 'll'));
}

/** What differs from the defaults or from the preset that is nearest. The seed, and the kernels of this machine, are left out. */
function changedSettings(config: RunConfig): { base: string; changes: ChangedSetting[] } {
  const own = flatSettings(config);
  const bases = presetNames.map((name) => {
    const settings = flatSettings(preset(name, config.scenario));
    const changes = differingSettings([own, settings])
      .filter((setting) => !['seed', 'kernels'].includes(setting))
      .map((setting) => ({ setting, value: own[setting] ?? '-', base: settings[setting] ?? '-' }));
    return { base: name === 'defaults' ? 'the defaults' : `preset ${name}`, changes };
  });
  return bases.reduce((best, one) => (one.changes.length < best.changes.length ? one : best));
}

function settingsInWords(base: string, changes: readonly ChangedSetting[]): string {
  if (changes.length === 0) return `Settings: ${base}, unchanged`;
  const rows = changes.map(({ setting, value, base: before }) => [setting, value, before]);
  return `Settings: ${base}, with changes\n\n${textTable([['', 'here', base], ...rows], 'l')}`;
}

function resultsInWords(
  { returns, returnsFrom }: RunSummary,
  config: RunConfig,
  evaluations: Readonly<Record<string, Evaluation>> | undefined,
): string {
  if (evaluations) {
    const { episodes } = Object.values(evaluations)[0];
    return evaluationReport({ ...config, evaluationEpisodes: episodes }, evaluations);
  }
  if (returnsFrom !== 'training') return '\nNo results yet';
  return `\nReturn of the last training episodes, exploration included: ${returnsInWords(returns!)}`;
}

/** Of a folder in the run, all bytes in it. */
function filesIn(run: string): { name: string; bytes: number }[] {
  return readdirSync(run, { withFileTypes: true })
    .filter(({ name }) => name !== LOCK_NAME)
    .map((entry) => ({
      name: entry.isDirectory() ? `${entry.name}/` : entry.name,
      bytes: bytesIn(join(run, entry.name)),
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

function bytesIn(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false }); // a run that goes on removes files
  if (!stats?.isDirectory()) return stats?.size ?? 0;
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
}

function whatToDo({ run: path, state, episodes }: RunSummary, folder: RunFolder): string[][] {
  const run = asArgument(path);
  if (state === 'running') return [[`paragrad watch ${run}`, 'see how it goes on']];
  const more = state === 'finished' ? ` --episodes ${2 * episodes}` : '';
  const newest = folder.checkpoints().at(-1) ?? '';
  const canResume = folder.has(join('checkpoints', newest, 'training.json'));
  return [
    ...(canResume
      ? [[`paragrad resume ${run}${more}`, state === 'finished' ? 'train on' : 'train what is left']]
      : []),
    [`paragrad evaluate ${run} --seed 2`, 'evaluate on other episodes'],
    [`paragrad render ${run}`, 'see it act'],
    [`paragrad compare ${run} <run>`, 'compare it with other runs'],
  ];
}
