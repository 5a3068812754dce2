export { CheckError } from '@paragrad/check';
export {
  broadcastableShapes,
  broadcastableTensors,
  type ShapeConstraints,
  shapes,
  tensors,
} from './arbitraries.js';
export { type ArgumentArbitraries, type CheckOpOptions, checkOp } from './check-op.js';
export { type Differentiable, type GradcheckOptions, gradcheck, gradgradcheck } from './gradcheck.js';
export type { NumberConstraints } from './numbers.js';
export { GradcheckError, type GradcheckProblem } from './report.js';
export {
  axes,
  distinctTensors,
  type GapConstraints,
  indices,
  matrixPairs,
  oneHots,
  orthogonalMatrices,
  positiveDefiniteMatrices,
  probabilities,
  tensorsApart,
} from './structured.js';
