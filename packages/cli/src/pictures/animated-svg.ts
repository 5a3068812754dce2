import { fitHalfWidth, toSvg } from '@paragrad/mpe';
import type { Frame } from '@paragrad/mpe/gif';

/**
 * An animation that repeats forever, as one SVG picture: sharp at any size. Where nothing moves, as on paper, it shows the first
 * frame. The view is the same in all frames and shows everything.
 */
export function animatedSvg(frames: readonly Frame[], { size = 360 } = {}): string {
  const halfWidth = fitHalfWidth(frames.map(({ scene }) => scene));
  const total = frames.reduce((sum, { duration }) => sum + duration, 0);
  let begin = 0;
  const parts = frames.map(({ scene, duration }, k) => {
    const [from, to] = [begin / total, (begin + duration) / total];
    begin += duration;
    const [head, content] = splitSvg(toSvg({ ...scene, halfWidth }, { size }));
    const times =
      k === 0
        ? { values: 'visible;hidden', keyTimes: `0;${to.toFixed(5)}` }
        : { values: 'hidden;visible;hidden', keyTimes: `0;${from.toFixed(5)};${to.toFixed(5)}` };
    const animation = `<animate attributeName="visibility" values="${times.values}" keyTimes="${times.keyTimes}" calcMode="discrete" dur="${total / 1000}s" repeatCount="indefinite"/>`;
    return { head, group: `<g visibility="${k === 0 ? 'visible' : 'hidden'}">${animation}\n${content}</g>` };
  });
  return `${parts[0].head}\n${parts.map(({ group }) => group).join('\n')}\n</svg>\n`;
}

/** The first tag of an SVG document, and what is in it. */
function splitSvg(svg: string): [head: string, content: string] {
  const end = svg.indexOf('>') + 1;
  return [svg.slice(0, end), svg.slice(end, svg.lastIndexOf('</svg>')).trim()];
}
