/** Numbers and names as the page writes them. */

/** Three digits, or a whole number; with a real minus sign. */
export function number(value: number): string {
  if (Number.isSafeInteger(value)) return String(value).replace('-', '−');
  const size = Math.abs(value);
  if (size < 1e-5) return value.toExponential(1).replaceAll('-', '−');
  const text = size < 1e-3 ? value.toFixed(5) : size >= 100 ? value.toFixed(0) : value.toPrecision(3);
  return text.replaceAll('-', '−');
}

export const pair = ([x, y]: readonly [number, number]) => `${number(x)}, ${number(y)}`;

/** An agent's name in words: agent 0. */
export const inWords = (name: string) => name.replaceAll('_', ' ');

/** Two numbers with as many digits as show that they differ, and at least three. */
export function beforeAndAfter(before: number, after: number): readonly [string, string] {
  const [first, second] = [number(before), number(after)];
  if (before === after || first !== second) return [first, second];
  const withDigits = (digits: number) =>
    [before, after].map((value) => value.toPrecision(digits).replaceAll('-', '−')) as [string, string];
  const enough = [4, 5, 6, 7].find((digits) => withDigits(digits)[0] !== withDigits(digits)[1]);
  return withDigits(enough ?? 7);
}
