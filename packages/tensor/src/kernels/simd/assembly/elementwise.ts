// z[i] = f(a[i], b[i]), four numbers at a time, without branches on values. Such branches make relu and its gradient
// slow in JavaScript, because the processor predicts every other one wrongly.

import { argument } from './arguments';
import { relu, tanh } from './vectors';

export const ELEMENTS_PER_CHUNK: usize = 16_384;

export function elementwiseChunk(chunk: usize): void {
  const op = i32(argument(0));
  const from = chunk * ELEMENTS_PER_CHUNK * 4;
  const end = min(from + ELEMENTS_PER_CHUNK * 4, argument(1) * 4);
  const a = argument(2),
    b = argument(3),
    z = argument(4);
  // One loop for each op: choosing the op inside the loop would take longer than the op itself.
  switch (op) {
    case 0:
      for (let i = from; i < end; i += 16) v128.store(z + i, f32x4.neg(v128.load(a + i)));
      break;
    case 1:
      for (let i = from; i < end; i += 16) v128.store(z + i, squared(v128.load(a + i)));
      break;
    case 2:
      for (let i = from; i < end; i += 16) v128.store(z + i, f32x4.sqrt(v128.load(a + i)));
      break;
    case 3:
      for (let i = from; i < end; i += 16) v128.store(z + i, f32x4.abs(v128.load(a + i)));
      break;
    case 4:
      for (let i = from; i < end; i += 16) v128.store(z + i, relu(v128.load(a + i)));
      break;
    case 5:
      for (let i = from; i < end; i += 16) v128.store(z + i, tanh(v128.load(a + i)));
      break;
    case 6:
      for (let i = from; i < end; i += 16) v128.store(z + i, f32x4.add(v128.load(a + i), v128.load(b + i)));
      break;
    case 7:
      for (let i = from; i < end; i += 16) v128.store(z + i, f32x4.sub(v128.load(a + i), v128.load(b + i)));
      break;
    case 8:
      for (let i = from; i < end; i += 16) v128.store(z + i, f32x4.mul(v128.load(a + i), v128.load(b + i)));
      break;
    case 9:
      for (let i = from; i < end; i += 16) v128.store(z + i, f32x4.div(v128.load(a + i), v128.load(b + i)));
      break;
    case 10:
      for (let i = from; i < end; i += 16)
        v128.store(z + i, wherePositive(v128.load(a + i), v128.load(b + i)));
      break;
  }
}

function squared(x: v128): v128 {
  return f32x4.mul(x, x);
}

/** 0 if y <= 0, else x. */
function wherePositive(x: v128, y: v128): v128 {
  return v128.andnot(x, f32x4.le(y, f32x4.splat(0)));
}
