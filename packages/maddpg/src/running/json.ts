import { ArgumentError, describe, object } from '@paragrad/check';

/**
 * The JSON text of plain data, for files. `owner` begins the error. Throws on what `JSON.stringify` would change in silence,
 * such as NaN and the infinities, of which it makes null.
 */
export function toJson(owner: string, data: unknown): string {
  checkPlain(owner, '', data);
  return `${JSON.stringify(data, null, 2)}\n`;
}

function checkPlain(owner: string, path: string, value: unknown): void {
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return;
  if (Array.isArray(value)) {
    value.forEach((element, k) => {
      checkPlain(owner, `${path}[${k}]`, element);
    });
  } else if (object.accepts(value)) {
    for (const [name, field] of Object.entries(value)) {
      if (field !== undefined) checkPlain(owner, path === '' ? name : `${path}.${name}`, field);
    }
  } else {
    throw new ArgumentError(
      `${owner}: ${path || 'the data'} is ${describe(value)}, which JSON cannot hold; give finite numbers, texts, true or false`,
    );
  }
}
