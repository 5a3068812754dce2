/** What the address holds after its #: everything that a link shows again. One line for each field. */

interface Field<T> {
  readonly initial: T;
  /** The value that a text means; undefined if none. */
  parse(text: string): T | undefined;
  format(value: T): string;
}

const oneOf = <T extends string>(...values: readonly [T, ...T[]]): Field<T> => ({
  initial: values[0],
  parse: (text) => values.find((value) => value === text),
  format: (value) => value,
});

const integer = (initial: number): Field<number> => ({
  initial,
  parse: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
  format: String,
});

const name = (initial: string): Field<string> => ({
  initial,
  parse: (text) => (/^[\w.-]{0,60}$/.test(text) ? text : undefined),
  format: (value) => value,
});

const names = (...initial: readonly string[]): Field<readonly string[]> => ({
  initial,
  parse: (text) => (/^[\w.'-]*(?:,[\w.'-]+)*$/.test(text) ? text.split(',').filter(Boolean) : undefined),
  format: (value) => value.join(','),
});

/** Numbers with three digits after the point. */
const numbers: Field<readonly number[]> = {
  initial: [],
  parse: (text) => {
    const values = text === '' ? [] : text.split(',').map(Number);
    return values.every((value) => Number.isFinite(value)) ? values : undefined;
  },
  format: (value) => value.map((x) => String(Math.round(1000 * x) / 1000)).join(','),
};

/** Texts by name: `batchSize:64;settings.gamma:0.9`. */
const texts: Field<readonly (readonly [name: string, text: string])[]> = {
  initial: [],
  parse: (text) => {
    const pairs = text.split(';').filter(Boolean);
    if (!pairs.every((pair) => /^[\w.]+:/.test(pair))) return undefined;
    return pairs.map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]);
  },
  format: (value) => value.map(([name, text]) => `${name}:${encodeURIComponent(text)}`).join(';'),
};

export const viewNames = ['gradient', 'update', 'mistakes', 'train', 'own'] as const;
export const overlayNames = ['none', 'actions', 'places', 'arrows'] as const;

export const fields = {
  /** The policy: one of those that are shipped, or `own`. */
  run: name('spread'),
  /** The episode, and the step in it. */
  seed: integer(1),
  step: integer(0),
  /** Where things were put by hand: x and y of every agent, then of every landmark. */
  places: numbers,
  /** What is shown: the page, or a part of it in somebody's own page. */
  part: oneOf('page', 'view', 'arena', 'stage'),
  /** Whether it plays at once. */
  play: oneOf('no', 'yes'),
  view: oneOf(...viewNames),
  /** The agent whose gradient is followed. */
  agent: integer(0),
  /** Whether gradients are of this moment or of a batch. */
  batch: oneOf('moment', 'batch'),
  /** What the arena shows of the agent's critic. */
  overlay: oneOf(...overlayNames),
  /** The chapter of the tour; 0: closed. */
  chapter: integer(0),
  /** Networks that are unfolded in the graph. */
  unfolded: names(),
  /** The phase of the update. */
  phase: integer(0),
  /** The mistakes that are switched on. */
  mistakes: names(),
  /** What a start would train: a preset for a scenario, and the settings that differ from it. */
  preset: oneOf('tuned', 'defaults', 'lowe2017', 'openai2018'),
  scenario: name('simple_spread'),
  settings: texts,
};

export type Address = { -readonly [Name in keyof typeof fields]: (typeof fields)[Name]['initial'] };

/** What a link says. What it does not say, or says wrong, has its initial value. */
export function parseAddress(hash: string): Address {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const entries = Object.entries(fields as Record<string, Field<unknown>>).map(([key, field]) => {
    const text = given.get(key);
    return [key, (text === null ? undefined : field.parse(text)) ?? field.initial];
  });
  return Object.fromEntries(entries) as Address;
}

/** The link of a state, with # unless everything has its initial value. */
export function formatAddress(address: Address): string {
  const parts = Object.entries(fields as Record<string, Field<unknown>>).flatMap(([key, field]) => {
    const text = field.format(address[key as keyof Address]);
    return text === field.format(field.initial) ? [] : [`${key}=${text}`];
  });
  return parts.length > 0 ? `#${parts.join('&')}` : '';
}
