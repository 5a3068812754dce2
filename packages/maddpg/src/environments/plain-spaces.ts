/** Spaces as plain data, for agents' specs and with them for checkpoints. */
import { ArgumentError, describe, integerFrom0, integerFrom1, listOf } from '@paragrad/check';
import type { SpaceLike } from '@paragrad/mpe';

/** The lower or upper bound of all components, or of each. */
export type Bound = number | readonly number[];

/** An action space. All bounds are finite. */
export type ActionSpace =
  | {
      /** The least numbers of a Box. */
      readonly low: Bound;
      /** The largest numbers of a Box. */
      readonly high: Bound;
      /** The shape of the numbers, row-major. */
      readonly shape: readonly number[];
    }
  | {
      /** How many options a Discrete has. */
      readonly n: number;
      /** Its first option: the options are start to start + n - 1. */
      readonly start: number;
    }
  | {
      /** How many options each choice of a MultiDiscrete has, from 0 on. */
      readonly nvec: readonly number[];
    }
  | {
      /** The parts of a Tuple, or by name those of a Dict. */
      readonly spaces: readonly ActionSpace[] | Readonly<Record<string, ActionSpace>>;
    };

/** Without the bounds, which nothing needs of an observation. Throws on unknown spaces; the message names `what`. */
export function plainSpace(space: SpaceLike, what: string): SpaceLike {
  return plain(space, what, (shape) => ({ shape }));
}

/** Throws on unknown spaces, and unless all bounds are finite; the message names `what`. */
export function plainActionSpace(space: SpaceLike, what: string): ActionSpace {
  return plain<ActionSpace>(space, what, (shape, box, part) => {
    const { low, high } = box as { low?: number | ArrayLike<number>; high?: number | ArrayLike<number> };
    const [plainLow, plainHigh] = [low, high].map((bound) =>
      typeof bound === 'object' ? Array.from(bound ?? []) : bound,
    );
    const size = shape.reduce((product, length) => product * length, 1);
    if ([plainLow, plainHigh].every((bound) => areFinite(bound, size))) {
      return { low: plainLow as Bound, high: plainHigh as Bound, shape };
    }
    const given = box.toString === Object.prototype.toString ? describe(box) : box;
    throw new ArgumentError(
      `agentSpecs: ${part} is ${given}, without finite bounds; give a Box with finite low and high, each a number or as many as ` +
        "the box has, and scale the numbers in the environment's step",
    );
  });
}

function areFinite(bound: unknown, size: number): boolean {
  return Array.isArray(bound)
    ? bound.length === size && bound.every(Number.isFinite)
    : Number.isFinite(bound);
}

type AnySpace = SpaceLike | ActionSpace;
type PlainBox<Space> = (shape: readonly number[], box: SpaceLike, what: string) => Space;

const lengths = listOf(integerFrom0);
const options = listOf(integerFrom1);

/** An array of its own; what is no array stays as it is. */
const listed = (value: unknown): unknown =>
  Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<unknown>) : value;

function plain<Space extends AnySpace>(space: SpaceLike, what: string, plainBox: PlainBox<Space>): Space {
  const { shape, n, start, nvec, spaces } = (space ?? {}) as unknown as Readonly<Record<string, unknown>>;
  const [lengthsOfBox, counts] = [shape, nvec].map(listed);
  if (lengths.accepts(lengthsOfBox)) return plainBox(lengthsOfBox, space, what);
  if (integerFrom1.accepts(n)) return { n, start: start ?? 0 } as Space;
  if (options.accepts(counts)) return { nvec: counts } as unknown as Space;
  if (typeof spaces === 'object' && spaces !== null) {
    const parts = Object.entries(spaces).map(([key, part]): [string, Space] => [
      key,
      plain(part as SpaceLike, `part ${key} of ${what}`, plainBox),
    ]);
    const isList = Array.isArray(spaces);
    return { spaces: isList ? parts.map(([, part]) => part) : Object.fromEntries(parts) } as unknown as Space;
  }
  throw new ArgumentError(
    `agentSpecs: ${what} is ${describe(space)}; give a Box, Discrete, MultiDiscrete, Tuple or Dict of @paragrad/mpe`,
  );
}
