import * as tf from '@tensorflow/tfjs';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import { BATCH } from '../dist/mlp-problem.js';

/** @param backend 'cpu' or 'wasm'. In Node, tfjs never starts threads (see its flags_wasm.ts), so one thread is its best setting. */
export async function prepare(problem, backend) {
  await tf.setBackend(backend);
  await tf.ready();
  const x = tf.tensor2d(problem.x, [BATCH, problem.layers[0].inputs]);
  const y = tf.tensor2d(problem.y, [BATCH, 1]);
  const layers = problem.layers.map(({ inputs, outputs, weight, bias }) => ({
    weight: tf.variable(tf.tensor2d(weight, [outputs, inputs]).transpose()),
    bias: tf.variable(tf.tensor1d(bias)),
  }));
  const adam = tf.train.adam(1e-3, 0.9, 0.999, 1e-8);
  const lossOf = () => {
    let h = x;
    layers.forEach(({ weight, bias }, i) => {
      h = h.matMul(weight).add(bias);
      if (i < layers.length - 1) h = h.relu();
    });
    return h.sub(y).square().mean();
  };
  const step = () => {
    const loss = adam.minimize(lossOf, true);
    const value = loss.dataSync()[0];
    loss.dispose();
    return value;
  };
  const threads = backend === 'wasm' ? Math.max(1, wasm.getThreadsCount()) : 1;
  return { step, kernels: '', threads };
}
