import { describe, expect, test } from 'vitest';
import {
  add,
  defineOp,
  detectAnomaly,
  enableGrad,
  grad,
  mul,
  noGrad,
  ones,
  scope,
  sumToSize,
  Tensor,
  tensor,
  zeros,
} from '../src/index.js';

const leaf = (values: number[]) => tensor(values, { requiresGrad: true });
const numbers = (x: Tensor | null) => x && Array.from(x.data);

describe('backward', () => {
  test('accumulates into every leaf; a second backward adds the same gradients again', () => {
    const a = leaf([1, 2]);
    const b = leaf([3, 4]);
    const y = mul(a, b).sum();
    y.backward({ retainGraph: true });
    expect([numbers(a.grad), numbers(b.grad)]).toEqual([
      [3, 4],
      [1, 2],
    ]);
    y.backward();
    expect([numbers(a.grad), numbers(b.grad)]).toEqual([
      [6, 8],
      [2, 4],
    ]);
  });

  test('sums over all uses of a tensor', () => {
    const x = leaf([3]);
    mul(x, x).add(x).backward();
    expect(numbers(x.grad)).toEqual([7]);
  });

  test('the gradient of a node is right even if another result of it is unused', () => {
    const x = leaf([2]);
    const y = x.square();
    y.mul(100); // computed from y, but the output does not depend on it
    y.backward();
    expect(numbers(x.grad)).toEqual([4]);
  });

  test('with inputs, changes the grad of these tensors only', () => {
    const a = leaf([2]);
    const b = leaf([5]);
    mul(a, b).backward({ inputs: [a] });
    expect([numbers(a.grad), b.grad]).toEqual([[5], null]);
  });

  test('with createGraph, the accumulated gradient can be differentiated again', () => {
    const x = leaf([2]);
    x.square().backward({ createGraph: true });
    x.square().mul(x).backward({ createGraph: true }); // 2x + 3x²
    expect(numbers(grad(x.grad!, [x])[0])).toEqual([14]);
  });

  test('two leaves never share one gradient: changing one grad leaves the other unchanged', () => {
    const a = leaf([1]);
    const b = leaf([1]);
    add(a, b).backward();
    a.grad = a.grad!.mul(10);
    expect(numbers(b.grad)).toEqual([1]);
  });

  test('works for graphs deeper than the call stack', () => {
    const x = leaf([1]);
    let y: Tensor = x;
    for (let i = 0; i < 50_000; i++) y = y.add(1);
    y.backward();
    expect(numbers(x.grad)).toEqual([1]);
  });
});

describe('grad', () => {
  test('computes only gradients on the paths to the given inputs', () => {
    let calls = 0;
    const counted = defineOp<[x: Tensor]>('counted', {
      forward: ([x]) => new Tensor(x.data.slice(), x.shape),
      gradient: [
        (dy) => {
          calls++;
          return dy;
        },
      ],
    });
    const a = leaf([1]);
    const b = leaf([2]);
    const y = mul(counted([a]), counted([b]));
    expect(numbers(grad(y, [a])[0])).toEqual([2]);
    expect(calls).toBe(1);
    expect(a.grad).toBeNull();
  });

  test('of an intermediate tensor', () => {
    const x = leaf([3]);
    const h = x.square();
    expect(numbers(grad(h.mul(2), [h])[0])).toEqual([2]);
  });

  test('of an input that the output does not depend on: an error, or null with allowUnused', () => {
    const x = leaf([1]);
    const unused = zeros([2, 3], { requiresGrad: true });
    expect(() => grad(x.square(), [x, unused])).toThrow(
      /no recorded path leads from the output to input 1, of shape \[2, 3\].*detached/,
    );
    expect(grad(x.square(), [unused], { allowUnused: true })).toEqual([null]);
  });

  test('with createGraph, can be differentiated again', () => {
    const x = leaf([2]);
    const [first] = grad(mul(x.square(), x), [x], { createGraph: true }); // 3 x²
    expect(numbers(first)).toEqual([12]);
    expect(numbers(grad(first, [x])[0])).toEqual([12]); // 6 x
    expect(grad(x.square(), [x])[0].requiresGrad).toBe(false);
  });
});

