import { cumsum } from '../../src/index.js';
import { tensors } from '../../src/testing/index.js';
import { checkGradients, withAxis } from './check-gradients.js';

checkGradients<typeof import('../../src/ops/cumsum.js')>({
  cumsum: withAxis.chain(({ shape, axis }) =>
    tensors(shape).map((x) => ({ f: (y) => cumsum(y, axis), inputs: [x] })),
  ),
});
