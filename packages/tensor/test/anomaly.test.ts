import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  defineOp,
  detectAnomaly,
  div,
  mul,
  noGrad,
  scalar,
  scaledDotProductAttention,
  Tensor,
  tensor,
  where,
} from '../src/index.js';

const leaf = (values: number[]) => tensor(values, { requiresGrad: true });

/** √x: its value at 0 is finite, but its gradient there is infinite. */
const sqrt = defineOp<[x: Tensor]>('sqrt', {
  forward: ([x]) => new Tensor(x.data.map(Math.sqrt), x.shape),
  gradient: [(dy, { output: y }) => div(dy, y.mul(2))],
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not throw');
}

/** The source line at the first position that a message names. */
function lineIn(message: string): string {
  const [, file, line] = /\n +at .*?(\/.*):(\d+):\d+/.exec(message)!;
  return readFileSync(file, 'utf8').split('\n')[Number(line) - 1].trim();
}

describe('in the forward pass', () => {
  test('an op that is written with other ops is named itself, and infinities inside it are allowed', () => {
    expect(messageOf(() => detectAnomaly(() => tensor([Number.NaN, 1]).softmax()))).toMatch(
      /forward pass of softmax gave NaN/,
    );
    const finite = detectAnomaly(() => tensor([Number.NEGATIVE_INFINITY, 0]).softmax());
    expect([...finite.data]).toEqual([0, 1]);
  });

  test('names the op that produced the first NaN, and the line that called it', () => {
    const message = messageOf(() =>
      detectAnomaly(function userFunction() {
        const x = leaf([1, 0]);
        return div(x.sub(x), x).add(1).square();
      }),
    );
    expect(message).toMatch(
      /^detectAnomaly: the forward pass of div gave NaN at element 1, shape \[2\]; its inputs are finite\. Called\n +at userFunction /,
    );
    expect(lineIn(message)).toBe('return div(x.sub(x), x).add(1).square();');
  });

  test('also finds infinities, and checks ops under noGrad', () => {
    expect(() => detectAnomaly(() => noGrad(() => mul(tensor([3e38]), 10)))).toThrow(
      /mul gave Infinity at element 0, shape \[1\]; its inputs are finite/,
    );
  });

  test('says so if an input already contains a NaN', () => {
    const x = tensor([1, Number.NaN]);
    x.name = 'observation';
    expect(() => detectAnomaly(() => x.tanh())).toThrow(
      /tanh gave NaN at element 1, shape \[2\]; input 0 "observation", \[2\] already contains one/,
    );
  });
});

test('an infinity that an op was given is allowed, such as that of a mask', () => {
  const scores = leaf([1, 2, 3]);
  const mask = tensor([0, 1, 0]);
  detectAnomaly(() => where(mask, Number.NEGATIVE_INFINITY, scores).softmax().square().sum().backward());
  expect(scores.grad!.data[1]).toBe(0);
  const x = tensor(
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    { requiresGrad: true },
  ); // [batch, queries, width]
  const future = tensor([
    [0, 1],
    [0, 0],
  ]);
  detectAnomaly(() => scaledDotProductAttention(x, x, x, { mask: future }).output.sum().backward());
  expect(() => detectAnomaly(() => where(mask, Number.NEGATIVE_INFINITY, scores).mul(0))).toThrow(
    /mul gave -?NaN/,
  );
});

describe('in the backward pass', () => {
  test('names the op, the input whose gradient it is, and the line that called the op', () => {
    const x = leaf([4, 0]);
    x.name = 'x';
    const message = messageOf(() =>
      detectAnomaly(() => {
        const y = sqrt([x]).sum();
        y.backward();
      }),
    );
    expect(message).toMatch(
      /^detectAnomaly: the backward pass of sqrt gave Infinity at element 1 of the gradient for input 0 "x", \[2\]\. The op was called\n/,
    );
    expect(lineIn(message)).toBe('const y = sqrt([x]).sum();');
    expect(x.grad).toBeNull();
  });

  test('if the forward pass ran outside, says how to find the line', () => {
    const y = sqrt([leaf([0])]);
    expect(() => detectAnomaly(() => y.backward())).toThrow(
      'To see where the op was called, run the forward pass inside detectAnomaly too',
    );
  });

  test('names the cause if it is gradOutput, a sum over several uses, or a hook', () => {
    const x = leaf([1]);
    expect(() => detectAnomaly(() => x.mul(2).backward({ gradOutput: tensor([Number.NaN]) }))).toThrow(
      /gradOutput, shape \[1\], has NaN at element 0/,
    );
    const zero = leaf([0]);
    expect(() => detectAnomaly(() => zero.mul(2e38).add(zero.mul(2e38)).backward())).toThrow(
      /summed over the tensor's uses and passed through its hooks, shape \[1\], has Infinity/,
    );
    x.registerHook((gradient) => gradient.mul(Number.POSITIVE_INFINITY));
    expect(() => detectAnomaly(() => x.mul(2).backward())).toThrow(
      /passed through its hooks, shape \[1\], has Infinity/,
    );
  });
});

test('does not throw if everything is finite, and is off outside', () => {
  const x = leaf([1, 2]);
  detectAnomaly(() => x.square().mean().backward());
  expect([...x.grad!.data]).toEqual([1, 2]);
  expect(div(scalar(1), scalar(0)).item()).toBe(Number.POSITIVE_INFINITY);
  expect(() =>
    detectAnomaly(() => {
      throw new Error('inside');
    }),
  ).toThrow('inside');
  expect(x.mul(Number.NaN).data[0]).toBeNaN();
  expect(() => detectAnomaly(async () => 1)).toThrow(/detectAnomaly: the function is async/);
});
