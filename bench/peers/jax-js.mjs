import { defaultDevice, init, jit, numpy as np, valueAndGrad } from '@jax-js/jax';
import { BATCH } from '../dist/mlp-problem.js';

const [LR, B1, B2, EPS] = [1e-3, 0.9, 0.999, 1e-8];

/** The whole step, including Adam, in one jit. jax-js starts threads only if there is a global Worker, which Node does not have. */
export async function prepare(problem) {
  await init('wasm');
  defaultDevice('wasm');
  const x = np.array(problem.x).reshape([BATCH, problem.layers[0].inputs]);
  const y = np.array(problem.y).reshape([BATCH, 1]);
  let parameters = problem.layers.flatMap(({ inputs, outputs, weight, bias }) => [
    np.transpose(np.array(weight).reshape([outputs, inputs])),
    np.array(bias),
  ]);
  let m = parameters.map(({ shape }) => np.zeros(shape));
  let v = parameters.map(({ shape }) => np.zeros(shape));

  const lossOf = ([w1, b1, w2, b2, w3, b3], x, y) => {
    const h1 = np.maximum(np.matmul(x, w1).add(b1), 0);
    const h2 = np.maximum(np.matmul(h1, w2).add(b2), 0);
    return np.mean(np.square(np.matmul(h2, w3).add(b3).sub(y)));
  };
  const lossAndGradients = valueAndGrad(lossOf);

  // Arrays are reference-counted: every use consumes a reference, and `.ref` adds one.
  const update = jit((parameters, m, v, correction1, correction2, x, y) => {
    const [loss, gradients] = lossAndGradients(
      parameters.map((p) => p.ref),
      x,
      y,
    );
    const newM = m.map((mean, i) => mean.mul(B1).add(gradients[i].ref.mul(1 - B1)));
    const newV = v.map((mean, i) => mean.mul(B2).add(np.square(gradients[i]).mul(1 - B2)));
    const moved = parameters.map((p, i) => {
      const scale = np.sqrt(newV[i].ref.div(correction2.ref)).add(EPS);
      return p.sub(newM[i].ref.div(correction1.ref).div(scale).mul(LR));
    });
    correction1.dispose();
    correction2.dispose();
    return [loss, moved, newM, newV];
  });

  let t = 0;
  const step = async () => {
    t += 1;
    const corrections = [np.array(1 - B1 ** t), np.array(1 - B2 ** t)];
    let loss;
    [loss, parameters, m, v] = update(parameters, m, v, ...corrections, x.ref, y.ref);
    // This waits for the loss only. The next step waits for the rest, which it needs.
    return (await loss.data())[0];
  };
  return { step, kernels: 'jit, wasm', threads: 1 };
}
