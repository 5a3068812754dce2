// The wrong gradients that mutate-gradients.mjs tries: each gradient of a file with its mutations, as text.

/** The end of the expression that starts at `from`: the first , ; or closing bracket outside of nested brackets. */
function endOf(text, from) {
  for (let at = from, depth = 0; ; at++) {
    if (depth === 0 && /[,;)\]}]/.test(text[at])) return at;
    depth += '([{'.includes(text[at]) ? 1 : ')]}'.includes(text[at]) ? -1 : 0;
  }
}

/** The expressions from `from` up to a closing bracket, which commas separate, and where the bracket is. */
function listFrom(text, from) {
  const list = [];
  let at = from - 1;
  do {
    const end = endOf(text, at + 1);
    list.push(text.slice(at + 1, end).trim());
    at = end;
  } while (text[at] === ',');
  return { list: list.filter(Boolean), end: at }; // without what is behind a comma at the end
}

/** Where a gradient is wrong by half: a condition on a number of it, its index, and the shape. */
const PLACES = {
  'inside, 0.25 < abs dx < 1': 'Math.abs(v) > 0.25 && Math.abs(v) < 1',
  'where dx is small': 'v !== 0 && Math.abs(v) < 0.1',
  'where dx is large': 'Math.abs(v) > 2',
  'where dx is negative': 'v < 0',
  'the first of several elements': 'k === 0 && all.length > 1',
  'the last element': 'k === all.length - 1',
  'of more than 8 elements': 'all.length > 8',
  'with an axis of length 1': 'shape.includes(1)',
  'of rank 3': 'shape.length === 3',
};

/** The same for gradients that know more: what they read, where they are wrong, and the condition. */
const PLACES_OF_ATTRS = {
  'where abs x is large': [/inputs: \[x\]/, 'Math.abs(x.data[k]) > 1.5'],
  'where abs x is small': [/inputs: \[x\]/, 'Math.abs(x.data[k]) < 0.75'],
  'where an index is repeated': [
    /positions/,
    'positions.filter((p) => p === (all.length === positions.length ? positions[k] : k)).length > 1',
  ],
};

/** The places that are tried at second order, too. */
const SECOND_ORDER = [
  'where dx is negative',
  'where abs x is large',
  'of rank 3',
  'with an axis of length 1',
];

/** Slips of the pen. */
const SLIPS = {
  'without !': [/!(?=\w)/g, ''],
  'without a minus': [/(?<=\W)-(?=\w)/g, ''],
  '+ for -': [/ - (?=\w)/g, ' + '],
  'axes for their inverse': [/\.indexOf\((\w+)\)/g, '[$1]'],
};

/** The head of a gradient, such as `(dy, { inputs: [x] }) =>`, or of a helper: `(dz: Tensor, a: Tensor): Tensor {`. */
const HEAD = /\(d[cyz]\b[^()]*\)(?: =>\s*|: Tensor (?=\{))/g;

/** Functions with operands that are not exchangeable. Products of matrices take them as a list. */
const CALLS = /\b(sub|div|pow|greater|wherePositive|matmul\w\w|where|shareOfLarger)\(\[?/g;

/** Which arguments can be the result. */
const CHOICES = { where: [1, 2], wherePositive: [0] };

/** The gradients in the text of a file. */
function* gradientsOf(file, text) {
  for (const { 0: head, index } of text.matchAll(HEAD)) {
    const lines = text.slice(0, index).split('\n');
    const op = lines
      .findLast((line) => /^(export )?(const|function) /.test(line))
      .match(/(?:const|function) (\w+)/)[1];
    const place = `${file}:${lines.length}:${lines.at(-1).length + 1} ${op}`;
    const body = index + head.length;
    const start = text[body] === '{' ? text.indexOf('return ', body) + 'return '.length : body;
    yield { place, head, index, start, end: endOf(text, start) };
  }
}

/** Kind and expression of each mutation of a gradient. `other` is the input that its head leaves out. */
function* mutationsOf(head, gradient, input) {
  yield ['sign', `(${gradient}).neg()`];
  yield ['factor', `(${gradient}).mul(2)`];
  yield ['factor of 1.001', `(${gradient}).mul(1.001)`];
  yield ['second order, detached', `(${gradient}).add(0).detach()`];
  const places = Object.entries(PLACES);
  for (const [place, [reads, condition]] of Object.entries(PLACES_OF_ATTRS)) {
    if (reads.test(head)) places.push([place, condition]);
  }
  for (const [place, condition] of places) {
    const wrong = `wrongWhere(${gradient}, (v, k, all, shape) => ${condition}`;
    yield [`only ${place}`, `${wrong})`];
    if (SECOND_ORDER.includes(place)) yield [`second order, only ${place}`, `${wrong}, true)`];
  }

  if (input) yield ['input', gradient.replace(new RegExp(`\\b${input}\\b`, 'g'), 'other')];
  for (const [slip, [right, wrong]] of Object.entries(SLIPS)) {
    if (gradient.search(right) >= 0) yield [slip, gradient.replace(right, wrong)];
  }
  for (const { 0: call, 1: name, index } of gradient.matchAll(CALLS)) {
    const { list, end } = listFrom(gradient, index + call.length);
    const close = call.endsWith('[') ? '])' : ')';
    const swapped = call + [...list.slice(0, -2), ...list.slice(-2).toReversed()].join(', ') + close;
    const choices = (CHOICES[name] ?? []).map((chosen) => list[chosen]).filter((text) => !/^\d/.test(text));
    const whole = gradient.slice(index, end + close.length);
    for (const by of [swapped, ...choices]) {
      const kind = `${by} for ${whole}`.replace(/\s+/g, ' ');
      yield [kind, gradient.slice(0, index) + by + gradient.slice(index + whole.length)];
    }
  }
}

/**
 * The text of a file of ops in which each gradient is chosen when it runs: the right one, or one of its mutations.
 * mutation-runner.mjs has `chooseGradient`. The names of all mutations are appended to `names`.
 */
export function withMutations(file, text, names = []) {
  let mutated = '';
  let done = 0;
  for (const { place, head, index, start, end } of gradientsOf(file, `${text};`)) {
    const [list, missing, input] = /inputs: \[(, )?(\w+)\]/.exec(head) ?? [];
    const hasOther = list && input !== 'x' && input !== 'd';
    const gradient = text.slice(start, end);
    const cases = [...mutationsOf(head, gradient, hasOther && input)].map(([kind, form]) => {
      names.push(`${place}: ${kind}`);
      return `case ${JSON.stringify(names.at(-1))}: return ${form};`;
    });
    const choose = `(mutation) => { switch (mutation) { ${cases.join(' ')} default: return ${gradient}; } }`;
    const both = missing ? `inputs: [other, ${input}]` : `inputs: [${input}, other]`;
    mutated += text.slice(done, index) + (hasOther ? head.replace(list, both) : head);
    mutated += `${text.slice(index + head.length, start)}chooseGradient(${JSON.stringify(place)}, ${choose})`;
    done = end;
  }
  return mutated + text.slice(done);
}
