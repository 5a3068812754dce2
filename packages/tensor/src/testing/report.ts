import { CheckError } from '@paragrad/check';
import { formatShape, type Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { type Culprit, cutsOf, findCulprit } from './blame.js';
import { type Fault, indexOf, type Tolerance } from './judge.js';
import { literal } from './literal.js';

/** What was wrong. `gradcheck` says what each means. */
export type GradcheckProblem =
  /** It differs from the finite differences. */
  | 'wrong gradient'
  /** The slopes on both sides differ. */
  | 'kink'
  /** f has no slope there, because it jumps. */
  | 'jump'
  /** f is not finite on both sides. */
  | 'edge'
  /** Finite differences do not settle. */
  | 'undecided'
  /** Two calls of f gave different numbers, or different gradients. */
  | 'not repeatable'
  /** f changed one of its inputs. */
  | 'changed input'
  /** Neither f nor its gradient depends on the input. */
  | 'no influence';

/** What `gradcheck` found. Its message says everything that is here, and how to repeat the case. */
export class GradcheckError extends CheckError {
  /** The name of the class. */
  override readonly name: string = 'GradcheckError';
  /** What was wrong. */
  readonly problem: GradcheckProblem;
  /** Which input. */
  readonly input: number;
  /** Where in the input. */
  readonly index: readonly number[] | undefined;
  /** The number there. */
  readonly x: number | undefined;
  /** The gradient that f claims: of the output that x has influence on, or of the sum of several, with weights. */
  readonly analytic: number | undefined;
  /** The slope by finite differences. */
  readonly numeric: number | undefined;
  /** The slope below x. */
  readonly left: number | undefined;
  /** The slope above x. */
  readonly right: number | undefined;
  /** The op inside of f whose own gradient is wrong. */
  readonly op: string | undefined;

  /** @internal */
  constructor(message: string, problem: GradcheckProblem, input: number, details: Details = {}) {
    super(message);
    this.problem = problem;
    this.input = input;
    this.index = details.index;
    this.x = details.fault?.x;
    const slopes = details.fault && slopesOf(details.fault);
    this.analytic = slopes?.analytic;
    this.numeric = slopes?.numeric;
    this.left = slopes?.left;
    this.right = slopes?.right;
    this.op = details.op;
  }
}

interface Details {
  index?: number[];
  fault?: Fault;
  op?: string | undefined;
}

/** One call of `gradcheck` or `gradgradcheck`. */
export interface Case {
  caller: string;
  /** The inputs that were given. */
  inputs: readonly Tensor[];
  /** What an input is called in messages. */
  nameOf(input: number): string;
}

export function repeatLine({ caller, inputs }: Case): string {
  return `  to repeat: ${caller}(f, [${inputs.map(literal).join(', ')}])`;
}

/** The error for a fault in input `input`; `output` is what f gives, with its graph. */
export function faultError(
  given: Case,
  input: number,
  shape: Shape,
  fault: Fault,
  output: Tensor,
  tolerance: Tolerance,
): GradcheckError {
  const index = indexOf(fault.element, shape);
  const { analytic, numeric, left, right } = slopesOf(fault);
  const culprit = fault.kind === 'wrong gradient' ? findCulprit(output, tolerance) : null;
  const at = shape.length > 0 ? ` at index ${formatShape(index)}` : '';
  const lines = [
    `${given.caller}: ${TITLES[fault.kind]}`,
    `  where: ${given.nameOf(input)} of shape ${formatShape(shape)}${at}, where x = ${fault.x}`,
    `  gradient: ${short(analytic)}`,
    `  finite differences: ${short(numeric)}, left slope ${short(left)}, right slope ${short(right)}`,
    ...(fault.kind === 'wrong gradient' ? [`  op to blame: ${blame(culprit, output)}`] : []),
    repeatLine(given),
  ];
  return new GradcheckError(lines.join('\n'), fault.kind, input, { index, fault, op: culprit?.op });
}

/** The slopes of the output that x has influence on. If there are several, of their sum with irregular weights. */
function slopesOf({ analytic, slope: { numeric, left, right, weight } }: Fault) {
  const ofOutput = (slope: number) => slope / weight + 0; // 0, not -0
  return {
    analytic: ofOutput(analytic),
    numeric: ofOutput(numeric),
    left: ofOutput(left),
    right: ofOutput(right),
  };
}

const KEEP_AWAY =
  'Keep the inputs away from there (awayFromZero or kinks of tensors, tensorsApart, distinctTensors), or give allowKinks: true';

const TITLES: Record<Fault['kind'], string> = {
  'wrong gradient': 'the gradient is wrong',
  kink: `f has a kink here: its slopes on the left and on the right differ, and the gradient lies between them, so it may be right. ${KEEP_AWAY}`,
  jump: `f jumps here, so it has no slope. ${KEEP_AWAY}`,
  edge: `f is not finite on both sides of x, so there is no slope to compare with. ${KEEP_AWAY}`,
  undecided:
    'finite differences do not settle here, so they cannot say what the gradient is; is f noisy, or computed in float32 inside?',
};

function blame(culprit: Culprit | null, output: Tensor): string {
  if (culprit) {
    const { op, input, index, fault } = culprit;
    const { analytic, numeric } = slopesOf(fault);
    const at = index.length > 0 ? ` at index ${formatShape(index)}` : '';
    return (
      `${op}: for its input ${input}${at}, which is ${short(fault.x)}, its gradient is ${short(analytic)}, ` +
      `and finite differences give ${short(numeric)}`
    );
  }
  const cuts = cutsOf(output);
  return `none: every op in the graph has the right gradient for itself, so a path is missing. ${
    cuts.length > 0
      ? `Here the graph is cut: ${cuts.slice(0, 3).join('; ')}`
      : 'Look for detach, noGrad, item and data'
  }`;
}

function short(x: number): string {
  return String(Number(x.toPrecision(8)));
}
