/** The types of the public functions. The compiler checks these expectations; at run time they do nothing. */
import { expectTypeOf, test } from 'vitest';
import {
  type add,
  type backward,
  type currentKernels,
  type DType,
  defineOp,
  type FloatArray,
  type Generator,
  grad,
  type KernelSet,
  type MatmulOptions,
  type matmul,
  type NestedNumbers,
  noGrad,
  type normal,
  type ReduceOptions,
  type reshape,
  type Shape,
  type sum,
  Tensor,
  type TensorOptions,
  tensor,
  type uniform,
  type zeros,
} from '../src/index.js';

test('a tensor', () => {
  expectTypeOf<Tensor['data']>().toEqualTypeOf<FloatArray>();
  expectTypeOf<FloatArray>().toEqualTypeOf<Float32Array | Float64Array>();
  expectTypeOf<Tensor['shape']>().toEqualTypeOf<Shape>();
  expectTypeOf<Shape>().toEqualTypeOf<readonly number[]>();
  expectTypeOf<Tensor['dtype']>().toEqualTypeOf<DType>();
  expectTypeOf<DType>().toEqualTypeOf<'float32' | 'float64'>();
  expectTypeOf<Tensor['grad']>().toEqualTypeOf<Tensor | null>();
  expectTypeOf<Tensor['item']>().toEqualTypeOf<() => number>();
  expectTypeOf(Tensor).toBeConstructibleWith(new Float32Array(2), [2]);
  // @ts-expect-error plain arrays go through tensor()
  expectTypeOf(Tensor).toBeConstructibleWith([1, 2], [2]);
});

test('functions that create a tensor', () => {
  expectTypeOf<typeof tensor>().toEqualTypeOf<(values: NestedNumbers, options?: TensorOptions) => Tensor>();
  expectTypeOf<typeof tensor>().toBeCallableWith([[1], [2]]);
  // @ts-expect-error strings are not numbers
  expectTypeOf<typeof tensor>().toBeCallableWith(['1']);
  expectTypeOf<typeof zeros>().toEqualTypeOf<(shape: Shape, options?: TensorOptions) => Tensor>();
  expectTypeOf<typeof normal>().toEqualTypeOf<
    (shape: Shape, generator: Generator, options?: TensorOptions) => Tensor
  >();
  expectTypeOf<typeof uniform>().parameter(1).toEqualTypeOf<Generator>();
});

test('ops', () => {
  expectTypeOf<typeof add>().toEqualTypeOf<(a: Tensor | number, b: Tensor | number) => Tensor>();
  expectTypeOf<typeof matmul>().toEqualTypeOf<(a: Tensor, b: Tensor, options?: MatmulOptions) => Tensor>();
  expectTypeOf<typeof sum>().toEqualTypeOf<(x: Tensor, options?: ReduceOptions) => Tensor>();
  expectTypeOf<typeof reshape>().toEqualTypeOf<(x: Tensor, shape: Shape) => Tensor>();
  expectTypeOf<Tensor['add']>().toEqualTypeOf<(other: Tensor | number) => Tensor>();
});

test('gradients', () => {
  expectTypeOf<typeof backward>().returns.toBeVoid();
  const x = tensor(1, { requiresGrad: true });
  expectTypeOf(grad(x.square(), [x])).toEqualTypeOf<Tensor[]>();
  expectTypeOf(grad(x.square(), [x], { allowUnused: true })).toEqualTypeOf<(Tensor | null)[]>();
  expectTypeOf(noGrad(() => 'x')).toBeString();
  expectTypeOf<typeof currentKernels>().returns.toEqualTypeOf<KernelSet>();
});

test('an op with a missing gradient does not compile', () => {
  type Binary = [a: Tensor, b: Tensor];
  const forward = ([a]: Binary): Tensor => a;
  defineOp<Binary>('both', { forward, gradient: [(dy) => dy, 'no gradient'] });
  // @ts-expect-error the second input's gradient is missing
  defineOp<Binary>('one', { forward, gradient: [(dy) => dy] });
});
