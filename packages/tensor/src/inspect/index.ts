export { toJson, toMermaid, toText } from './formats.js';
export { type Graph, type GraphEdge, type GraphNode, type InspectOptions, inspect } from './graph.js';
