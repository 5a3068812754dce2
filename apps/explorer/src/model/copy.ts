import { Learner, type Maddpg } from '@paragrad/maddpg';
import type { Module, Optimizer, StateDict } from '@paragrad/nn';
import { Generator, sameShape, type Tensor } from '@paragrad/tensor';
import { classWith, type MaddpgClass, type Mistake } from './mistakes.js';

/** A thing that keeps what was learned. */
type Stored = Pick<Module<never> | Optimizer, 'stateDict' | 'loadStateDict'>;

/**
 * A copy of what was learned, with these mistakes, and changed by `change` into a further subclass. The original stays as it is.
 * Critics that see something else than those of the original are new and know nothing.
 */
export function copyWith(
  original: Maddpg,
  mistakes: readonly Mistake[] = [],
  change: (Class: MaddpgClass) => MaddpgClass = (Class) => Class,
): Maddpg {
  const state = original.getState() as ReturnType<Maddpg['getState']>;
  const copy = makeWith(original, mistakes, new Generator(state.generator.seed), change);
  const theirs = new Map(storedParts(copy));
  for (const [name, part] of storedParts(original)) {
    const own = theirs.get(name)!;
    if (sameShapes(own.stateDict(), part.stateDict())) own.loadStateDict(part.stateDict());
  }
  copy.setState(state);
  copy.updates = original.updates;
  for (const { adapt } of mistakes) adapt?.(copy);
  return copy;
}

/** An algorithm of the same class with the same agents and settings, but with these mistakes, which has learned nothing. */
export function makeWith(
  like: Maddpg,
  mistakes: readonly Mistake[],
  generator: Generator,
  change: (Class: MaddpgClass) => MaddpgClass = (Class) => Class,
): Maddpg {
  const Class = change(classWith(like.constructor as MaddpgClass, mistakes));
  return new Class(like.specs, {
    ...like.settings,
    ...Object.assign({}, ...mistakes.map((one) => one.settings)),
    generator,
  });
}

/** Networks, targets, optimizers and statistics by name: `agent_0.critic`, `agent_0.targetCritic`, ... Shared ones have several names. */
export function storedParts(algorithm: Maddpg): [name: string, part: Stored][] {
  return algorithm.namedParts().flatMap(([owner, parts]) =>
    Object.entries(parts).flatMap(([name, part]): [string, Stored][] => {
      if (!(part instanceof Learner)) return [[`${owner}.${name}`, part]];
      const ofTarget = `target${name[0].toUpperCase()}${name.slice(1)}`;
      return [
        [`${owner}.${name}`, part.network],
        [`${owner}.${ofTarget}`, part.target],
        [`${owner}.${name}Optimizer`, part.optimizer],
      ];
    }),
  );
}

function sameShapes(own: StateDict, theirs: StateDict): boolean {
  const fits = (name: string, { shape }: Tensor) => theirs[name] && sameShape(theirs[name].shape, shape);
  return (
    Object.keys(theirs).length === Object.keys(own).length &&
    Object.entries(own).every(([name, x]) => fits(name, x))
  );
}
