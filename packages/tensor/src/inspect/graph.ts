import { checkArgument, checkOptions, type OptionChecks, trueOrFalse } from '@paragrad/check';
import { aTensor, someTensors } from '../argument-checks.js';
import { differentiate } from '../autograd/backward.js';
import { nodeOf, type OpLabel, OpRecord } from '../autograd/record.js';
import type { FloatArray } from '../dtype.js';
import type { Shape } from '../shape.js';
import { Tensor } from '../tensor.js';
import { plainCopy } from './plain-copy.js';

/** How a tensor was computed, as plain data. The tensor itself is node 0. */
export interface Graph {
  /** Its nodes; each knows its index as `id`. */
  readonly nodes: readonly GraphNode[];
  /** Its edges, from an input to the op that reads it. */
  readonly edges: readonly GraphEdge[];
}

/** An op, or a tensor that no op has computed. */
export interface GraphNode {
  /** The index in `nodes`. */
  readonly id: number;
  /**
   * 'op': the output of an op. 'leaf': created by the user, requires a gradient. 'constant': requires no gradient; how
   * it was computed is not recorded. 'detach': a constant made by `detach`; an edge shows from which node. 'group':
   * several nodes, which `fold` made one.
   */
  readonly kind: 'op' | 'leaf' | 'constant' | 'detach' | 'group';
  /** The name of the op; null for a leaf, a constant and a group. */
  readonly op: string | null;
  /** The tensor's `name`; '' if it has none. The name of a group. */
  readonly name: string;
  /** The shape of the tensor; of a group, that of its first output. */
  readonly shape: Shape;
  /**
   * The Euclidean norm of the gradient that arrived at this value, added up over all its uses; null if none did, or
   * none was measured. Of a group: at its first output.
   */
  readonly gradientNorm: number | null;
  /** With `values`: the numbers, row by row; null if they were freed, or never stored. */
  readonly values?: FloatArray | null;
  /** With `values`: the gradient that arrived at this value; null if none did, or none was measured. */
  readonly gradient?: FloatArray | null;
  /** With `values`: what the op was called with besides its inputs, such as axes; null if there is nothing. */
  readonly attributes?: Readonly<Record<string, unknown>> | null;
  /**
   * With `values`: the lines of code that called the op, innermost first, as in an error's `stack`. Only ops that ran
   * inside `trace` (or `detectAnomaly`) have them.
   */
  readonly lines?: readonly string[];
  /** Only in a group: what is inside. */
  readonly group?: GroupContents;
}

/** What `fold` made one node. */
export interface GroupContents {
  /** How many ops. */
  readonly ops: number;
  /** How many parameters (leaves). */
  readonly parameters: number;
  /** How many numbers its parameters hold. */
  readonly weights: number;
  /** The norm of the gradients of all these parameters, as one vector; null if none of them gets a gradient. */
  readonly parametersNorm: number | null;
}

/** From an input to the op that reads it. */
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

/** What `inspect` finds out in addition to the graph. */
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
  /**
   * Also copy into each node its numbers and, with `gradients`, its gradient; what its op was called with; and, for an op that
   * ran inside `trace`, the lines of code that called it. The numbers are those of now. Default false.
   */
  values?: boolean;
  /**
   * Tensors that `detach` may have cut off. A detached tensor remembers only the op's name and shape. With the tensor
   * itself, the graph goes on behind the cut. Default: none.
   */
  behindDetach?: readonly Tensor[];
}

const inspectOptions: OptionChecks<InspectOptions> = {
  gradients: trueOrFalse,
  inputs: someTensors,
  gradOutput: aTensor,
  values: trueOrFalse,
  behindDetach: someTensors,
};

/**
 * The graph that was recorded for `output`. A value that is used several times appears once. To measure gradients, call
 * this before `backward`, or after a `backward` with `retainGraph`. A freed graph can still be drawn.
 */
export function inspect(output: Tensor, options: InspectOptions = {}): Graph {
  checkArgument('inspect', 'output', output, aTensor);
  checkOptions('inspect', options, inspectOptions);
  const { values: withValues = false, behindDetach = [] } = options;
  const measured = options.gradients ? measure(output, options) : null;
  const behind = new Map<Source, OpRecord>();
  for (const { record } of behindDetach) if (record) behind.set(record.label, record);
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
    const from = sourcesOf(source).map((input) => behind.get(input) ?? input);
    from.forEach((input, index) => {
      edges.push({
        from: idOf(input),
        to,
        input: index,
        detached: !(source instanceof OpRecord),
        gradientNorm: measured?.edges.get(source)?.[index] ?? null,
      });
    });
    open.push(...from.toReversed());
  }
  const nodes = [...found.values()].map(({ id, source }): GraphNode => {
    const gradient = measured?.nodes.get(source);
    const node = { id, ...describe(source), gradientNorm: gradient?.norm ?? null };
    return withValues ? { ...node, ...detailsOf(source), gradient: gradient?.values ?? null } : node;
  });
  return { nodes, edges };
}

/** The origin of a value: the record of an op, a leaf or constant, or an op that kept only its label. */
type Source = OpRecord | Tensor | OpLabel;

function sourcesOf(source: Source): Source[] {
  if (source instanceof OpRecord) return source.edges.map((node, index) => node ?? source.call.inputs[index]);
  return source instanceof Tensor && source.detachedFrom ? [source.detachedFrom] : [];
}

function describe(source: Source): Pick<GraphNode, 'kind' | 'op' | 'name' | 'shape'> {
  if (source instanceof OpRecord) {
    return { kind: 'op', op: source.op, name: source.call.output.name, shape: source.label.shape };
  }
  if (!(source instanceof Tensor)) return { kind: 'op', op: source.op, name: '', shape: source.shape };
  const { name, shape, requiresGrad, detachedFrom } = source;
  if (detachedFrom) return { kind: 'detach', op: 'detach', name, shape };
  return { kind: requiresGrad ? 'leaf' : 'constant', op: null, name, shape };
}

function detailsOf(source: Source): Pick<GraphNode, 'values' | 'attributes' | 'lines'> {
  const record = source instanceof OpRecord ? source : null;
  const x = record ? record.call.output : source instanceof Tensor ? source : null;
  const values = x && x.values.length === x.size ? x.values.slice() : null;
  const lines = record?.lines ? record.lines.split('\n').map((line) => line.trim()) : [];
  return { values, attributes: plainCopy(record?.call.attrs), lines };
}

/** The gradients of a backward pass. */
interface Measured {
  /** For each record, the norms of the gradients that it passes to its inputs. */
  readonly edges: ReadonlyMap<Source, readonly number[]>;
  /** For each node, its gradient. The numbers only if they are asked for. */
  readonly nodes: ReadonlyMap<Source, { readonly norm: number; readonly values: FloatArray | null }>;
}

function measure(output: Tensor, { inputs, gradOutput, values }: InspectOptions): Measured {
  const edges = new Map<Source, number[]>();
  const nodes = new Map<Source, { norm: number; values: FloatArray | null }>();
  differentiate('inspect', output, inputs, {
    retainGraph: true,
    ...(gradOutput && { gradOutput }),
    arrive(node, gradient) {
      nodes.set(node, { norm: normOf(gradient), values: values ? gradient.values.slice() : null });
    },
    visit(record, index, part) {
      const ofRecord = edges.get(record) ?? [];
      edges.set(record, ofRecord);
      ofRecord[index] = normOf(part);
    },
  });
  return { edges, nodes };
}

function normOf(gradient: Tensor): number {
  let squares = 0;
  for (const g of gradient.values) squares += g * g;
  return Math.sqrt(squares);
}
