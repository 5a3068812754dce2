/**
 * What an error says of an object that another copy of the package has made: for this copy it is none of its own. Without the
 * package's name, any package may be meant.
 */
export function ofAnotherCopy(what: string, name = ''): string {
  return (
    `is a ${what} of another copy of ${name || 'the package'}: two copies are loaded, and each refuses what the other has made; ` +
    `\`npm ls${name && ` ${name}`}\` shows where they come from`
  );
}

/** Whether a class of this name has made the value. Short names say nothing: minifiers give them to many classes. */
export function isOfClassNamed(name: string, value: unknown): boolean {
  if (name.length < 3 || typeof value !== 'object') return false;
  for (let one: object | null = value; one !== null; one = Object.getPrototypeOf(one)) {
    if (Object.hasOwn(one, 'constructor') && one.constructor?.name === name) return true;
  }
  return false;
}
