import { formatShape } from '../../shape.js';
import type { GraphNode } from '../graph.js';
import { formatNorm, gradientLabel, oneLine, parametersLabel } from '../labels.js';

/** Text is set in a monospaced font of this size. So its width is known without a browser. */
export const FONT_SIZE = 11;
export const LINE_HEIGHT = 14;
/** The widest of the usual monospaced fonts have 0.602. */
const CHARACTER_WIDTH = 0.61 * FONT_SIZE;
const MOST_CHARACTERS = 26;
const PADDING = { x: 8, y: 6 };

/** The lines in a node's box: what it is, and its shape. */
export function boxText(node: GraphNode, measured: boolean): string[] {
  const { kind, op, name: fullName, shape, group, values, gradientNorm } = node;
  const name = oneLine(fullName);
  if (group) {
    const inside = parametersLabel(group, measured).split(', ').filter(Boolean);
    return [
      shortened(name),
      `${group.ops} ${group.ops === 1 ? 'op' : 'ops'}, gives ${formatShape(shape)}`,
      ...inside,
    ];
  }
  if (op) return name ? [shortened(name), `${op} ${formatShape(shape)}`] : [op, formatShape(shape)];
  const number = values?.length === 1 ? formatNorm(values[0]) : ''; // what a mean is multiplied by
  const what = name ? shortened(name, kind === 'leaf') : number || kind;
  const gradient = kind === 'leaf' && measured ? [gradientLabel(gradientNorm)] : [];
  return [what, formatShape(shape), ...gradient];
}

/** The longest of all norms. */
const LONGEST_NORM = '0.00000123';

/** What such text needs, with space around it. It does not depend on how long a norm is: so boxes stay where they are while norms change. */
export function sizeOfText(lines: readonly string[]): { width: number; height: number } {
  const longest = lines.map((line) => line.replace(/(?<=^\|gradient\| ).*/, LONGEST_NORM));
  return {
    width: Math.ceil(Math.max(...longest.map(widthOf)) + 2 * PADDING.x),
    height: lines.length * LINE_HEIGHT + 2 * PADDING.y,
  };
}

/** The lines with their places in a box whose upper left corner is given: the left end of each, on its baseline. */
export function placeText(lines: readonly string[], x: number, y: number) {
  return lines.map((text, index) => ({
    text,
    x: x + PADDING.x,
    y: y + PADDING.y + LINE_HEIGHT * (index + 0.75),
  }));
}

/** The width of a line, in pixels. */
export function widthOf(line: string): number {
  return CHARACTER_WIDTH * lengthOf(line);
}

/** Characters of Chinese, Japanese and Korean, and emoji, are twice as wide. */
function lengthOf(line: string): number {
  return [...line].reduce((sum, character) => sum + (character.codePointAt(0)! > 0x2e7f ? 2 : 1), 0);
}

/** A name that fits. Of a parameter's name, the parts at the end say most. */
function shortened(name: string, keepEnd = false): string {
  if (lengthOf(name) <= MOST_CHARACTERS) return name;
  const end = keepEnd ? name.slice(name.indexOf('.', name.length - MOST_CHARACTERS) + 1) : name;
  const characters = [...(lengthOf(end) < MOST_CHARACTERS ? end : name)];
  while (lengthOf(characters.join('')) > MOST_CHARACTERS - 1) {
    if (keepEnd) characters.shift();
    else characters.pop();
  }
  return keepEnd ? `…${characters.join('')}` : `${characters.join('')}…`;
}
