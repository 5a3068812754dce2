/** The colors of lines: those of Okabe and Ito, as in the pictures, made readable on the page's background. */
import { type HexColor, palette } from '@paragrad/mpe';

/** For groups of runs. People with any kind of color vision can tell them apart; after the last, dashes do. */
export const GROUP_COLORS: readonly HexColor[] = [
  palette.good[0],
  palette.adversaries[0],
  palette.good[2],
  palette.adversaries[2],
  palette.adversaries[1],
  palette.good[1],
];

/** The dashes of lines that have the same color. */
export const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2]];

export const isDark = () => matchMedia('(prefers-color-scheme: dark)').matches;

/** Least contrast of a line to the background. */
const CONTRAST = 3;
const PAPER = { light: [255, 255, 255], dark: [27, 29, 33] } as const;

/** The color, darker or lighter if it is too close to the background. */
export function readable(color: HexColor, dark: boolean): string {
  const paper = PAPER[dark ? 'dark' : 'light'];
  const target = dark ? 255 : 0;
  const start = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  let rgb = start;
  for (let part = 0; part <= 1 && contrast(rgb, paper) < CONTRAST; part += 0.04) {
    rgb = start.map((value) => Math.round(value + part * (target - value)));
  }
  return `rgb(${rgb.join(' ')})`;
}

/** The color of a band around a line. */
export const faint = (color: string, alpha: number) => color.replace(')', ` / ${alpha})`);

/** As WCAG defines it, from 1 to 21. */
export function contrast(a: readonly number[], b: readonly number[]): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
