import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defineOp, detectAnomaly, div, mul, noGrad, scalar, Tensor, tensor } from '../src/index.js';

const leaf = (values: number[]) => tensor(values, { requiresGrad: true });

/** √x, whose gradient at 0 is infinite though its value is not. */
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

/** The code at the first line that a message names. */
function lineIn(message: string): string {
  const [, file, line] = /\n +at .*?(\/.*):(\d+):\d+/.exec(message)!;
  return readFileSync(file, 'utf8').split('\n')[Number(line) - 1].trim();
}

describe('in the forward pass', () => {
  test('an op that is written with others is named itself, and what happens inside it is its own affair', () => {
    expect(messageOf(() => detectAnomaly(() => tensor([Number.NaN, 1]).softmax()))).toMatch(
      /forward pass of softmax gave NaN/,
    );
    const finite = detectAnomaly(() => tensor([Number.NEGATIVE_INFINITY, 0]).softmax());
    expect([...finite.data]).toEqual([0, 1]);
  });

  test('names the op that made the first one, and the line that called it', () => {
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

  test('an infinity counts as well, and so does what runs under noGrad', () => {
    expect(() => detectAnomaly(() => noGrad(() => mul(tensor([3e38]), 10)))).toThrow(
      /mul gave Infinity at element 0, shape \[1\]; its inputs are finite/,
    );
  });

  test('says so where the op was given one', () => {
    const x = tensor([1, Number.NaN]);
    x.name = 'observation';
    expect(() => detectAnomaly(() => x.tanh())).toThrow(
      /tanh gave NaN at element 1, shape \[2\]; input 0 "observation", \[2\] already holds one/,
    );
  });
});

describe('in the backward pass', () => {
  test('names the op, the input whose gradient it is, and the line that ran the op forward', () => {
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

  test('without the forward pass inside, says how to learn the line', () => {
    const y = sqrt([leaf([0])]);
    expect(() => detectAnomaly(() => y.backward())).toThrow(
      'Compute the output inside detectAnomaly too, to see where the op was called',
    );
  });

  test('a gradOutput, a sum over uses or a hook that is to blame is blamed', () => {
    const x = leaf([1]);
    expect(() => detectAnomaly(() => x.mul(2).backward({ gradOutput: tensor([Number.NaN]) }))).toThrow(
      /gradOutput, shape \[1\], has NaN at element 0/,
    );
    const zero = leaf([0]);
    expect(() => detectAnomaly(() => zero.mul(2e38).add(zero.mul(2e38)).backward())).toThrow(
      /summed over the tensor's uses and seen by its hooks, shape \[1\], has Infinity/,
    );
    x.registerHook((gradient) => gradient.mul(Number.POSITIVE_INFINITY));
    expect(() => detectAnomaly(() => x.mul(2).backward())).toThrow(
      /seen by its hooks, shape \[1\], has Infinity/,
    );
  });
});

test('is silent where all is finite, and off outside', () => {
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
