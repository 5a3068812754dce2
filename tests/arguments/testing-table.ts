import { type Tensor, tanh, tensor } from '@paragrad/tensor';
import { shapes, tensors } from '@paragrad/tensor/testing';
import type { ValidArguments } from './fuzz.js';
import { all } from './tensor-table.js';
import type { Table } from './walk.js';

const f = (x: Tensor) => tanh(x);
const inputs = () => [tensor([0.1, 0.2], { dtype: 'float64', requiresGrad: true })];
const tolerances = () => ({ atol: 1e-5, rtol: 1e-4, allowKinks: true, allowUnused: true });
const numbers = () => ({ min: -1, max: 1, awayFromZero: 0.1, kinks: [0.5], gap: 0.1 });
const someShapes = () => ({ minRank: 1, maxRank: 2, maxLength: 3 });
const gradcheck: ValidArguments = () => [f, inputs(), tolerances()];

/** Valid arguments of every function of @paragrad/tensor/testing. */
export const testingTable: Table = {
  ...all('gradcheck gradgradcheck', gradcheck),
  checkOp: () => [
    f,
    [tensors([2])],
    {
      ...tolerances(),
      numRuns: 1,
      seed: 1,
      secondOrder: false,
      broadcasts: false,
      float32: false,
      threads: false,
    },
  ],
  ...all('shapes broadcastableShapes', () => [someShapes()]),
  tensors: () => [shapes(), numbers()],
  broadcastableTensors: () => [someShapes(), numbers()],
  tensorsApart: () => [[[2], [2]], { min: -1, max: 1, gap: 0.1 }],
  distinctTensors: () => [[2], { min: -1, max: 1, gap: 0.1 }],
  matrixPairs: () => [{ maxLength: 3 }, numbers()],
  ...all('orthogonalMatrices positiveDefiniteMatrices axes', () => [2]),
  ...all('probabilities oneHots', () => [[2, 3]]),
  indices: () => [[2], 3],
};
