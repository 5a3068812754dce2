export {
  broadcastableShapes,
  type NumberConstraints,
  type ShapeConstraints,
  shapes,
  tensors,
} from './arbitraries.js';
export { type GradcheckOptions, gradcheck, gradgradcheck } from './gradcheck.js';
