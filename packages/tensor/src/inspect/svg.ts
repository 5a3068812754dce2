import { checkArgument, checkOptions, type OptionChecks, text } from '@paragrad/check';
import { aGraph } from './a-graph.js';
import type { Graph, GraphEdge, GraphNode } from './graph.js';
import { gradientLabel, isMeasured, nodeLabel } from './labels.js';
import { FONT_SIZE } from './layout/box-text.js';
import type { LayoutLine } from './layout/draw-lines.js';
import { type LayoutBox, type LayoutOptions, layoutGraph, layoutOptions } from './layout/graph-layout.js';

/** Options of `toSvg`. */
export interface SvgOptions extends LayoutOptions {
  /** What the picture shows, for those who do not see it. Default: the output's label. */
  title?: string;
  /** More words for them. Default: how many edges there are, and along how many a gradient flows. */
  description?: string;
}

const svgOptions: OptionChecks<SvgOptions> = { ...layoutOptions, title: text, description: text };

/**
 * The graph as an SVG picture, for light and dark pages. Lines along which a gradient flows are wide and colored by its norm, in
 * thousandths of the largest on a logarithmic scale. The others are grey, and those that `detach` cut are broken. Under the pointer
 * every box and line says what it is. A page can set the colors: --paper, --ink, --box, --faint and --gradient.
 */
export function toSvg(graph: Graph, options: SvgOptions = {}): string {
  checkArgument('toSvg', 'graph', graph, aGraph);
  checkOptions('toSvg', options, svgOptions);
  const { title, description, ...layout } = options;
  const { width, height, boxes, lines } = layoutGraph(graph, layout);
  const measured = isMeasured(graph);
  return `<svg xmlns="http://www.w3.org/2000/svg" class="paragrad-graph" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeXml(title ?? nodeLabel(graph.nodes[0], measured))}</title>
<desc>${escapeXml(description ?? describe(graph.edges, measured))}</desc>
<style>${STYLE}</style>
<rect class="paper" width="${width}" height="${height}"/>
${lines.map((line) => drawLine(line, graph, measured)).join('\n')}
${boxes.map((box) => drawBox(box, graph.nodes[box.id], measured)).join('\n')}
${lines.flatMap(drawLabel).join('\n')}
</svg>
`;
}

// The colors have 4.5 times the luminance of their background or more, but for lines without gradient, which have 3 times.
const STYLE = `
.paragrad-graph { --p: #fff; --i: #202124; --f: #80868b; --g: #b3126f; --b: #f3f4f6; font: ${FONT_SIZE}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
@media (prefers-color-scheme: dark) { .paragrad-graph { --p: #131519; --i: #e8eaed; --f: #80868b; --g: #ff7ac0; --b: #1f2329; } }
.paragrad-graph .paper { fill: var(--paper, var(--p)); }
.paragrad-graph text { fill: var(--ink, var(--i)); white-space: pre; }
.paragrad-graph text.norm { fill: var(--gradient, var(--g)); text-anchor: middle; paint-order: stroke; stroke: var(--paper, var(--p)); stroke-width: 3px; }
.paragrad-graph path { fill: none; stroke: var(--faint, var(--f)); }
.paragrad-graph path.gradient { stroke: var(--gradient, var(--g)); }
.paragrad-graph path.detached { stroke-dasharray: 3 4; }
.paragrad-graph path.cut { stroke: var(--ink, var(--i)); stroke-width: 2; }
.paragrad-graph rect.box { fill: var(--box, var(--b)); stroke: var(--faint, var(--f)); }
.paragrad-graph .group rect.box { stroke: var(--ink, var(--i)); stroke-width: 2; }
.paragrad-graph .leaf rect.box, .paragrad-graph .constant rect.box { fill: var(--paper, var(--p)); }
.paragrad-graph .detach rect.box { stroke-dasharray: 3 3; }
.paragrad-graph .without text { opacity: 0.75; }
.paragrad-graph .reached rect.box { stroke: var(--gradient, var(--g)); }
`;

function drawBox({ x, y, width, height, text }: LayoutBox, node: GraphNode, measured: boolean): string {
  const reached = !measured ? '' : node.gradientNorm === null ? ' without' : ' reached';
  const about = measured
    ? `${nodeLabel(node, measured)}: ${gradientLabel(node.gradientNorm)}`
    : nodeLabel(node);
  const corner = node.kind === 'leaf' ? height / 2 : node.kind === 'group' ? 8 : 3;
  const lines = text
    .map((line) => `<text x="${line.x}" y="${line.y}">${escapeXml(line.text)}</text>`)
    .join('');
  return `<g class="${node.kind}${reached}"><title>${escapeXml(about)}</title><rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="${Math.min(corner, 12)}"/>${lines}</g>`;
}

function drawLine(
  { edge, path, middle, strength }: LayoutLine,
  { edges, nodes }: Graph,
  measured: boolean,
): string {
  const { from, to, detached, gradientNorm } = edges[edge];
  const gradient = detached ? 'cut off by detach, no gradient' : measured ? gradientLabel(gradientNorm) : '';
  const about = `${nodeLabel(nodes[from])} → ${nodeLabel(nodes[to])}${gradient && `: ${gradient}`}`;
  const look =
    strength === null ? '' : ` stroke-width="${(1.5 + 5 * strength).toFixed(2)}" stroke-opacity="${(0.45 + 0.55 * strength).toFixed(2)}"`; // biome-ignore format: one line
  const line = `<path class="${detached ? 'detached' : strength === null ? 'plain' : 'gradient'}" d="${path}"${look}/>`;
  const cut = detached
    ? `<path class="cut" d="M-5 6L-1 -6M1 6L5 -6" transform="translate(${middle.x} ${middle.y}) rotate(${middle.angle})"/>`
    : '';
  return `<g><title>${escapeXml(about)}</title>${line}${cut}</g>`;
}

function drawLabel({ label }: LayoutLine): string[] {
  return label
    ? [`<text class="norm" x="${label.x}" y="${label.y + 4}">${escapeXml(label.text)}</text>`]
    : [];
}

function describe(edges: readonly GraphEdge[], measured: boolean): string {
  const count = (one: (edge: GraphEdge) => boolean): number => edges.filter(one).length;
  const cut = `detach cuts ${count(({ detached }) => detached)} of them`;
  if (!measured) return `${edges.length} edges; ${cut}.`;
  const carrying = count(({ gradientNorm }) => typeof gradientNorm === 'number');
  return `${edges.length} edges. A gradient flows back along ${carrying}; ${cut}.`;
}

function escapeXml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
