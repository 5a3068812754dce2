import {
  ArgumentError,
  CheckError,
  checkOptions,
  describe,
  integer,
  integerFrom1,
  trueOrFalse,
} from '@paragrad/check';
import fc, { type Arbitrary } from 'fast-check';
import { currentKernels } from '../kernels/select.js';
import { broadcastTo, concat, narrow, permute, reshape } from '../ops/index.js';
import { broadcastShapes, formatShape } from '../shape.js';
import { Tensor } from '../tensor.js';
import { useThreads } from '../threads.js';
import { type GradcheckOptions, gradcheck, gradcheckOptions, gradgradcheck } from './gradcheck.js';
import {
  type BoundOp,
  checkFloat32,
  checkScopes,
  disagreement,
  float32Numbers,
  nameOf,
} from './numbers-agree.js';
import { GradcheckError } from './report.js';

/** Options of `checkOp`: those of `gradcheck`, and what is tested. */
export interface CheckOpOptions extends GradcheckOptions {
  /** How many lists of arguments the gradient and its gradient are tested on. The other parts draw a quarter. Default 100. */
  numRuns?: number;
  /** The seed of the draws. Default: a new one each time. An error names it. */
  seed?: number;
  /** Whether the gradient has a gradient. Default true. */
  secondOrder?: boolean;
  /** Whether all tensors broadcast together, as in `add`. Default false. */
  broadcasts?: boolean;
  /** Whether the op computes in float32, too. Default true. */
  float32?: boolean;
  /** Whether to compare one thread with two. Small tensors stay on one thread. Default true. */
  threads?: boolean;
}

/** An arbitrary of argument lists, or one arbitrary for each argument. */
export type ArgumentArbitraries<Args extends readonly unknown[]> =
  | Arbitrary<Args>
  | { readonly [K in keyof Args]: Arbitrary<Args[K]> };

/**
 * Tests an op as Paragrad tests its own, on random arguments:
 *
 * - its gradient and the gradient of its gradient, with {@link gradcheck} and {@link gradgradcheck}: they also find an
 *   input that the op changes, numbers that differ from call to call, and inputs without influence
 * - the gradient through views: parts, transposes and reshapes of other tensors
 * - with `broadcasts`, that small operands give what their expansions give
 * - float32: the dtype of results and gradients, and numbers close to those of float64, on every kernel set that runs here
 * - the same bits inside of a `scope`, and with one thread and two
 *
 * float64 tensors among the arguments are the op's inputs. Everything else is passed on as it is. A tensor inside of an
 * array or a plain object is a constant: it has no gradient, and it becomes float32 with the inputs.
 *
 * Any test runner can await it. Afterwards there is one thread.
 *
 * @throws CheckError at the first failure, with the arguments shrunk to a small case.
 */
export async function checkOp<const Args extends readonly unknown[]>(
  op: (...args: Args) => Tensor,
  args: ArgumentArbitraries<Args>,
  options: CheckOpOptions = {},
): Promise<void> {
  if (typeof op !== 'function')
    throw new ArgumentError(`checkOp: the op is ${describe(op)}; give a function`);
  checkOptions('checkOp', options, {
    ...gradcheckOptions,
    numRuns: integerFrom1,
    seed: integer,
    secondOrder: trueOrFalse,
    broadcasts: trueOrFalse,
    float32: trueOrFalse,
    threads: trueOrFalse,
  });
  const {
    numRuns = 100,
    seed,
    secondOrder = true,
    broadcasts = false,
    float32 = true,
    threads = true,
    ...ofGradcheck
  } = options;
  const lists = listsOf(args);
  const draws = { numRuns, ...(seed !== undefined && { seed }) };
  const fewer = { ...draws, numRuns: Math.ceil(numRuns / 4) };

  const part = <T>(name: string, drawn: Arbitrary<T>, holds: (value: T) => void, runs = fewer) =>
    assertHolds(`checkOp, ${name} of ${op.name || 'the op'}`, drawn, holds, runs);
  const gradient = (check: typeof gradcheck) => (list: Args) => {
    const { f, inputs } = bind(op, list);
    check(f, inputs, ofGradcheck);
  };
  part('gradient', lists, gradient(gradcheck), draws);
  if (secondOrder) part('gradient of the gradient', lists, gradient(gradgradcheck), draws);
  part('gradient through views', fc.tuple(lists, fc.nat({ max: 2 })), ([list, first]) => {
    const { f, inputs } = throughViews(bind(op, list), first);
    gradcheck(f, inputs, ofGradcheck);
  });
  if (broadcasts) part('broadcasting', lists, (list) => checkBroadcasting(bind(op, list)));
  if (!float32) return;
  part('float32', lists, (list) => checkFloat32((as) => bind(op, as(list))));
  part('scope', lists, (list) => checkScopes((as) => bind(op, as(list))));
  if (threads && currentKernels().useThreads) await checkThreads(op, lists, fewer);
}