describe('constants', () => {
  test('detach cuts the path', () => {
    const x = leaf([3]);
    mul(x.detach(), x).backward();
    expect(numbers(x.grad)).toEqual([3]);
  });

  test('noGrad makes constants, enableGrad undoes it inside, and both end with their function', () => {
    const x = leaf([3]);
    expect(noGrad(() => x.square()).requiresGrad).toBe(false);
    expect(noGrad(() => enableGrad(() => x.square())).requiresGrad).toBe(true);
    expect(() =>
      noGrad(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(x.square().requiresGrad).toBe(true);
  });

  test('noGrad rejects an async function, which would continue after noGrad has ended', () => {
    expect(() => noGrad(async () => 1)).toThrow(/noGrad: the function is async/);
  });

  test.each([
    ['noGrad', () => noGrad(generatorFunction)],
    ['scope', () => scope(generatorFunction)],
    ['detectAnomaly', () => detectAnomaly(asyncGeneratorFunction)],
    ['update', () => tensor([1]).update(generatorFunction)],
  ])('%s rejects a generator function: no line of it would run inside', (name, call) => {
    expect(call).toThrow(`${name}: the function is a generator and would continue after ${name} has ended; `);
  });

  test('a rejected async function that fails later does not end the process', async () => {
    const failures: unknown[] = [];
    const onFailure = (error: unknown) => failures.push(error);
    process.on('unhandledRejection', onFailure);
    const failsLater = async () => {
      await null;
      throw new Error('later');
    };
    expect(() => noGrad(failsLater)).toThrow(/is async/);
    expect(() => scope(failsLater)).toThrow(/is async/);
    await new Promise((resolve) => setTimeout(resolve, 10)); // Node tells of it after all promises had their turn
    process.off('unhandledRejection', onFailure);
    expect(failures).toEqual([]);
  });

  test('under noGrad even an op that returns its input gives a constant', () => {
    const same = defineOp<[x: Tensor]>('same', { forward: ([x]) => x, gradient: [(dy) => dy] });
    const x = leaf([1, 2]);
    for (const constant of noGrad(() => [same([x]), sumToSize(x, [2])])) {
      expect(constant.requiresGrad).toBe(false);
      expect(numbers(constant)).toEqual([1, 2]);
    }
    same([x]).backward({ gradOutput: tensor([3, 4]) });
    expect(numbers(x.grad)).toEqual([3, 4]);
  });

  test('ops on constants are not recorded', () => {
    expect(ones([2]).add(1).record).toBeNull();
  });
});

describe('errors', () => {
  test('an output that is not a single number needs gradOutput', () => {
    const x = leaf([1, 2]);
    expect(() => x.square().backward()).toThrow(
      /output has shape \[2\].*sum\(\) or mean\(\), or give gradOutput/,
    );
    x.square().backward({ gradOutput: tensor([1, 10]) });
    expect(numbers(x.grad)).toEqual([2, 40]);
    expect(() => x.square().backward({ gradOutput: tensor([1]) })).toThrow(
      /gradOutput has shape \[1\], but the output has \[2\]/,
    );
  });

  test('a gradient of another dtype or shape, wherever it comes from', () => {
    const double = (x: Tensor) => x.to('float64');
    const x = leaf([1, 2]);
    const other = /is float64, but the (output|gradient|input|tensor) is float32; the two must be equal/;
    for (const y of [x, x.add(1), x.square()])
      expect(() => y.backward({ gradOutput: double(ones([2])) })).toThrow(other);
    const h = x.add(1);
    h.registerHook(double);
    expect(() => h.sum().backward()).toThrow(other);
    const op = defineOp<[x: Tensor]>('op', { forward: ([x]) => x.add(0), gradient: [double] });
    expect(() => op([x]).sum().backward()).toThrow(other);
    expect(() => {
      x.grad = double(ones([2]));
    }).toThrow(other);
    expect(() => {
      x.grad = ones([2, 1]);
    }).toThrow('grad: the gradient has shape [2, 1], but the tensor has [2]; the two must be equal');
    expect(x.grad).toBeNull();
  });

  test('an output that requires no gradient', () => {
    expect(() => ones([]).backward()).toThrow(/requires no gradient/);
  });

  test('inputs that require no gradient, and empty inputs', () => {
    const x = leaf([1]);
    expect(() => grad(x.square(), [x, ones([2])], { allowUnused: true })).toThrow(
      'grad: input 1, of shape [2], requires no gradient; was it detached, or computed under noGrad?',
    );
    expect(() => x.square().backward({ inputs: [] })).toThrow(
      'backward: inputs is empty; give at least one tensor, or leave inputs out for all leaves',
    );
  });

  test('operands of different dtypes', () => {
    expect(() => add(ones([1]), ones([1], { dtype: 'float64' }))).toThrow(
      'add: the operands are float32 and float64',
    );
  });

  test("a user's op with too few gradients, in plain JavaScript", () => {
    const wrong = defineOp<[x: Tensor]>('wrong', { forward: ([x]) => x.mul(2), gradient: [] as never });
    expect(() => wrong([leaf([1])]).backward()).toThrow(
      "wrong: input 0 has no gradient; write one, or 'no gradient'",
    );
  });

  test("a user's op whose gradient has a wrong shape", () => {
    const wrong = defineOp<[x: Tensor]>('wrong', {
      forward: ([x]) => new Tensor(x.data, x.shape),
      gradient: [() => ones([5])],
    });
    expect(() => wrong([leaf([1])]).backward()).toThrow(
      /wrong: the gradient for input 0 has shape \[5\], but the input has \[1\]/,
    );
  });
});

function* generatorFunction(): Generator<number> {
  yield 1;
}

async function* asyncGeneratorFunction(): AsyncGenerator<number> {
  yield 1;
}
