/** Translates files of earlier versions, in which some things had other names. */
import { ArgumentError, object } from '@paragrad/check';

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

/** A configuration, or an algorithm's settings, with the current names. Throws if something has its old and its current name; `source` begins the message. */
export function withCurrentNames(value: object, source: string): object {
  const current: [string, unknown][] = [];
  for (const [name, field] of Object.entries(value)) {
    const renamed = Object.hasOwn(RENAMED, name) ? RENAMED[name] : name;
    if (renamed !== name && Object.hasOwn(value, renamed)) {
      throw new ArgumentError(
        `${name} is the old name of ${renamed}, and both are given; give only ${renamed}`,
      );
    }
    current.push([renamed, withCurrentValue(field, source)]);
  }
  return Object.fromEntries(current);
}

function withCurrentValue(value: unknown, source: string): unknown {
  if (object.accepts(value)) return withCurrentNames(value, source);
  return typeof value === 'string' && Object.hasOwn(RENAMED_VALUES, value) ? RENAMED_VALUES[value] : value;
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
