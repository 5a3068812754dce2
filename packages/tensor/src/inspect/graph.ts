import { differentiate } from '../autograd/backward.js';
import { nodeOf, type OpLabel, OpRecord } from '../autograd/record.js';
import type { Shape } from '../shape.js';
import { Tensor } from '../tensor.js';

/** What a tensor was computed from: plain data, with the tensor itself as node 0. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  /** Its place in `nodes`. */
  readonly id: number;
  /**
   * 'op': the output of one. 'leaf': given, and requires a gradient. 'constant': requires none; what it was computed
   * from is not recorded. 'detach': a constant too, made by `detach`; an edge says from what.
   */
  readonly kind: 'op' | 'leaf' | 'constant' | 'detach';
  /** The op's name; null for a leaf and a constant. */
  readonly op: string | null;
  /** The tensor's `name`; '' if it has none. */
  readonly name: string;
  readonly shape: Shape;
}

export interface GraphEdge {
  /** The node whose value goes ... */
  readonly from: number;
  /** ... into this one, ... */
  readonly to: number;
  /** ... as its input of this index. */
  readonly input: number;
  /** Cut by `detach`: the value goes forward, no gradient comes back. */
  readonly detached: boolean;
  /** The Euclidean norm of the gradient that comes back along this edge; null if none does, or none was asked for. */
  readonly gradientNorm: number | null;
}

export interface InspectOptions {
  /**
   * Measure the gradients by a walk back of its own, which leaves every `grad` and the graph as they are. Hooks see
   * it. Default false.
   */
  gradients?: boolean;
  /** Measure only what leads to these. Default: every leaf. */
  inputs?: readonly Tensor[];
  /** dL/doutput, for an output that is not a single number. */
  gradOutput?: Tensor;
}

/**
 * The graph that was recorded for `output`; what it shares appears once. Inspect before `backward`, or after one with
 * `retainGraph`, to measure gradients; a freed graph can still be drawn.
 */
export function inspect(output: Tensor, options: InspectOptions = {}): Graph {
  const norms = options.gradients ? gradientNorms(output, options) : null;
  const found = new Map<object, { id: number; source: Source }>();
  const expanded = new Set<Source>();
  const edges: GraphEdge[] = [];
  const idOf = (source: Source): number => {
    const key = source instanceof OpRecord ? source.label : source;
    const known = found.get(key);
    if (!known) found.set(key, { id: found.size, source });
    else if (source instanceof OpRecord) known.source = source; // known so far by its label only
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

/** Where a value comes from: an op's record, a leaf or constant, or an op that only its label is left of. */
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

/** By record and index of the input: how long a gradient each op passes on. */
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
