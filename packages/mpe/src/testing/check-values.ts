/** What `parallelApiTest` asks of spaces and of what is in them. */
import { CheckError, describe } from '@paragrad/check';
import { flatten, type SpaceLike } from '../flatten.js';
import { boundAt, sizeOf } from '../spaces.js';
import type { ParallelApi, PerAgent } from './parallel-api.js';

/** Training takes these kinds of spaces, and actions within finite bounds only. */
export function checkKind(what: string, space: object, isAction: boolean): void {
  const kind = space as Partial<Record<'n' | 'nvec' | 'spaces', unknown>> & Partial<AnyBox>;
  if (kind.spaces) {
    for (const [key, part] of Object.entries(kind.spaces)) checkKind(`${what}, part ${key},`, part, isAction);
  } else if (kind.shape && isAction) {
    const { low, high, shape } = kind;
    const bounds = Array.from({ length: sizeOf(shape) }, (_, k) =>
      [low, high].map((bound) => boundAt(bound ?? NaN, k)),
    );
    check(
      bounds.flat().every(Number.isFinite),
      `${what} is ${inWords(space)}, which has no finite bounds; give finite low and high, and scale the numbers in step`,
    );
  } else {
    check(
      Boolean(kind.shape || kind.n || kind.nvec),
      `${what} is ${inWords(space)}, which training does not know; give a Box, Discrete, MultiDiscrete, Tuple or Dict`,
    );
  }
}

/** Our spaces say what they are. */
function inWords(space: object): string {
  return space.toString === Object.prototype.toString ? describe(space) : `${space}`;
}

interface AnyBox {
  readonly shape: readonly number[];
  readonly low: number | ArrayLike<number>;
  readonly high: number | ArrayLike<number>;
}

export function checkParts(env: ParallelApi, agent: string): void {
  const parts = env.actionParts?.(agent);
  const { low, high, shape } = env.actionSpace(agent) as unknown as Partial<AnyBox>;
  if (!parts || !shape || low !== 0 || high !== 1) return;
  const sum = parts.reduce((total, part) => total + part, 0);
  check(
    sum === sizeOf(shape),
    `actionParts('${agent}') is [${parts.join(', ')}], but its box has ${sizeOf(shape)} numbers; give parts that add up to them, ` +
      'or leave actionParts out if they are numbers',
  );
}

export function checkObservations(at: string, env: ParallelApi, observations: PerAgent): void {
  for (const [agent, observation] of Object.entries(observations)) {
    const space = env.observationSpace(agent);
    const what = `parallelApiTest: ${at}: the observation of ${agent}`;
    const numbers = flatten(space as unknown as SpaceLike, observation, what);
    const bad = numbers.findIndex((x) => !isUsable(x));
    check(
      bad < 0,
      `${at}: the observation of ${agent} is ${numbers[bad]} at index ${bad}; give finite numbers that float32 can hold`,
    );
    check(
      space.contains(observation),
      `${at}: the observation of ${agent} is not in its space ${space}: ${asText(observation)}`,
    );
  }
}

/** Whether float32, in which networks compute, can hold it. */
export function isUsable(x: unknown): boolean {
  return typeof x === 'number' && Number.isFinite(Math.fround(x));
}

/** JSON that distinguishes NaN, the infinities and undefined from null. An info may hold anything, also itself. */
export function asText(value: unknown): string {
  const around: unknown[] = [];
  return JSON.stringify(value, function (this: unknown, _, x: unknown) {
    if (typeof x === 'bigint' || x === undefined) return `the value ${x}`;
    if (typeof x === 'number') return Number.isFinite(x) ? x : `the value ${x}`;
    if (typeof x !== 'object' || x === null) return x;
    around.splice(around.indexOf(this) + 1); // what is around x: `this`, what is around that, and so on
    if (around.includes(x)) return 'the value around this';
    around.push(x);
    return isNumbers(x) ? Array.from(x) : x;
  });
}

function isNumbers(x: object): x is Float64Array {
  return ArrayBuffer.isView(x) && !(x instanceof DataView);
}

/** Throws unless it holds. */
export function check(holds: boolean, problem: string): void {
  if (!holds) throw new CheckError(`parallelApiTest: ${problem}`);
}
