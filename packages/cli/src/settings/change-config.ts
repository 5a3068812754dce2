import {
  type AlgorithmName,
  algorithms,
  completeConfig,
  defaultConfig,
  explorationSettings,
  type RunConfig,
  type RunOptions,
  type SettingsTable,
  samplingSettings,
} from '@paragrad/maddpg';

/**
 * The configuration `base` with the given changes. If they change the algorithm or a kind, the settings that only the old one has
 * are dropped from `base`. Throws on values out of range; the message begins with `source`.
 */
export function changeConfig(base: RunOptions, changes: RunOptions, source: string): RunConfig {
  const changed: RunOptions = { ...base, ...changes };
  return completeConfig(
    {
      ...changed,
      sampling: changeGroup(samplingSettings, base.sampling, changes.sampling),
      exploration: changeGroup(explorationSettings, base.exploration, changes.exploration),
      settings: { ...settingsOfAlgorithm(changed.algorithm, base.settings), ...changes.settings },
    },
    source,
  );
}

/** The group with the given changes. If they change the kind, settings that only another kind has are dropped. */
function changeGroup(table: SettingsTable, group: object = {}, changes: { kind?: unknown } = {}): object {
  const fits = ([name]: [string, unknown]) =>
    changes.kind === undefined || [undefined, changes.kind].includes(table[name]?.only);
  return { ...Object.fromEntries(Object.entries(group).filter(fits)), ...changes };
}

/** Those of the given settings that the algorithm has. */
function settingsOfAlgorithm(
  algorithm: AlgorithmName = defaultConfig.algorithm,
  settings: object = {},
): object {
  const table = algorithms[algorithm]?.settings ?? {};
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name in table));
}
