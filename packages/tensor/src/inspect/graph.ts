import { checkArgument, checkOptions, type OptionChecks, trueOrFalse } from '@paragrad/check';
import { aTensor, someTensors } from '../argument-checks.js';
import { differentiate } from '../autograd/backward.js';
import { nodeOf, type OpLabel, OpRecord } from '../autograd/record.js';
import type { Shape } from '../shape.js';
import { Tensor } from '../tensor.js';

/** How a tensor was computed, as plain data. The tensor itself is node 0. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  /** The index in `nodes`. */
  readonly id: number;
  /**
   * 'op': the output of an op. 'leaf': created by the user, requires a gradient. 'constant': requires no gradient; how
   * it was computed is not recorded. 'detach': a constant made by `detach`; an edge shows from which node.
   */
  readonly kind: 'op' | 'leaf' | 'constant' | 'detach';
  /** The name of the op; null for a leaf and a constant. */
  readonly op: string | null;
  /** The tensor's `name`; '' if it has none. */
  readonly name: string;
  readonly shape: Shape;
}

export interface GraphEdge {
  /** The id of the input. */
  readonly from: number;
  /** The id of the node that is computed from it. */
  readonly to: number;
  /** The index of the input among the inputs of `to`. */
  readonly input: number;
  /** Whether `detach` cut this edge: the value flows forward, but no gradient flows back. */
  readonly detached: boolean;
  /** The Euclidean norm of the gradient that flows back along this edge; null if none does, or none was measured. */
  readonly gradientNorm: number | null;
}

export interface InspectOptions {
  /**
   * Measure the gradients by a separate backward pass. It changes no `grad` and frees nothing, but it calls hooks.
   * Default false.
   */
  gradients?: boolean;
  /** Measure only the gradients on the paths to these tensors. Default: all leaves. */
  inputs?: readonly Tensor[];
  /** dL/doutput, needed if the output is not a single number. */
  gradOutput?: Tensor;
}

const inspectOptions: OptionChecks<InspectOptions> = {
  gradients: trueOrFalse,
  inputs: someTensors,
  gradOutput: aTensor,
};

/**
 * The graph that was recorded for `output`. A value that is used several times appears once. To measure gradients, call
 * this before `backward`, or after a `backward` with `retainGraph`. A freed graph can still be drawn.
 */
export function inspect(output: Tensor, options: InspectOptions = {}): Graph {
  checkArgument('inspect', 'output', output, aTensor);
  checkOptions('inspect', options, inspectOptions);
  const norms = options.gradients ? gradientNorms(output, options) : null;
  const found = new Map<object, { id: number; source: Source }>();
  const expanded = new Set<Source>();
  const edges: GraphEdge[] = [];
  const idOf = (source: Source): number => {
    const key = source instanceof OpRecord ? source.label : source;
    const known = found.get(key);
    if (!known) found.set(key, { id: found.size, source });
    else if (source instanceof OpRecord) known.source = source; // until now only its label was known
    return found.get(key)!.id;
  };

  const open: Source[] = [nodeOf(output)];
  for (let source = open.pop(); source; source = open.pop()) {
    if (expanded.has(source)) continue;
    expanded.add(source);
    const to = idOf(source);
    const from = sourcesOf(source);
    from.forEach((input, index) => {
      edges.push({
        from: idOf(input),
        to,
        input: index,
        detached: !(source instanceof OpRecord),
        gradientNorm: norms?.get(source)?.[index] ?? null,
      });
    });
    open.push(...from.toReversed());
  }
  return { nodes: [...found.values()].map(({ id, source }) => describe(id, source)), edges };
}

/** The origin of a value: the record of an op, a leaf or constant, or an op that kept only its label. */
type Source = OpRecord | Tensor | OpLabel;

function sourcesOf(source: Source): Source[] {
  if (source instanceof OpRecord) return source.edges.map((node, index) => node ?? source.call.inputs[index]);
  return source instanceof Tensor && source.detachedFrom ? [source.detachedFrom] : [];
}

function describe(id: number, source: Source): GraphNode {
  if (source instanceof OpRecord) {
    return { id, kind: 'op', op: source.op, name: source.call.output.name, shape: source.label.shape };
  }
  if (!(source instanceof Tensor)) return { id, kind: 'op', op: source.op, name: '', shape: source.shape };
  const { name, shape, requiresGrad, detachedFrom } = source;
  if (detachedFrom) return { id, kind: 'detach', op: 'detach', name, shape };
  return { id, kind: requiresGrad ? 'leaf' : 'constant', op: null, name, shape };
}

/** For each record, the norms of the gradients that it passes to its inputs. */
function gradientNorms(output: Tensor, { inputs, gradOutput }: InspectOptions): Map<Source, number[]> {
  const norms = new Map<Source, number[]>();
  differentiate('inspect', output, inputs, {
    retainGraph: true,
    ...(gradOutput && { gradOutput }),
    visit(record, index, part) {
      const ofRecord = norms.get(record) ?? [];
      norms.set(record, ofRecord);
      let squares = 0;
      for (const g of part.values) squares += g * g;
      ofRecord[index] = Math.sqrt(squares);
    },
  });
  return norms;
}
