/** An op of one's own, with a gradient, a check of it, and what reads the graph. Types that are left out are inferred. */
import {
  type BinaryOp,
  type DType,
  defineOp,
  type GradNode,
  mul,
  type NoGradient,
  type Op,
  type OpCall,
  type OpDefinition,
  type OpGradient,
  type OpLabel,
  type OpRecord,
  relu,
  type Shape,
  Tensor,
  type UnaryOp,
} from '@paragrad/tensor';
import { type GradcheckOptions, gradcheck } from '@paragrad/tensor/gradcheck';
import { inspect } from '@paragrad/tensor/inspect';
import { type ArgumentArbitraries, checkOp, type Differentiable, tensors } from '@paragrad/tensor/testing';

export const cubeOp = defineOp<[x: Tensor], { times: number }>('cube', {
  forward: ([x], { times }) =>
    new Tensor(
      x.data.map((value) => times * value ** 3),
      x.shape,
    ),
  gradient: [(dy, { inputs: [x], attrs: { times } }) => dy.mul(x.square()).mul(3 * times)],
});
export const cube = (x: Tensor, times = 1) => cubeOp([x], { times });

export const gradientOfFirst: OpGradient<[a: Tensor, b: Tensor]> = (dy, { inputs: [, b] }) => dy.mul(b);
export const definition: OpDefinition<[a: Tensor, b: Tensor], void> = {
  forward: ([a]) => a.detach(),
  gradient: [gradientOfFirst, 'no gradient' satisfies NoGradient],
};
export const product: Op<[a: Tensor, b: Tensor]> = defineOp('product', definition);
export const elementwise: { unary: UnaryOp; binary: BinaryOp } = { unary: relu, binary: mul };

export const recordOf = (x: Tensor) => x.record;
export const callOf = (x: Tensor) => x.record?.call;
export const edgesOf = (x: Tensor) => x.record?.edges;
export const labelOf = (record: OpRecord): OpLabel => record.label;
export const inputsOf = <I extends readonly Tensor[]>(call: OpCall<I, unknown>): I => call.inputs;
export function* walk(node: GradNode): Generator<GradNode> {
  yield node;
  if ('edges' in node) for (const edge of node.edges) if (edge) yield* walk(edge);
}
export const describe = ({ shape, dtype }: Tensor): { shape: Shape; dtype: DType } => ({ shape, dtype });
export const graphOf = (y: Tensor) => inspect(y);

export const f: Differentiable = (x) => cube(x, 2);
export const check = (x: Tensor, options?: GradcheckOptions) => gradcheck(f, [x], options);
export const inputs = [tensors([2])] satisfies ArgumentArbitraries<[Tensor]>;
export const property = () => checkOp(cube, [tensors([2])]);
