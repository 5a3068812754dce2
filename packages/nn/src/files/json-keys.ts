/**
 * The object that this JSON describes. `JSON.parse` alone is not enough: in some versions of Node 24 to 26 it returns another key
 * than the text has if the key has an escape like \" (https://github.com/nodejs/node/issues/63785). So keys are parsed
 * without escapes. Throws what `JSON.parse` throws.
 */
export function parseJsonObject(json: string): Record<string, unknown> {
  const parsed = JSON.parse(json); // throws if this is not JSON; from here on, it is
  if (!json.includes('\\')) return parsed;
  const withoutEscapes = json.replace(/("(?:[^"\\]|\\.)*")(\s*:)?/g, (whole, text: string, colon?: string) =>
    colon ? `"${encodeURIComponent(JSON.parse(text))}":` : whole,
  );
  return withDecodedKeys(JSON.parse(withoutEscapes)) as Record<string, unknown>;
}

function withDecodedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withDecodedKeys);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [decodeURIComponent(key), withDecodedKeys(inner)]),
  );
}

/** A key that occurs twice in one object of this valid JSON. (`JSON.parse` silently keeps the last one.) */
export function repeatedKey(json: string): string | undefined {
  const keys: Set<string>[] = []; // the keys of each open object and array, outermost first
  let quote = -1; // the start of the string that we are inside of, or -1
  let latest = ''; // the last string that ended, with its quotes
  for (const { 0: token, index } of json.matchAll(/\\.|["{}[\]:]/g)) {
    if (token === '"') {
      if (quote !== -1) latest = json.slice(quote, index + 1);
      quote = quote === -1 ? index : -1;
    } else if (quote !== -1) {
      // inside a string, ignore everything except its end; `\\.` has skipped escaped quotes
    } else if (token === '{' || token === '[') keys.push(new Set());
    else if (token === '}' || token === ']') keys.pop();
    else {
      const key = JSON.parse(latest) as string; // "a" and "\u0061" are equal
      const siblings = keys.at(-1)!;
      if (siblings.has(key)) return key;
      siblings.add(key);
    }
  }
  return undefined;
}
