/** Translates files of earlier versions, in which some things had other names. */

/** Fields in configurations: old name -> current name. */
const RENAMED: Readonly<Record<string, string>> = {
  maddpg: 'settings',
  noise: 'exploration',
  actorLearningRate: 'actorLr',
  criticLearningRate: 'criticLr',
  learningRate: 'lr',
  numAgentNeighbours: 'numAgentNeighbors',
  numLandmarkNeighbours: 'numLandmarkNeighbors',
};
/** Values in configurations: old -> current. */
const RENAMED_VALUES: Readonly<Record<string, string>> = {
  centralised: 'centralized',
  prioritised: 'prioritized',
};

/** A configuration, or an algorithm's settings, with the current names. */
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

/** The current name of a tensor in a checkpoint file. */
export function currentTensorName(name: string): string {
  return name
    .replace(/\.critic\.all\./, '.critic.')
    .replace(/\.targetCritic\.all\./, '.targetCritic.')
    .replace(/\.normaliser\./, '.normalizer.')
    .replace(/\.optimiser\./, '.qOptimizer.')
    .replace(/Optimiser\./, 'Optimizer.');
}
