import { checkOptions } from '@paragrad/check';
import { checkCamera, type Scene, sizeOptions } from './scene.js';
import type { SceneShape } from './shapes.js';

/**
 * A scene as an SVG document, `size` pixels high and wide (default 400). The class of each shape is its kind. Its title
 * is the name of the agent or landmark, which browsers show under the pointer.
 *
 * @throws ArgumentError if the size is not a positive integer, or the scene's halfWidth is not a positive number.
 */
export function toSvg(scene: Scene, options: { size?: number | undefined } = {}): string {
  checkOptions('toSvg', options as { size?: number }, sizeOptions);
  const { size = 400 } = options;
  checkCamera('toSvg', scene, size);
  const { halfWidth, background, shapes } = scene;
  const side = 2 * halfWidth;
  const view = [-halfWidth, -halfWidth, side, side].map(rounded).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view}" width="${size}" height="${size}">
<rect x="${rounded(-halfWidth)}" y="${rounded(-halfWidth)}" width="${rounded(side)}" height="${rounded(side)}" fill="${background}"/>
<g transform="scale(1 -1)" fill="none" stroke-linejoin="round">
${shapes.map(element).join('\n')}
</g>
</svg>
`;
}

function element(shape: SceneShape): string {
  const { kind, name, fill, fillOpacity, stroke, strokeWidth } = shape;
  const [tag, geometry] =
    shape.shape === 'circle'
      ? ['circle', { cx: rounded(shape.center[0]), cy: rounded(shape.center[1]), r: rounded(shape.radius) }]
      : ['polygon', { points: shape.points.map((point) => point.map(rounded).join(',')).join(' ') }];
  const attributes = {
    class: kind,
    ...geometry,
    fill,
    'fill-opacity': fillOpacity,
    stroke,
    'stroke-width': stroke && strokeWidth,
  };
  const text = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${value}"`)
    .join('');
  return name ? `<${tag}${text}><title>${escapeXml(name)}</title></${tag}>` : `<${tag}${text}/>`;
}

/** Rounded to a ten-thousandth of the world's unit, which no screen can show. */
function rounded(value: number): string {
  return String(Number(value.toFixed(4)));
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
