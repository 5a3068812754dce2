/** What other libraries call an option, and what it is called here. */
const ELSEWHERE = new Map<string, readonly string[]>(
  Object.entries({
    dim: ['axis'],
    dims: ['axis'],
    axes: ['axis'],
    learningrate: ['lr'],
    stepsize: ['lr', 'eps'],
    epsilon: ['eps'],
    weightdecay: ['weightDecay'],
    l2: ['weightDecay'],
    size: ['capacity', 'batchSize'],
    maxsize: ['capacity'],
    buffersize: ['capacity'],
    seed: ['generator'],
    rng: ['generator'],
    random: ['generator'],
    discount: ['gamma'],
    polyak: ['tau'],
    min: ['low'],
    max: ['high'],
    low: ['min'],
    high: ['max'],
    minimum: ['min', 'low'],
    maximum: ['max', 'high'],
    type: ['dtype'],
    keepdims: ['keepDim'],
    stop: ['end'],
    ddof: ['correction'],
    unbiased: ['correction'],
    attnmask: ['mask'],
    runs: ['numRuns'],
  }),
);

/** "no option dim (did you mean axis?); the options are axis, keepDim". `kind` is a word such as 'option'. */
export function noSuch(kind: string, name: string, known: readonly string[], prefix = ''): string {
  const likely = likelyMeant(name, known);
  const guess = likely === undefined ? '' : ` (did you mean ${prefix}${likely}?)`;
  const all = known.length > 0 ? `the ${kind}s are ${known.join(', ')}` : `there are no ${kind}s`;
  return `no ${kind} ${prefix}${name}${guess}; ${all}`;
}

/** The known name that the writer of `name` most likely meant; undefined if none is close. */
export function likelyMeant(name: string, known: readonly string[]): string | undefined {
  const plain = plainly(name);
  const same = known.find((other) => plainly(other) === plain);
  if (same !== undefined) return same;
  const translated = ELSEWHERE.get(plain)?.find((other) => known.includes(other));
  if (translated !== undefined) return translated;
  const distances = known.map((other) => editDistance(plain, plainly(other)));
  const least = Math.min(...distances);
  return least <= Math.max(1, Math.floor(plain.length / 3)) && least < plain.length
    ? known[distances.indexOf(least)]
    : undefined;
}

/** Without what differs between ways to write a name: batch_size, batch-size, batchSize. */
const plainly = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Levenshtein's distance: how many letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
