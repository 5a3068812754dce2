/** A scope changes where tensors are stored, and nothing else. */
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import {
  currentKernels,
  Generator,
  grad,
  linear,
  mseLoss,
  normal,
  referenceKernels,
  scope,
  type Tensor,
  tensor,
  useKernels,
  zeros,
} from '../src/index.js';

const generator = new Generator(1);
const byDefault = currentKernels();
const arena = byDefault.arena!;

afterEach(() => {
  useKernels(byDefault);
});

/** Fills the memory that scopes will use with NaN, so that a read before a write is visible. */
function poison(): void {
  const { top } = arena;
  const length = 1 << 20;
  arena.at(arena.reserve(length), length).fill(Number.NaN);
  arena.release(top);
}

test('when a scope ends, its memory is free again', () => {
  const { top } = arena;
  let inside = 0;
  const sum = scope(() => {
    const x = normal([100, 100], generator);
    inside = arena.top;
    return x.sum().item();
  });
  expect(inside).toBeGreaterThanOrEqual(top + 4 * 10_000);
  expect(arena.top).toBe(top);
  expect(sum).not.toBeNaN();
});

test('ops compute the same results inside, on memory full of NaN', () => {
  const size = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(size, size, size, fc.constantFrom('relu', 'tanh'), (batch, from, to, activation) => {
      const [x, w, b] = [
        normal([batch, from], generator),
        normal([to, from], generator),
        normal([to], generator),
      ];
      const weights = [w, b].map(({ data, shape }) => tensorOf(data, shape));
      const compute = (): Tensor[] => {
        const h = linear(x, weights[0], weights[1], { activation });
        const parts = [
          h.sub(h.mean({ axis: 0 })),
          h.abs().add(1).sqrt(),
          h.neg().div(3),
          h.square().transpose(),
        ];
        const all = parts.map((part) => part.reshape([-1]).narrow(0, 0, batch * to));
        const y = all
          .reduce((sum, part) => sum.add(part))
          .sigmoid()
          .exp()
          .sum();
        const gradients = grad(y.mul(y), weights);
        return [h, ...parts, y, ...gradients];
      };
      const outside = compute().map(({ data }) => data);
      poison();
      const inside = scope(compute).map(({ data }) => data);
      expect(inside).toEqual(outside);
    }),
    { numRuns: 50 },
  );
});

function tensorOf(data: ArrayLike<number>, shape: readonly number[]): Tensor {
  const x = zeros(shape, { requiresGrad: true });
  x.update((own) => own.set(Float32Array.from(data)));
  return x;
}

test('zeros are 0 inside', () => {
  poison();
  expect([...scope(() => zeros([5])).data]).toEqual([0, 0, 0, 0, 0]);
});

describe('these stay valid after a scope', () => {
  test('tensors that it returns, also in arrays and plain objects', () => {
    const [one, { two, three }] = scope(
      () => [tensor([1]), { two: tensor([2]), three: [tensor([3])] }] as const,
    );
    poison();
    scope(() => zeros([1000]));
    expect([one, two, three[0]].map((x) => x.item())).toEqual([1, 2, 3]);
  });

  test('arrays that were read as data, and tensors that share them', () => {
    const { data, same } = scope(() => {
      const x = tensor([1, 2, 3, 4]);
      const same = x.reshape([2, 2]);
      return { data: x.data, same };
    });
    poison();
    expect([...data]).toEqual([1, 2, 3, 4]);
    expect(same.data).toBe(data);
  });

  test('tensors that are a grad', () => {
    const w = tensor([1, 2], { requiresGrad: true });
    scope(() => w.mul(w).sum().backward());
    poison();
    expect([...w.grad!.data]).toEqual([2, 4]);
    scope(() => w.mul(w).sum().backward()); // adds to it
    expect([...w.grad!.data]).toEqual([4, 8]);
  });

  test('nothing else: using any other tensor throws', () => {
    const kept: Tensor[] = [];
    scope(() => {
      kept.push(tensor([1, 2, 3]));
    });
    const message =
      /^scope: this tensor was made in a scope that has ended.*return the tensor from the scope/;
    expect(() => kept[0].data).toThrow(message);
    expect(() => kept[0].add(1)).toThrow(message);
    expect(() => scope(() => kept[0].sum().item())).toThrow(message);
  });
});

test('scopes can be nested, and the outer one can use the result of the inner one', () => {
  const y = scope(() => {
    const x = tensor([1, 2]);
    const inner = scope(() => x.mul(2));
    scope(() => zeros([1000]).add(7));
    return inner.add(x);
  });
  expect([...y.data]).toEqual([3, 6]);
});

test('an error ends the scope too', () => {
  const { top } = arena;
  expect(() =>
    scope(() => {
      zeros([1000]);
      throw new Error('mine');
    }),
  ).toThrow('mine');
  expect(arena.top).toBe(top);
});

test('an update inside is kept, and the memory that it wrote to is not reused', () => {
  let written: Float32Array | undefined;
  const x = scope(() => {
    const x = tensor([1, 2, 3]);
    x.update((data) => {
      written = data as Float32Array;
      for (let i = 0; i < 3; i++) data[i] = x.data[i] * 10;
    });
    return x;
  });
  expect([...x.data]).toEqual([10, 20, 30]);
  const sum = scope(() => {
    const other = tensor([1, 1, 1, 1]);
    written![0] = 100;
    return other.sum().item();
  });
  expect(sum).toBe(4);
});

test('a returned object may contain itself, and may have no prototype', () => {
  const loop: Record<string, unknown> = Object.assign(Object.create(null), { x: null });
  scope(() => {
    loop.self = loop;
    loop.x = tensor([5]);
    return loop;
  });
  expect((loop.x as Tensor).item()).toBe(5);
});

test('an async function is rejected', () => {
  const expectRejected = () =>
    expect(() => scope(async () => tensor([1]))).toThrow(/^scope: .* async.*await and yield outside$/);
  expectRejected();
  useKernels(referenceKernels);
  expectRejected();
});

test('scopes have no effect on float64 tensors and with the reference kernels', () => {
  const kept: Tensor[] = [];
  scope(() => {
    kept.push(zeros([3], { dtype: 'float64' }));
  });
  useKernels(referenceKernels);
  scope(() => {
    kept.push(zeros([3]));
  });
  expect(kept.map(({ data }) => [...data])).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test('10,000 training steps need no more memory than 100', () => {
  const w = normal([32, 16], generator, { requiresGrad: true });
  const x = normal([64, 16], generator);
  const y = normal([64, 32], generator);
  const step = () => scope(() => mseLoss(linear(x, w), y).backward({ inputs: [w] }));
  for (let i = 0; i < 100; i++) step();
  const { byteLength } = arena.at(0, 1).buffer;
  for (let i = 0; i < 10_000; i++) {
    w.grad = null;
    step();
  }
  expect(arena.at(0, 1).buffer.byteLength).toBe(byteLength);
});
