import uPlot from 'uplot';
import { faint, isDark } from './colors.js';
import type { Curve } from './curves.js';
import { formatCount, formatNumber } from './words.js';

/** A curve and how it is drawn. */
export interface Line {
  readonly label: string;
  readonly color: string;
  readonly dash: readonly number[];
  readonly curve: Curve;
  /** Points with a thin line between them, for evaluations. */
  readonly isPoints?: boolean;
  /** Pale, behind a smooth one. */
  readonly isFaint?: boolean;
  /** What the legend shows, without a number; nothing for ''. By default the label and a number. */
  readonly legend?: string;
}

export interface ChartOptions {
  /** What is drawn, in a line. */
  readonly note?: string;
  readonly height?: number;
  /** Of y; by default that of the curves. */
  readonly range?: readonly [number, number] | undefined;
}

/** A chart with a title and a legend with the newest numbers, or those at the pointer. */
export class Chart {
  readonly element = document.createElement('figure');
  readonly #note = document.createElement('p');
  readonly #legend = document.createElement('ul');
  readonly #plot = document.createElement('div');
  readonly #height: number;
  readonly #range: readonly [number, number] | undefined;
  #uplot: uPlot | undefined;
  #shape = '';
  #lines: readonly Line[] = [];

  constructor(
    readonly title: string,
    { note = '', height = 190, range }: ChartOptions = {},
  ) {
    this.#height = height;
    this.#range = range;
    const caption = document.createElement('figcaption');
    const heading = document.createElement('h3');
    heading.textContent = title;
    caption.append(heading);
    this.#note.className = 'note';
    this.#note.textContent = note;
    caption.append(this.#note);
    this.#legend.className = 'legend';
    this.#plot.className = 'plot';
    this.#plot.setAttribute('role', 'img');
    this.element.append(caption, this.#legend, this.#plot);
    new ResizeObserver(() => this.#resize()).observe(this.#plot);
  }

  draw(lines: readonly Line[], note?: string): void {
    if (note !== undefined) this.#note.textContent = note;
    this.#lines = lines.filter(({ curve }) => curve.x.length > 0);
    this.element.classList.toggle('empty', this.#lines.length === 0);
    const shape = JSON.stringify([isDark(), this.#lines.map(({ curve, ...style }) => [style, !!curve.low])]);
    const data = dataOf(this.#lines);
    if (shape === this.#shape) this.#uplot?.setData(data);
    else {
      this.#uplot?.destroy();
      this.#uplot = new uPlot(this.#options(), data, this.#plot);
      this.#shape = shape;
    }
    this.#label();
  }

  #resize(): void {
    const width = this.#plot.clientWidth;
    if (this.#uplot && width > 0 && width !== this.#uplot.width) {
      this.#uplot.setSize({ width, height: this.#height });
    }
  }

  /** The newest number of each line; or, under the pointer, the number there. */
  #label(): void {
    const index = this.#uplot?.cursor.idx ?? undefined;
    const labels = this.#lines
      .map((line, k) => ({ line, value: this.#valueAt(k, index) }))
      .filter(({ line }) => !line.isFaint);
    const shown = labels.filter(({ line }) => line.legend !== '');
    const texts = labels.map(({ line, value }) => `${line.label} ${formatNumber(value)}`);
    const at = index === undefined ? undefined : this.#uplot?.data[0][index];
    this.#plot.setAttribute('aria-label', `${this.title}. Newest: ${texts.join(', ') || 'nothing yet'}`);
    const items = shown.map(({ line, value }) => {
      const item = document.createElement('li');
      if (line.legend) {
        item.append(sampleOf({ ...line, dash: [] }), line.legend);
        return item;
      }
      const number = document.createElement('b');
      number.textContent = formatNumber(value);
      item.append(sampleOf(line), line.label, ' ', number);
      return item;
    });
    const where = document.createElement('li');
    where.className = 'where';
    where.textContent = at === undefined ? '' : `episode ${formatCount(Math.round(at) + 1)}`;
    this.#legend.replaceChildren(...items, ...(at === undefined ? [] : [where]));
  }

  #valueAt(line: number, index: number | undefined): number | null | undefined {
    const { x, y } = this.#lines[line].curve;
    if (index === undefined) return y.findLast((value) => value !== null);
    const at = this.#uplot?.data[0][index] ?? Number.NaN;
    return y[x.findLastIndex((value) => value <= at)];
  }

  #options(): uPlot.Options {
    const style = getComputedStyle(this.element);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
      stroke: color('--soft'),
      font: '12px system-ui, sans-serif',
      grid: { stroke: color('--grid'), width: 1 },
      ticks: { show: false },
    };
    const bands: uPlot.Band[] = [];
    const series: uPlot.Series[] = [{}];
    for (const { label, color: stroke, dash, curve, isPoints, isFaint } of this.#lines) {
      const main = series.length;
      series.push({
        label,
        stroke: isFaint ? faint(stroke, 0.28) : stroke,
        width: isFaint || isPoints ? 1 : 2,
        dash: isPoints ? [2, 4] : [...dash],
        spanGaps: true,
        points: { show: isPoints === true, size: 7, fill: stroke },
      });
      if (!curve.low) continue;
      series.push({ stroke: 'transparent', spanGaps: true, points: { show: false } });
      series.push({ stroke: 'transparent', spanGaps: true, points: { show: false } });
      bands.push({ series: [main + 2, main + 1], fill: faint(stroke, 0.18) });
    }
    return {
      width: Math.max(this.#plot.clientWidth, 100),
      height: this.#height,
      series,
      bands,
      legend: { show: false },
      scales: { x: { time: false }, y: this.#range ? { range: [...this.#range] } : {} },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'all' }, points: { size: 6 } },
      hooks: { setCursor: [() => this.#label()] },
      axes: [
        { ...axis, values: (_, ticks) => ticks.map(shortCount), space: 56, size: 28 },
        { ...axis, values: (_, ticks) => ticks.map(shortNumber), size: 48 },
      ],
    };
  }
}

/** A short piece of the line. */
export function sampleOf({ color, dash, isPoints }: Pick<Line, 'color' | 'dash' | 'isPoints'>): Element {
  const sample = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  sample.setAttribute('class', 'sample');
  sample.setAttribute('viewBox', '0 0 18 8');
  sample.setAttribute('aria-hidden', 'true');
  const kind = isPoints ? 'circle' : 'line';
  const shape = document.createElementNS('http://www.w3.org/2000/svg', kind);
  const numbers = isPoints ? { cx: 9, cy: 4, r: 3.5 } : { x1: 0, x2: 18, y1: 4, y2: 4 };
  for (const [name, value] of Object.entries(numbers)) shape.setAttribute(name, String(value));
  shape.setAttribute('stroke', color);
  shape.setAttribute('fill', color);
  shape.setAttribute('stroke-width', isPoints ? '0' : '3');
  shape.setAttribute('stroke-dasharray', dash.join(' '));
  sample.append(shape);
  return sample;
}

/** All lines over the same x. */
function dataOf(lines: readonly Line[]): uPlot.AlignedData {
  if (lines.length === 0) return [[]];
  const tables = lines.map(({ curve: { x, y, low, high } }) => [x, y, ...(low && high ? [low, high] : [])]);
  return uPlot.join(tables as unknown as uPlot.AlignedData[]);
}

const shortCount = (value: number) => (value >= 1000 ? `${+(value / 1000).toFixed(1)}k` : String(value));

function shortNumber(value: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e4 || Math.abs(value) < 1e-3))
    return value.toExponential(0).replace('e+', 'e');
  return String(+value.toPrecision(4)).replace('-', '−');
}
