import { checkArgument, checkOptions, from0To1, type OptionChecks, trueOrFalse } from '@paragrad/check';
import { aGenerator, aTensor } from '../argument-checks.js';
import { filled } from '../create.js';
import type { Generator } from '../random.js';
import type { Tensor } from '../tensor.js';
import { mul } from './arithmetic.js';
import { where } from './compare.js';

/** Options of `dropout`. */
export interface DropoutOptions {
  /** Draws which elements are dropped. */
  generator: Generator;
  /** The probability that an element is dropped. Default 0.5. */
  p?: number;
  /** Without training, x is returned as it is. Default true. */
  training?: boolean;
}

const dropoutOptions: OptionChecks<DropoutOptions> = {
  generator: aGenerator,
  p: from0To1,
  training: trueOrFalse,
};

/**
 * y = 0 with probability p, for each element on its own, else x / (1 - p), so that the mean stays;  dx = 0 where x was
 * dropped, else dy / (1 - p) (Srivastava et al. 2014, scaled in training). As `torch.nn.functional.dropout`.
 *
 * @throws ArgumentError if there is no generator, or p is not from 0 to 1.
 */
export function dropout(x: Tensor, options: DropoutOptions): Tensor {
  checkArgument('dropout', 'x', x, aTensor);
  checkOptions('dropout', options, dropoutOptions, ['generator']);
  const { generator, p = 0.5, training = true } = options;
  if (!training || p === 0) return x;
  const kept = filled(
    x.shape,
    (mask) => {
      for (let i = 0; i < mask.length; i++) mask[i] = generator.uniform() < p ? 0 : 1;
    },
    { dtype: x.dtype },
  );
  return mul(where(kept, x, 0), p === 1 ? 1 : 1 / (1 - p));
}
