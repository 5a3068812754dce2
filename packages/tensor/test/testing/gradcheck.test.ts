import { expect, test } from 'vitest';
import { type Tensor, tensor } from '../../src/index.js';
import { gradcheck } from '../../src/testing/index.js';

test('gradcheck names the input, the element and both numbers', () => {
  const wrong = (x: Tensor) => x.square().add(x.detach());
  expect(() => gradcheck(wrong, [tensor([1, 2], { dtype: 'float64' })])).toThrow(
    /input 0 of shape \[2\], element 0: the gradient is 1\.?\d*, but finite differences give 1\.\d+/,
  );
});