function listsOf<Args extends readonly unknown[]>(args: ArgumentArbitraries<Args>): Arbitrary<Args> {
  if (args instanceof fc.Arbitrary) return args;
  if (Array.isArray(args)) {
    const wrong = args.findIndex((one) => !(one instanceof fc.Arbitrary));
    if (wrong < 0)
      return fc.tuple(...(args as Arbitrary<unknown>[])) as Arbitrary<unknown> as Arbitrary<Args>;
    throw new ArgumentError(
      `checkOp: argument ${wrong} is ${describe(args[wrong])}; give an arbitrary, such as tensors([2, 3]), or fc.constant(2)`,
    );
  }
  throw new ArgumentError(
    `checkOp: the arguments are ${describe(args)}; give one arbitrary for each, such as [tensors(shapes())]`,
  );
}

/** Splits arguments into the tensors and the rest. */
function bind<Args extends readonly unknown[]>(op: (...args: Args) => Tensor, list: Args): BoundOp {
  if (!Array.isArray(list)) {
    throw new ArgumentError(
      `checkOp: drew ${describe(list)}, which is not a list of arguments; give an array of arbitraries, or fc.tuple`,
    );
  }
  const places = list.flatMap((argument, place) => (argument instanceof Tensor ? [place] : []));
  const f = (...inputs: Tensor[]): Tensor => {
    const all: unknown[] = [...list];
    places.forEach((place, k) => {
      all[place] = inputs[k];
    });
    return op(...(all as unknown as Args));
  };
  return { f, inputs: places.map((place) => list[place]) };
}

/** Runs a property. The error says which part failed, why, and for which arguments. */
function assertHolds<T>(
  what: string,
  drawn: Arbitrary<T>,
  holds: (value: T) => void,
  draws: { numRuns: number; seed?: number },
): void {
  let problem: string | undefined;
  const property = fc.property(drawn, (value) => {
    try {
      holds(value);
    } catch (error) {
      // A case must not shrink into one that fails for another reason, such as a kink.
      const found = error instanceof GradcheckError ? error.problem : 'another';
      problem ??= found;
      if (found === problem) throw error;
    }
  });
  const run = fc.check(property, draws);
  if (!run.failed) return;
  const cause = run.errorInstance;
  throw new CheckError(
    `${what}: ${cause instanceof Error ? cause.message : String(cause)}\n` +
      `  arguments: ${fc.stringify(run.counterexample?.[0])}\n` +
      `  seed: ${run.seed}`,
    { cause },
  );
}

/** The same op, but its inputs are computed: transposes, parts and reshapes of other tensors, in turn. */
function throughViews({ f, inputs }: BoundOp, first: number): BoundOp {
  const views = inputs.map((x, k) => {
    const kind = (first + k) % 3;
    const backwards = x.shape.map((_, axis) => x.rank - 1 - axis);
    if (x.rank === 0 || kind === 0) {
      return { stored: reshape(x, [1, x.size]), read: (y: Tensor) => reshape(y, x.shape) };
    }
    if (kind === 1) {
      return { stored: permute(x, backwards), read: (y: Tensor) => permute(y, backwards) };
    }
    const rows = x.shape[0];
    return { stored: concat([x, x]), read: (y: Tensor) => narrow(y, 0, rows, rows) };
  });
  return {
    f: (...stored) => f(...stored.map((y, k) => views[k].read(y))),
    inputs: views.map(({ stored }) => stored),
  };
}

function checkBroadcasting({ f, inputs }: BoundOp): void {
  const shape = inputs.map((x) => x.shape).reduce((a, b) => broadcastShapes('checkOp', a, b), []);
  const small = f(...inputs);
  const expanded = f(...inputs.map((x) => broadcastTo(x, shape)));
  const differ = disagreement(small, expanded);
  if (!differ) return;
  throw new CheckError(
    `the result${differ.at} of operands of shapes ${inputs.map((x) => formatShape(x.shape)).join(' and ')} is ${differ.a}, ` +
      `but of their expansions to ${formatShape(shape)} it is ${differ.b}`,
  );
}

async function checkThreads<Args extends readonly unknown[]>(
  op: (...args: Args) => Tensor,
  lists: Arbitrary<Args>,
  draws: { numRuns: number; seed?: number },
): Promise<void> {
  const drawn = fc.sample(lists, draws);
  const compute = () => drawn.map((list) => float32Numbers((as) => bind(op, as(list))));
  await useThreads(1);
  const alone = compute();
  try {
    await useThreads(2);
    const together = compute();
    drawn.forEach((list, k) => {
      alone[k].forEach((x, n) => {
        const differ = disagreement(x, together[k][n]);
        if (!differ) return;
        throw new CheckError(
          `checkOp, threads of ${op.name || 'the op'}: ${nameOf(n)}${differ.at} is ${differ.a} with one thread and ` +
            `${differ.b} with two\n  arguments: ${fc.stringify(list)}`,
        );
      });
    });
  } finally {
    await useThreads(1);
  }
}
