/** The types of the public functions. The compiler checks these expectations; at run time they do nothing. */
import type { Generator, Tensor } from '@paragrad/tensor';
import { expectTypeOf, test } from 'vitest';
import {
  Adam,
  AdamW,
  CosineAnnealingLR,
  type clipGradNorm,
  type clipGradValue,
  ExponentialLR,
  init,
  LambdaLR,
  Linear,
  LinearLR,
  type LinearOptions,
  type LRScheduler,
  Module,
  Optimizer,
  type parseSafetensors,
  type ReadOptions,
  ReLU,
  type readSafetensors,
  type SafetensorsFile,
  Sequential,
  SGD,
  type StateDict,
  StepLR,
  type writeSafetensors,
} from '../src/index.js';

test('modules', () => {
  expectTypeOf<Module['forward']>().toEqualTypeOf<(x: Tensor) => Tensor>();
  expectTypeOf<Module<[a: Tensor, b: Tensor]>['forward']>().parameters.toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf<Module['parameters']>().returns.toEqualTypeOf<Tensor[]>();
  expectTypeOf<Module['stateDict']>().returns.toEqualTypeOf<StateDict>();
  expectTypeOf<StateDict>().toEqualTypeOf<Record<string, Tensor>>();
  // @ts-expect-error Module is abstract: a subclass defines forward
  expectTypeOf(() => new Module()).toBeFunction();
});

test('layers', () => {
  expectTypeOf(Linear).constructorParameters.toEqualTypeOf<[number, number, LinearOptions]>();
  expectTypeOf<Linear['bias']>().toEqualTypeOf<Tensor | undefined>();
  // @ts-expect-error a generator is required
  expectTypeOf(Linear).toBeConstructibleWith(3, 2, {});
  expectTypeOf(Sequential).constructorParameters.toEqualTypeOf<Module[]>();
  expectTypeOf(ReLU).instance.toExtend<Module>();
});

test('optimizers', () => {
  expectTypeOf(Adam).instance.toExtend<Optimizer>();
  expectTypeOf(AdamW).instance.toExtend<Optimizer>();
  expectTypeOf(SGD).instance.toExtend<Optimizer>();
  // @ts-expect-error Optimizer is abstract: a subclass defines updateParameter
  expectTypeOf(() => new Optimizer([], 1, () => ({}))).toBeFunction();
  expectTypeOf(SGD).toBeConstructibleWith([]);
  expectTypeOf(SGD).toBeConstructibleWith([], { lr: 1, momentum: 0.9, nesterov: true, weightDecay: 0 });
  expectTypeOf(Adam).toBeConstructibleWith([], { betas: [0.9, 0.99] as const });
  expectTypeOf<Optimizer['lr']>().toBeNumber();
  expectTypeOf<Optimizer['step']>().toEqualTypeOf<() => void>();
  expectTypeOf<Optimizer['stateDict']>().returns.toEqualTypeOf<StateDict>();
  expectTypeOf<Optimizer['loadStateDict']>().toEqualTypeOf<(state: StateDict) => void>();
  expectTypeOf<typeof clipGradNorm>().toEqualTypeOf<(p: readonly Tensor[], maxNorm: number) => number>();
  expectTypeOf<typeof clipGradValue>().toEqualTypeOf<(p: readonly Tensor[], clipValue: number) => void>();
});

test('schedules', () => {
  type Schedule = StepLR | ExponentialLR | LinearLR | CosineAnnealingLR | LambdaLR;
  expectTypeOf<Schedule>().toExtend<LRScheduler>();
  expectTypeOf(LinearLR).toBeConstructibleWith({ lr: 1 });
  expectTypeOf(LambdaLR).constructorParameters.toEqualTypeOf<[{ lr: number }, (t: number) => number]>();
  // @ts-expect-error stepSize has no default
  expectTypeOf(StepLR).toBeConstructibleWith({ lr: 1 }, {});
  // @ts-expect-error gamma has no default
  expectTypeOf(ExponentialLR).toBeConstructibleWith({ lr: 1 }, {});
  // @ts-expect-error tMax has no default
  expectTypeOf(CosineAnnealingLR).toBeConstructibleWith({ lr: 1 }, {});
});

test('initializers: those without required options can be passed to Linear directly', () => {
  expectTypeOf<init.Initializer>().toEqualTypeOf<(w: Tensor, options: { generator: Generator }) => void>();
  for (const one of [init.uniform, init.normal, init.linearDefault, init.orthogonal, init.zeros])
    expectTypeOf(one).toExtend<init.Initializer>();
  for (const one of [init.xavierUniform, init.xavierNormal, init.kaimingUniform, init.kaimingNormal])
    expectTypeOf(one).toExtend<init.Initializer>();
  expectTypeOf(init.constant).not.toExtend<init.Initializer>();
  expectTypeOf(init.kaimingNormal)
    .parameter(1)
    .toHaveProperty('mode')
    .toEqualTypeOf<'fanIn' | 'fanOut' | undefined>();
});

test('safetensors', () => {
  expectTypeOf<typeof readSafetensors>().toEqualTypeOf<
    (bytes: Uint8Array, options?: ReadOptions) => StateDict
  >();
  expectTypeOf<typeof parseSafetensors>().toEqualTypeOf<(bytes: Uint8Array) => SafetensorsFile>();
  expectTypeOf<typeof writeSafetensors>().toEqualTypeOf<
    (tensors: Record<string, Tensor>, metadata?: Record<string, string>) => Uint8Array
  >();
});
