export { type TraceOptions, trace } from '../autograd/modes.js';
export { type FoldedGraph, fold, type NodeGroup } from './fold.js';
export { toJson, toMermaid, toText } from './formats.js';
export {
  type Graph,
  type GraphEdge,
  type GraphNode,
  type GroupContents,
  type InspectOptions,
  inspect,
} from './graph.js';
export type { LayoutLine } from './layout/draw-lines.js';
export { type GraphLayout, type LayoutBox, type LayoutOptions, layoutGraph } from './layout/graph-layout.js';
export { type SvgOptions, toSvg } from './svg.js';
