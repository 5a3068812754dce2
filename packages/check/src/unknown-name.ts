/** What other libraries call an option, and what it is called here: the first that a function knows. 'a b': both are suggested. */
const ELSEWHERE = new Map<string, readonly string[]>(
  Object.entries({
    dim: ['axis'],
    dims: ['axis'],
    axes: ['axis'],
    lr: ['actorLr criticLr'],
    algo: ['algorithm'],
    environment: ['scenario'],
    envid: ['scenario'],
    stepsize: ['lr', 'eps'],
    epsilon: ['eps', 'initial'],
    weightdecay: ['weightDecay'],
    l2: ['weightDecay'],
    size: ['capacity', 'batchSize'],
    maxsize: ['capacity'],
    buffersize: ['capacity', 'replayCapacity'],
    memorysize: ['capacity', 'replayCapacity'],
    learningstarts: ['warmupSteps'],
    startsteps: ['warmupSteps'],
    trainfreq: ['stepsPerUpdate'],
    updateevery: ['stepsPerUpdate'],
    totaltimesteps: ['episodes'],
    timesteps: ['episodes'],
    maxsteps: ['maxCycles', 'maxEpisodeSteps'],
    continuousactions: ['actionMode', 'actions'],
    netarch: ['hidden'],
    layers: ['hidden'],
    units: ['hidden'],
    gradclip: ['maxGradNorm'],
    clipgradnorm: ['maxGradNorm'],
    entcoef: ['entropyWeight'],
    sigma: ['initial'],
    std: ['initial'],
    seed: ['generator'],
    rng: ['generator'],
    random: ['generator'],
    discount: ['gamma'],
    discountfactor: ['gamma'],
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

/**
 * "no option dim (did you mean axis?); the options are axis, keepDim". `kind` is a word such as 'option'. If none of them is
 * likely, it may be one of the names in `further` places, which have their form as key: `{ 'settings.*': ['gamma'] }`.
 */
export function noSuch(
  kind: string,
  name: string,
  known: readonly string[],
  prefix = '',
  further: Readonly<Record<string, readonly string[]>> = {},
): string {
  const places = Object.entries({ [`${prefix}*`]: known, ...further });
  const exact = places.filter(([, names]) => names.some((one) => plainly(one) === plainly(name)));
  const guesses = [...exact, ...places]
    .map(([form, names]) => allLikelyMeant(name, names).map((one) => form.replace('*', one)))
    .find((likely) => likely.length > 0);
  const guess = guesses ? ` (did you mean ${guesses.join(' or ')}?)` : '';
  const all = known.length > 0 ? `the ${kind}s are ${known.join(', ')}` : `there are no ${kind}s`;
  return `no ${kind} ${prefix}${name}${guess}; ${all}`;
}

/**
 * The known name that the writer of `name` most likely meant; undefined if none is close. It may be several, "actorLr or criticLr".
 */
export function likelyMeant(name: string, known: readonly string[]): string | undefined {
  return allLikelyMeant(name, known).join(' or ') || undefined;
}

/** More than these are no help. */
const MOST = 3;

function allLikelyMeant(name: string, known: readonly string[]): readonly string[] {
  const words = wordsOf(name);
  const plain = words.join('');
  const same = known.find((other) => plainly(other) === plain);
  if (same !== undefined) return [same];
  for (const line of ELSEWHERE.get(plain) ?? []) {
    const translated = line.split(' ').filter((one) => known.includes(one));
    if (translated.length > 0) return translated;
  }
  // simple_spread of mpe2.simple_spread_v3; only then what is written nearly alike
  const inIt = known.filter((other) => wordsOf(other).every((word) => words.includes(word)));
  const mostWords = Math.max(...inIt.map((other) => wordsOf(other).length));
  const longest = inIt.filter((other) => wordsOf(other).length === mostWords).slice(0, MOST);
  if (mostWords > 1) return longest;
  const distances = known.map((other) => editDistance(plain, plainly(other)));
  const least = Math.min(...distances);
  if (least <= Math.max(1, Math.floor(plain.length / 3)) && least < plain.length)
    return [known[distances.indexOf(least)]];
  if (longest.length > 0) return longest;
  const around = known.filter((other) => words.every((word) => wordsOf(other).includes(word)));
  return around.length > MOST ? [] : around;
}

/** Without what differs between ways to write a name: batch_size, batch-size, batchSize; learning_rate, lr. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/learning.?rate/, 'lr')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
const plainly = (name: string): string => wordsOf(name).join('');

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
