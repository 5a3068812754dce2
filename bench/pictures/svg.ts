/** Narrow, so that a phone shows the text large enough. */
export const WIDTH = 560;
export const INK = '#333';
export const GRID = '#ddd';
/** Colors of Okabe and Ito that are dark enough for lines on white. */
export const COLORS = ['#0072b2', '#d55e00', '#009e73'];

/** A whole picture with a white background, which is readable on a dark page, too. */
export function svgPicture(title: string, height: number, content: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="14" fill="${INK}">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" fill="white"/>
${content.join('\n')}
</svg>
`;
}

export interface TextOptions {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
  readonly fill?: string;
}

export function text(
  x: number,
  y: number,
  words: string,
  { anchor = 'start', bold = false, fill = INK }: TextOptions = {},
): string {
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${fill}"${weight}>${escapeXml(words)}</text>`;
}

export const round = (value: number) => Number(value.toFixed(1));

/** A number with two or three digits. */
export const short = (value: number) => `${Number(value.toPrecision(value >= 100 ? 3 : 2))}`;

function escapeXml(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
