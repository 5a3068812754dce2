/** The color of text in the charts. */
export const INK = '#333';
export const GRID = '#eee';

/** The SVG path with one decimal in each number. */
export function roundNumbers(path: string | null): string {
  return (path ?? '').replace(/\d+\.\d+/g, (number) => Number(number).toFixed(1));
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** A line of text that begins, or with an anchor ends, at a place. */
export function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escapeXml(content)}</text>`;
}

/** A whole picture with a white background. */
export function svgPicture(
  { width, height, title }: { width: number; height: number; title: string },
  content: readonly string[],
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="${INK}">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" fill="white"/>
${content.join('\n')}
</svg>
`;
}
