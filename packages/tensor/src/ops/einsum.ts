import { ArgumentError, type Check, checkArgument, ShapeError } from '@paragrad/check';
import { aTensor } from '../argument-checks.js';
import { formatShape, type Shape, sameShape, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { mul } from './arithmetic.js';
import { matmul } from './matmul.js';
import { sum } from './reduce.js';
import { slice } from './slicing.js';
import { permute, reshape } from './view.js';

/**
 * Sums of products in Einstein's notation, as `torch.einsum`. Each operand has a term in the equation, with a letter for
 * each of its axes. For every index that the letters of the output can have, the result is the sum over all other letters
 * of the product of the operands: `einsum('ij,jk->ik', a, b)` is the matrix product, `einsum('ii', a)` the trace.
 *
 * A letter twice in one term means the diagonal. Axes of one letter have equal lengths, or length 1 and broadcast. `...`
 * stands for any axes, which broadcast from the last. Without `->`, the output has the axes of `...`, then the letters that
 * occur once, in alphabetical order. Computed from left to right with matmul, so the gradient follows.
 *
 * @throws ArgumentError if the equation is none, or its terms do not fit the operands.
 * @throws ShapeError if axes of one letter have different lengths.
 */
export function einsum(equation: string, ...operands: Tensor[]): Tensor {
  const { terms, output } = parse(equation, operands);
  const lengths = lengthsOf(equation, terms, operands);
  const factors = operands.map((x, k) => withoutStretched(withoutRepeats({ x, labels: terms[k] }), lengths));
  const product = factors.reduce((left, right, k) => {
    const later = new Set([...output, ...factors.slice(k + 1).flatMap(({ labels }) => labels)]);
    return multiply(left, right, later);
  });
  return arrange(sumExcept(product, new Set(output)), output);
}

/** A tensor with a name for each axis: a letter, or for the axes of `...` their place from the back, such as `.0`. */
interface Labeled {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

/** The sum over the labels that are not needed `later` of the product of a and b. */
function multiply(left: Labeled, right: Labeled, later: ReadonlySet<string>): Labeled {
  const a = sumExcept(left, new Set([...later, ...right.labels]));
  const b = sumExcept(right, new Set([...later, ...a.labels]));
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => later.has(label));
  const summed = shared.filter((label) => !later.has(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));

  const [ofBatch, ofRows] = [batch, rows].map((labels) => shapeOf(a, labels));
  const ofColumns = shapeOf(b, columns);
  const [m, k, n] = [ofRows, shapeOf(a, summed), ofColumns].map(sizeOf);
  const leading = batch.length > 0 ? [sizeOf(ofBatch)] : [];
  const matrixA = inShape(arrange(a, [...batch, ...rows, ...summed]), [...leading, m, k]);
  const matrixB = inShape(arrange(b, [...batch, ...summed, ...columns]), [...leading, k, n]);
  const product = summed.length > 0 ? matmul(matrixA, matrixB) : mul(matrixA, matrixB); // k = 1
  return {
    x: inShape(product, [...ofBatch, ...ofRows, ...ofColumns]),
    labels: [...batch, ...rows, ...columns],
  };
}

/** Two axes of the same label become one: the diagonal, which is every (n + 1)-th element of the n · n. */
function withoutRepeats({ x, labels }: Labeled): Labeled {
  const second = labels.findIndex((label, axis) => labels.indexOf(label) < axis);
  if (second < 0) return { x, labels };
  const first = labels.indexOf(labels[second]);
  const rest = labels.map((_, axis) => axis).filter((axis) => axis !== first && axis !== second);
  const n = x.shape[first];
  const flat = reshape(permute(x, [...rest, first, second]), [...rest.map((axis) => x.shape[axis]), n * n]);
  const diagonal = slice(flat, -1, { step: n + 1 });
  return withoutRepeats({ x: diagonal, labels: [...rest, first].map((axis) => labels[axis]) });
}

/** Without the axes of length 1 that broadcast: the other operands have their label in full length. */
function withoutStretched({ x, labels }: Labeled, lengths: ReadonlyMap<string, number>): Labeled {
  const kept = labels.filter((label, axis) => x.shape[axis] === lengths.get(label));
  return { x: inShape(x, shapeOf({ x, labels }, kept)), labels: kept };
}

function sumExcept({ x, labels }: Labeled, kept: ReadonlySet<string>): Labeled {
  const axis = labels.flatMap((label, index) => (kept.has(label) ? [] : index));
  return axis.length === 0
    ? { x, labels }
    : { x: sum(x, { axis }), labels: labels.filter((label) => kept.has(label)) };
}

/** The axes in the order of `order`, which has the same labels. */
function arrange({ x, labels }: Labeled, order: readonly string[]): Tensor {
  if (labels.every((label, axis) => label === order[axis])) return x;
  return permute(
    x,
    order.map((label) => labels.indexOf(label)),
  );
}

const inShape = (x: Tensor, shape: Shape): Tensor => (sameShape(x.shape, shape) ? x : reshape(x, shape));

const shapeOf = ({ x, labels }: Labeled, some: readonly string[]): number[] =>
  some.map((label) => x.shape[labels.indexOf(label)]);

const anEquation: Check<string> = {
  inWords: "it first, then the tensors one by one, such as einsum('ij,jk->ik', a, b)",
  accepts: (value): value is string => typeof value === 'string',
};

/** The labels of each operand and of the output. */
function parse(
  equation: string,
  operands: readonly Tensor[],
): { terms: readonly string[][]; output: readonly string[] } {
  const fail = (what: string) => new ArgumentError(`einsum: ${JSON.stringify(equation)} ${what}`);
  checkArgument('einsum', 'the equation', equation, anEquation);
  const [left, right, ...more] = equation.replaceAll(' ', '').split('->');
  const texts = left.split(',');
  const broken = [...texts, right ?? ''].find((text) => !/^[a-zA-Z]*(\.\.\.)?[a-zA-Z]*$/.test(text));
  if (broken !== undefined || more.length > 0)
    throw fail("is not an equation; give letters and ..., a comma between operands, and at most one '->'");
  operands.forEach((x, k) => {
    checkArgument('einsum', `operand ${k}`, x, aTensor);
  });
  if (texts.length !== operands.length)
    throw fail(`has terms for ${texts.length} operands, but there are ${operands.length}`);

  const terms = texts.map((text, k) => {
    const free = operands[k].rank - text.replace('...', '').length;
    if (text.includes('...') ? free < 0 : free !== 0) {
      throw fail(
        `has the term ${JSON.stringify(text)} for shape ${formatShape(operands[k].shape)}; give a letter for each axis`,
      );
    }
    return labelsOf(text, free);
  });
  const dots = Math.max(...terms.map((labels) => labels.filter((label) => label.length > 1).length));
  if (right !== undefined) {
    const output = labelsOf(right, dots);
    const repeated = output.find((label, axis) => output.indexOf(label) < axis);
    if (repeated !== undefined) throw fail(`has ${repeated} twice in the output; name it once`);
    const unknown = output.find((label) => !terms.flat().includes(label));
    if (unknown !== undefined) throw fail(`has ${unknown} in the output, but in no operand`);
    return { terms, output };
  }
  const letters = terms.flat().filter((label) => label.length === 1);
  const once = letters.filter((label) => letters.indexOf(label) === letters.lastIndexOf(label)).sort();
  return { terms, output: [...labelsOf('...', dots), ...once] };
}

/** One label for each letter, and `dots` labels for `...`. */
function labelsOf(text: string, dots: number): string[] {
  const [before, after] = text.split('...');
  if (after === undefined) return [...before];
  return [...before, ...Array.from({ length: dots }, (_, k) => `.${dots - 1 - k}`), ...after];
}

/** The length of each label: that of all its axes which do not broadcast. */
function lengthsOf(
  equation: string,
  terms: readonly string[][],
  operands: readonly Tensor[],
): Map<string, number> {
  const lengths = new Map<string, number>();
  operands.forEach(({ shape }, k) => {
    terms[k].forEach((label, axis) => {
      const [known, length] = [lengths.get(label) ?? 1, shape[axis]];
      const first = terms[k].indexOf(label);
      if ((length !== known && length !== 1 && known !== 1) || length !== shape[first]) {
        const other = length !== shape[first] ? shape[first] : known;
        throw new ShapeError(
          `einsum: ${JSON.stringify(equation)} for shapes ${operands.map((x) => formatShape(x.shape)).join(', ')}: ` +
            `an axis ${label.length > 1 ? 'of ...' : `called ${label}`} has length ${other}, another ${length}`,
        );
      }
      lengths.set(label, length === 1 ? known : length);
    });
  });
  return lengths;
}
