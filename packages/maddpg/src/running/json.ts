import { ArgumentError, checkArgument, describe, object, text } from '@paragrad/check';

/**
 * The JSON text of plain data, for files. `owner` begins the error.
 *
 * @throws ArgumentError on what `JSON.stringify` would change in silence, such as NaN and the infinities: it writes them as null.
 */
export function toJson(owner: string, data: unknown): string {
  checkArgument('toJson', 'owner', owner, text);
  const unfit = findUnfit(data, 'the data');
  if (unfit) {
    throw new ArgumentError(
      `${owner}: ${unfit}, which JSON cannot hold; give finite numbers, texts, true or false`,
    );
  }
  return `${JSON.stringify(data, null, 2)}\n`;
}

const MAX_DEPTH = 100; // stops at an object that contains itself

/** What JSON cannot hold in the data, in words, such as "settings.gamma is NaN"; undefined if it can hold all of it. */
export function findUnfit(value: unknown, path: string, depth = 0): string | undefined {
  if (depth > MAX_DEPTH)
    return `${path.slice(0, 60)}... is within itself, or deeper than ${MAX_DEPTH} levels`;
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return undefined;
  if (!Array.isArray(value) && !object.accepts(value)) return `${path} is ${describe(value)}`;
  for (const [name, field] of Object.entries(value)) {
    const within = Array.isArray(value) ? `${path}[${name}]` : path === 'the data' ? name : `${path}.${name}`;
    const unfit =
      field === undefined && !Array.isArray(value) ? undefined : findUnfit(field, within, depth + 1);
    if (unfit) return unfit;
  }
  return undefined;
}
