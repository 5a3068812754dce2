export { ActionError, ArgumentError, ParagradError, StateError } from '@paragrad/check';
export { type Action, type ActionMode, actionModes } from './actions.js';
export { flatdim, flatten, type SpaceLike } from './flatten.js';
export * as geometry from './geometry.js';
export {
  type EnvParams,
  envParams,
  makeEnv,
  makeVectorEnv,
  type ScenarioName,
  type ScenarioSource,
  scenarioNames,
  scenarios,
  type TableOf,
} from './make-env.js';
export type { EnvMetadata } from './metadata.js';
export { type Neighbors, neighborFinder, type ObservationWriter } from './observe.js';
export type { ParallelEnv } from './parallel-env.js';
export type { Param, ParamTable, ParamValues } from './param-table.js';
export * as param from './params.js';
export { type Physics, physicsNames } from './physics.js';
export { type Random, SeededRandom } from './random.js';
export { type CanvasContext, drawOnCanvas } from './render/canvas.js';
export { type HexColor, palette } from './render/palette.js';
export { type RasterImage, rasterize } from './render/rasterize.js';
export { fitHalfWidth, type RenderOptions, type Scene, type SceneOptions } from './render/scene.js';
export type { Circle, Paint, Polygon, SceneShape, SceneShapeKind } from './render/shapes.js';
export { toSvg } from './render/svg.js';
export type { Info, ResetResult, StepResult } from './results.js';
export { type Benchmark, defineScenario, type Scenario, type ScenarioDefinition } from './scenario.js';
export { actionOf, scriptedActions } from './scripted/scripted-actions.js';
export type { Intent } from './scripted/scripts.js';
export { Box, Dict, Discrete, MultiDiscrete, type Space, type SpaceValue, Tuple } from './spaces.js';
export type { AgentState, EntityReference, LandmarkState, WorldState } from './state.js';
export type { VectorEnv, VectorResetOptions, VectorStep } from './vector-env.js';
export {
  Agent,
  type AgentTraits,
  Entity,
  type EntityTraits,
  Landmark,
  type LandmarkKind,
  makeAgents,
  makeLandmarks,
  makeWorld,
  type RGB,
  type Team,
  type Vector2,
  type World,
  type WorldParts,
} from './world.js';
