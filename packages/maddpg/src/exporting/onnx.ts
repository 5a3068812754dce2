import { type AgentSpec, continuousSize } from '../environments/agent-spec.js';
import type { Algorithm } from '../learning/algorithm.js';
import { actionParts, type NumbersPart } from './action-parts.js';
import { actorsOf, type ChoiceRule, type LoneActor } from './actors.js';
import { ELEMENT, OnnxGraph } from './onnx-graph.js';

/**
 * An ONNX file for each actor, by the agent's name. A model acts as `policyOf` does, without noise:
 *
 *     observation    float32 [batch, obs], each as one vector (`flatten` of `@paragrad/mpe`)
 *     action         what the agent's action space takes: float32 [batch, ...shape] for a Box, int64 [batch] for a Discrete,
 *                    int64 [batch, n] for a MultiDiscrete. For the parts of a Tuple or Dict: action.0, action.gear, ...
 *     index          int64 [batch]; only if `action` is one-hot weights: the same as an integer, as in PettingZoo's particle
 *                    environments, `move + 5 * word`
 *
 * What an agent needs to act is in its model, the normalization of its observations included. Each sub-policy of an
 * `EnsembleMaddpg` is a model: `agent_0.0`, `agent_0.1`, ... An agent of a `CommunicatingMaddpg` has two: `agent_0.message`
 * makes its message, and the input of `agent_0` is its observation, then the mean of the messages of all other live agents.
 *
 * @throws ArgumentError if the algorithm is a class of your own that acts in another way, and if a weight is not finite.
 */
export function exportOnnx(algorithm: Algorithm): Record<string, Uint8Array> {
  return Object.fromEntries(actorsOf('exportOnnx', algorithm).map((actor) => [actor.name, modelOf(actor)]));
}

function modelOf({ name, input, spec, norm, layers, choices }: LoneActor): Uint8Array {
  const graph = new OnnxGraph(name, `observation: ${input}`);
  let x = normalize(graph, graph.input('observation', [spec.observationSize]), norm);
  layers.forEach(({ weight, bias }, k) => {
    if (k > 0) x = graph.node('Relu', [x]);
    const parameters = [graph.floats(weight.values, weight.shape, `${2 * k}.weight`)];
    if (bias) parameters.push(graph.floats(bias.values, bias.shape, `${2 * k}.bias`));
    x = graph.node('Gemm', [x, ...parameters], { transB: 1 });
  });
  const outputs = { name: x, size: layers[layers.length - 1].weight.shape[0] };
  const numbers = continuousSize(spec);
  const tanh = {
    name: numbers > 0 ? graph.node('Tanh', [slice(graph, outputs, 0, numbers)]) : '',
    size: numbers,
  };
  const chosen = choices.map((rule) => choose(graph, outputs, rule));
  if (spec.actionSpace) outputParts(graph, spec, tanh, chosen);
  else outputVector(graph, spec, tanh, chosen);
  return graph.encode();
}

/** clamp((o - mean) / deviation, ±limit) */
function normalize(graph: OnnxGraph, observation: string, norm: LoneActor['norm']): string {
  if (!norm) return observation;
  const { mean, deviation, limit } = norm;
  let centered = graph.node('Sub', [observation, graph.floats(mean)]);
  // A deviation can be smaller than the last digit that float32 has for the mean. So what is missing there follows.
  const rest = mean.map((m) => m - Math.fround(m));
  if (rest.some((r) => r !== 0)) centered = graph.node('Sub', [centered, graph.floats(rest)]);
  const normalized = graph.node('Div', [centered, graph.floats(deviation)]);
  if (limit === undefined) return normalized;
  return graph.node('Clip', [normalized, graph.floats([-limit], []), graph.floats([limit], [])]);
}

/** A value [batch, size]. */
interface Columns {
  readonly name: string;
  readonly size: number;
}

/** The columns from `from` to before `to`. */
function slice(graph: OnnxGraph, { name, size }: Columns, from: number, to: number): string {
  if (from === 0 && to === size) return name;
  return graph.node('Slice', [name, graph.integers([from]), graph.integers([to]), graph.integers([1])]);
}

/** All columns of these values. */
function concat(graph: OnnxGraph, values: readonly string[]): string {
  return values.length === 1 ? values[0] : graph.node('Concat', values, { axis: 1 });
}

/** The index of the chosen option: int64 [batch, 1] */
function choose(graph: OnnxGraph, outputs: Columns, { from, to, stride, size }: ChoiceRule): string {
  const largest = graph.node('ArgMax', [slice(graph, outputs, from, to)], { axis: 1, keepdims: 1 });
  if (size === to - from) return largest;
  return graph.node('Mod', [graph.node('Div', [largest, graph.integers([stride])]), graph.integers([size])]);
}

/** tanh y [batch, n] -> numbers from low to high, which are [n]. */
function scale(graph: OnnxGraph, tanh: string, { low, high }: NumbersPart): string {
  const center = low.map((l, k) => l / 2 + high[k] / 2);
  const scaled = graph.node('Mul', [tanh, graph.floats(low.map((l, k) => high[k] / 2 - l / 2))]);
  if (center.every((c) => c === 0)) return scaled;
  const moved = graph.node('Add', [scaled, graph.floats(center)]);
  // Rounding may lead beyond the bounds.
  return graph.node('Max', [graph.node('Min', [moved, graph.floats(high)]), graph.floats(low)]);
}

/** An output for each part of the agent's action space. */
function outputParts(graph: OnnxGraph, spec: AgentSpec, tanh: Columns, chosen: readonly string[]): void {
  let numbers = 0;
  let choices = 0;
  for (const part of actionParts(spec)) {
    if ('low' in part) {
      const own = slice(graph, tanh, numbers, numbers + part.low.length);
      graph.output(part.name, scale(graph, own, part), 'float32', part.shape);
      numbers += part.low.length;
    } else {
      const own = concat(graph, chosen.slice(choices, choices + part.first.length));
      const moved = part.first.some((first) => first !== 0);
      const index = moved ? graph.node('Add', [own, graph.integers(part.first)]) : own;
      graph.output(part.name, index, 'int64', part.shape);
      choices += part.first.length;
    }
  }
}

/** One output, as there is no action space: its numbers, then its choices, one-hot. */
function outputVector(graph: OnnxGraph, spec: AgentSpec, tanh: Columns, chosen: readonly string[]): void {
  const { actionSize, maxAction, choices = [] } = spec;
  const oneHot = chosen.map((index, k) => {
    const options = graph.integers(Array.from({ length: choices[k] }, (_, option) => option));
    return graph.node('Cast', [graph.node('Equal', [index, options])], { to: ELEMENT.float32 });
  });
  const scaled = tanh.size > 0 ? [graph.node('Mul', [tanh.name, graph.floats([maxAction], [])])] : [];
  graph.output('action', concat(graph, [...scaled, ...oneHot]), 'float32', [actionSize]);
  if (tanh.size > 0) return;
  let index = chosen[0];
  let stride = 1;
  for (let k = 1; k < chosen.length; k++) {
    stride *= choices[k - 1];
    index = graph.node('Add', [index, graph.node('Mul', [chosen[k], graph.integers([stride])])]);
  }
  graph.output('index', index, 'int64', []);
}
