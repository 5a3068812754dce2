/** Where things are in the text of a source file, so that the page shows the lines that run. */

/** Lines, counted from 1, both included. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

/** What runs: a method or function, or only the line in it that has this text. */
export interface Place {
  readonly of: string;
  readonly line?: string;
}

/** The lines of a method or a function, without its comment. Throws if it is not there exactly once. */
export function linesOf(source: string, { of, line }: Place): Lines {
  const lines = source.split('\n');
  const head = new RegExp(`^ *(?:export |protected |override |static |get |function )*${of}(?:<.*>)?\\(.*`);
  // A call is not a head: it ends with a semicolon.
  const starts = lines.flatMap((text, k) => (head.test(text) && !text.endsWith(';') ? [k] : []));
  if (starts.length !== 1) throw new Error(`linesOf: ${of} is there ${starts.length} times`);
  const [start] = starts;
  const indent = /^ */.exec(lines[start])![0];
  const end = lines.findIndex((text, k) => k > start && text === `${indent}}`);
  if (line === undefined) return { first: start + 1, last: end + 1 };
  const found = lines.flatMap((text, k) => (k > start && k < end && text.includes(line) ? [k] : []));
  if (found.length !== 1) throw new Error(`linesOf: ${of} has ${found.length} lines with ${line}`);
  return { first: found[0] + 1, last: found[0] + 1 };
}
