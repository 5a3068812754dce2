/** Makes random programs, and runs them. */
import { type DType, grad, mul, sum, Tensor } from '@paragrad/tensor';
import { Draw, type Kind, type Node } from './draw.js';
import { OPS } from './ops.js';

export interface Program {
  kind: Kind;
  nodes: Node[];
}

/** The tensors that are compared: first all results that no node uses, then for each leaf its gradient, and the gradient of that. */
export interface Answer {
  outputs: Tensor[];
  gradients: Tensor[];
  secondGradients: Tensor[];
}

const NAMES = Object.keys(OPS) as (keyof typeof OPS)[];

/** A program of up to ten ops. `op` is drawn for certain. */
export function randomProgram(seed: number, given?: Kind): Program {
  const op = NAMES[seed % NAMES.length];
  const kind = given ?? (seed % 7 === 0 ? 'special' : seed % 7 === 1 ? 'extreme' : 'regular');
  const maxSize = kind === 'large' ? 20_000 : 24;
  const d = new Draw(seed, kind);
  d.leaf(d.shape());
  const ops = [...Array.from({ length: d.int(0, 5) }, () => d.from(NAMES)), op];
  ops.push(...Array.from({ length: d.int(0, 4) }, () => d.from(NAMES)));
  if (kind === 'large') ops.push('linear', 'matmul');
  for (const name of ops) {
    const [nodes, values] = [d.nodes.length, d.values.length];
    const { of, args = {} } = OPS[name].draw(d);
    const value = OPS[name].run(
      of.map((k) => d.values[k]),
      args as Record<string, never>,
    );
    // In these programs all numbers are of ordinary size: others would hide what follows.
    const isOrdinary = kind === 'special' || kind === 'extreme' || value.data.every((x) => Math.abs(x) < 1e4);
    if (value.size === 0 || value.size > maxSize || !isOrdinary) {
      d.nodes.length = nodes;
      d.values.length = values;
    } else {
      d.nodes.push({ op: name, of, args });
      d.values.push(value);
    }
  }
  return { kind, nodes: d.nodes };
}

/** The program's answer, computed with the current kernels. */
export function run({ nodes }: Program, dtype: DType): Answer {
  const leaves: Tensor[] = [];
  const values: Tensor[] = [];
  for (const node of nodes) {
    if ('op' in node) {
      const inputs = node.of.map((k) => values[k]);
      values.push(OPS[node.op as keyof typeof OPS].run(inputs, node.args as Record<string, never>));
    } else {
      const data = dtype === 'float64' ? Float64Array.from(node.data) : Float32Array.from(node.data);
      const leaf = new Tensor(data, node.shape, { requiresGrad: true });
      leaves.push(leaf);
      values.push(leaf);
    }
  }
  const used = new Set(nodes.flatMap((node) => ('op' in node ? node.of : [])));
  const outputs = values.filter((_, k) => !used.has(k));
  const gradients = gradientsOf(outputs, leaves, 7);
  return { outputs, gradients, secondGradients: gradientsOf(gradients, leaves, 5) };
}

/** The gradients of a weighted sum of all numbers. The weights are exact in float32. */
function gradientsOf(outputs: Tensor[], leaves: Tensor[], factor: number): Tensor[] {
  const loss = outputs
    .filter((output) => output.requiresGrad)
    .map((output) => {
      const weights = output.data.map((_, k) => (((k * factor + 3) % 16) - 7.5) / 8);
      return sum(mul(output, new Tensor(weights, output.shape)));
    })
    .reduce<Tensor | null>((total, one) => (total ? total.add(one) : one), null);
  const gradients = loss ? grad(loss, leaves, { createGraph: true, allowUnused: true }) : [];
  return leaves.map(
    (leaf, k) =>
      gradients[k] ??
      new Tensor(
        leaf.data.map(() => 0),
        leaf.shape,
      ),
  );
}
