import { torch } from 'js-pytorch';
import { BATCH } from '../dist/mlp-problem.js';

const [LR, B1, B2, EPS] = [1e-3, 0.9, 0.999, 1e-8];

export function prepare(problem) {
  const rows = (data, count, length) =>
    Array.from({ length: count }, (_, i) => Array.from(data.subarray(i * length, (i + 1) * length)));
  const x = torch.tensor(rows(problem.x, BATCH, problem.layers[0].inputs));
  const y = torch.tensor(rows(problem.y, BATCH, 1));
  const linears = problem.layers.map(({ inputs, outputs, weight, bias }) => {
    const linear = new torch.nn.Linear(inputs, outputs);
    linear.W._data = transpose(rows(weight, outputs, inputs));
    linear.b._data = Array.from(bias);
    return linear;
  });
  const relu = new torch.nn.ReLU();
  const mse = new torch.nn.MSELoss();
  const adam = new torch.optim.Adam(
    linears.flatMap((linear) => linear.parameters()),
    LR,
    0,
    [B1, B2],
    EPS,
  );

  let t = 0;
  const step = () => {
    t += 1;
    // Its Adam has no bias correction. With this learning rate and epsilon it does the same as Adam.
    const correction = Math.sqrt(1 - B2 ** t);
    adam.lr = (LR * correction) / (1 - B1 ** t);
    adam.eps = EPS * correction;

    const h1 = relu.forward(linears[0].forward(x));
    const h2 = relu.forward(linears[1].forward(h1));
    const loss = mse.forward(linears[2].forward(h2), y).mul(BATCH); // its MSELoss divides by the batch size twice
    loss.backward();
    adam.step();
    adam.zero_grad();
    return [loss._data].flat(Infinity)[0];
  };
  return { step, kernels: '', threads: 1 };
}

function transpose(matrix) {
  return matrix[0].map((_, column) => matrix.map((row) => row[column]));
}
