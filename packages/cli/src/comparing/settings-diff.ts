import { completeConfig, type RunConfig, type RunOptions } from '@paragrad/maddpg';

/** Settings by path, such as `settings.gamma`, each as text. */
export type FlatSettings = Readonly<Record<string, string>>;

export function flatSettings(config: RunOptions): FlatSettings {
  const flat = (value: unknown, path: string): [string, string][] => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return Object.entries(value).flatMap(([name, part]) => flat(part, path ? `${path}.${name}` : name));
    }
    return [[path, typeof value === 'string' ? value : JSON.stringify(value)]];
  };
  return Object.fromEntries(flat(config, ''));
}

/** The paths of settings that are not the same in all, or that some do not have. */
export function differingSettings(all: readonly FlatSettings[]): string[] {
  const paths = [...new Set(all.flatMap((settings) => Object.keys(settings)))];
  return paths.filter((path) => new Set(all.map((settings) => settings[path])).size > 1);
}

/**
 * The settings of each run in which they differ, without the seed. A setting that only some algorithms have counts if it is not
 * their default.
 */
export function differencesOf(configs: readonly RunConfig[]): FlatSettings[] {
  const all = configs.map(({ seed: _, ...config }) => flatSettings(config));
  const defaults = configs.map(({ scenario, algorithm, sampling, exploration }) =>
    flatSettings(
      completeConfig({
        ...{ scenario, algorithm },
        ...{ sampling: { kind: sampling.kind }, exploration: { kind: exploration.kind } },
      }),
    ),
  );
  const paths = differingSettings(all).filter(
    (path) =>
      all.every((settings) => path in settings) ||
      all.some((settings, k) => path in settings && settings[path] !== defaults[k][path]),
  );
  return all.map((settings) => Object.fromEntries(paths.map((path) => [path, settings[path] ?? '-'])));
}
