/** Spaces as plain data, for agents' specs and with them for checkpoints. */
import { ArgumentError, describe } from '@paragrad/check';
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
      typeof bound === 'object' ? Array.from(bound) : bound,
    );
    if ([plainLow, plainHigh].flat().every(Number.isFinite)) {
      return { low: plainLow as Bound, high: plainHigh as Bound, shape };
    }
    throw new ArgumentError(
      `agentSpecs: ${part} is ${box}, without finite bounds; give a Box with finite low and high, and scale the numbers in ` +
        "the environment's step",
    );
  });
}

type AnySpace = SpaceLike | ActionSpace;
type PlainBox<Space> = (shape: readonly number[], box: SpaceLike, what: string) => Space;

function plain<Space extends AnySpace>(space: SpaceLike, what: string, plainBox: PlainBox<Space>): Space {
  if (typeof space === 'object' && space !== null) {
    if ('shape' in space && space.shape) return plainBox(Array.from(space.shape), space, what);
    if ('n' in space) return { n: space.n, start: space.start ?? 0 } as Space;
    if ('nvec' in space) return { nvec: Array.from(space.nvec) } as unknown as Space;
    if ('spaces' in space) {
      const parts = Object.entries(space.spaces).map(([key, part]): [string, Space] => [
        key,
        plain(part as SpaceLike, `part ${key} of ${what}`, plainBox),
      ]);
      const isList = Array.isArray(space.spaces);
      return {
        spaces: isList ? parts.map(([, part]) => part) : Object.fromEntries(parts),
      } as unknown as Space;
    }
  }
  throw new ArgumentError(
    `agentSpecs: ${what} is ${describe(space)}; give a Box, Discrete, MultiDiscrete, Tuple or Dict`,
  );
}
