import { ArgumentError, type Check, checkArgument, describe, object } from '@paragrad/check';

/**
 * Something that changes while it is used, and whose state can be saved. A training that goes on later needs the state of all its
 * parts. A state is plain data: records, arrays, numbers, texts, true, false, null, Float32Arrays and Float64Arrays.
 */
export interface Stateful {
  /** The state now. What happens later does not have to leave it as it is: it is written at once. */
  getState(): object;
  /** Goes on from a state that `getState` returned, of an object that was made with the same arguments. */
  setState(state: object): void;
}

const aState: Check<object> = { inWords: 'what getState returned', accepts: object.accepts };

/** Throws unless a state that was given to `setState` is an object whose fields pass the checks. Another field may be missing. */
export function checkState<State extends object>(
  state: State,
  checks: Readonly<Partial<Record<keyof State & string, Check<unknown>>>>,
): void {
  checkArgument('setState', 'state', state, aState);
  for (const [field, check] of Object.entries<Check<unknown> | undefined>(checks)) {
    checkArgument('setState', `state.${field}`, state[field as keyof State], check!);
  }
}

/**
 * Throws if the saved description is not the one of now, with the first field that differs. For what a state does not
 * contain, because the arguments of the constructor decide it.
 */
export function checkSame(owner: string, saved: unknown, now: unknown): void {
  const path = firstDifference(saved, now);
  if (path === undefined) return;
  const at = (value: unknown) => describe(path.reduce<unknown>((part, key) => fieldOf(part, key), value));
  throw new ArgumentError(
    `${owner}: ${path.join('.') || 'the value'} was ${at(saved)} when it was saved, and is ${at(now)} now; ` +
      'give what it was, because training goes on as it began',
  );
}

/** The path to the first field that differs; undefined if none does. */
function firstDifference(a: unknown, b: unknown): string[] | undefined {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b) ? undefined : [];
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const within = firstDifference(fieldOf(a, key), fieldOf(b, key));
    if (within) return [key, ...within];
  }
  return undefined;
}

function fieldOf(value: unknown, key: string): unknown {
  return (value as Readonly<Record<string, unknown>> | undefined)?.[key];
}
