/** A color as both CSS and SVG write it: `#rrggbb`. */
export type HexColor = `#${string}`;

/**
 * Every color of the pictures. The hues are those of Okabe and Ito, "Color Universal Design" (2008), chosen to be told
 * apart with any kind of color vision; the tests simulate that. Nothing is said by color alone: adversaries bear a
 * triangle too, landmarks that differ have different shapes, and pale fills have dark outlines. (An entity's `color` is the
 * reference's: agents may observe it, but it is not painted.)
 */
export const palette = {
  /** One agent after the other; a fourth has the first one's color again. */
  good: ['#0072b2', '#56b4e9', '#009e73'],
  adversaries: ['#d55e00', '#e69f00', '#cc79a7'],
  /** Kinds of landmarks, of other colors than good agents. Scenarios that have them have one adversary or none. */
  landmarks: ['#f0e442', '#cc79a7', '#e69f00'],
  obstacle: '#b4b8bd',
  forest: '#009e73',
  food: '#f0e442',
  goal: '#f0e442',
  /** Outlines, symbols, and whatever must be seen on anything. */
  ink: '#202124',
  paper: '#ffffff',
  floor: '#fdfdfb',
  outside: '#f3f4f6',
  border: '#9aa0a6',
} as const satisfies Record<string, HexColor | readonly HexColor[]>;
