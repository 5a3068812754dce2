/** A color as CSS and SVG write it: `#rrggbb`. */
export type HexColor = `#${string}`;

/**
 * All colors of the pictures. The hues are those of Okabe and Ito, "Color Universal Design" (2008): people with any kind
 * of color vision can tell them apart. The tests simulate color blindness. Color is never the only difference:
 * adversaries also have a triangle, kinds of landmarks have different shapes, and pale fills have dark outlines. (The
 * pictures do not use an entity's `color`. It is the reference's, and agents may observe it.)
 */
export const palette = {
  /** For the first, second and third good agent. A fourth has the color of the first again. */
  good: ['#0072b2', '#56b4e9', '#009e73'],
  /** For the adversaries. The fourth, a brown, is ours: far from all the others, and light enough for the triangle. */
  adversaries: ['#d55e00', '#e69f00', '#cc79a7', '#a55a4b'],
  /** For kinds of landmarks. Good agents have other colors. Scenarios with kinds of landmarks have at most one adversary. */
  landmarks: ['#f0e442', '#cc79a7', '#e69f00'],
  /** For obstacles. */
  obstacle: '#b4b8bd',
  /** For forests. */
  forest: '#009e73',
  /** For food. */
  food: '#f0e442',
  /** For the landmark that is the goal. */
  goal: '#f0e442',
  /** Outlines, symbols, and everything that must be visible on any color. */
  ink: '#202124',
  /** Behind text. */
  paper: '#ffffff',
  /** The arena. */
  floor: '#fdfdfb',
  /** Outside the arena. */
  outside: '#f3f4f6',
  /** The edge of the arena. */
  border: '#9aa0a6',
} as const satisfies Record<string, HexColor | readonly HexColor[]>;
