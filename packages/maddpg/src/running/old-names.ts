/** Reads files of earlier versions, in which some things had other names. */

/** Names of fields and values in configurations: old -> current. */
const RENAMED: Readonly<Record<string, string>> = {
  maddpg: 'settings',
  noise: 'exploration',
  actorLearningRate: 'actorLr',
  criticLearningRate: 'criticLr',
  learningRate: 'lr',
  numAgentNeighbours: 'numAgentNeighbors',
  numLandmarkNeighbours: 'numLandmarkNeighbors',
};
const RENAMED_VALUES: Readonly<Record<string, string>> = {
  centralised: 'centralized',
  prioritised: 'prioritized',
};

/** A configuration, or an algorithm's settings, with today's names. The algorithm `maddpg` keeps its name, as a value. */
export function withCurrentNames(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, field]): [string, unknown] => [
      RENAMED[name] ?? name,
      typeof field === 'object' && field !== null && !Array.isArray(field)
        ? withCurrentNames(field)
        : (RENAMED_VALUES[field] ?? field),
    ]),
  );
}

/** The current name of a tensor in a checkpoint's files. */
export function currentTensorName(name: string): string {
  return name
    .replace(/\.critic\.all\./, '.critic.')
    .replace(/\.targetCritic\.all\./, '.targetCritic.')
    .replace(/\.normaliser\./, '.normalizer.')
    .replace(/\.optimiser\./, '.qOptimizer.')
    .replace(/Optimiser\./, 'Optimizer.');
}
