/**
 * Writes ONNX files. Such a file is a protobuf message. Its types are in
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, and so are the numbers of fields and types below.
 */

/** Opset 13 with IR version 7, from 2020: every operator that is used here is in it, and every runtime reads it. */
const OPSET = 13;
const IR_VERSION = 7;

/** The numbers of element types. */
export const ELEMENT = { float32: 1, int64: 7 } as const;

export type ElementType = keyof typeof ELEMENT;

/** A graph to which nodes are added one by one. A value in it is known by its name. */
export class OnnxGraph {
  readonly #nodes: Uint8Array[] = [];
  readonly #constants: Uint8Array[] = [];
  readonly #inputs: Uint8Array[] = [];
  readonly #outputs: Uint8Array[] = [];

  /** @param about what the model is, in words. */
  constructor(
    readonly name: string,
    readonly about: string,
  ) {}

  /** An input of float32, of shape [batch, ...shape]. Returns its name. */
  input(name: string, shape: readonly number[]): string {
    this.#inputs.push(valueInfo(name, 'float32', shape));
    return name;
  }

  /** Gives a value to the outside under a new name, as [batch, ...shape]. */
  output(name: string, value: string, type: ElementType, shape: readonly number[]): void {
    // A length of 0 means: as it was.
    this.node('Reshape', [value, this.integers([0, ...shape])], {}, name);
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** A constant of float32. Returns its name. */
  floats(numbers: ArrayLike<number>, shape: readonly number[] = [numbers.length], name?: string): string {
    return this.#constant('float32', Float32Array.from(numbers), shape, name);
  }

  /** A constant of int64. Returns its name. */
  integers(numbers: readonly number[]): string {
    return this.#constant('int64', BigInt64Array.from(numbers, BigInt), [numbers.length]);
  }

  #constant(
    type: ElementType,
    { buffer }: Float32Array | BigInt64Array,
    shape: readonly number[],
    name = `constant_${this.#constants.length}`,
  ): string {
    const dims = shape.map((length): Field => [1, length]);
    this.#constants.push(message([...dims, [2, ELEMENT[type]], [8, name], [9, new Uint8Array(buffer)]]));
    return name;
  }

  /** An operator. Returns the name of its output. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, number>> = {},
    name = `${operator.toLowerCase()}_${this.#nodes.length}`,
  ): string {
    const INT = 2;
    this.#nodes.push(
      message([
        ...inputs.map((input): Field => [1, input]),
        [2, name],
        [3, name],
        [4, operator],
        ...Object.entries(attributes).map(
          ([key, value]): Field => [
            5,
            message([
              [1, key],
              [3, value],
              [20, INT],
            ]),
          ],
        ),
      ]),
    );
    return name;
  }

  /** The bytes of the file. */
  encode(): Uint8Array {
    const all = (field: number, messages: readonly Uint8Array[]) =>
      messages.map((one): Field => [field, one]);
    const graph = message([
      ...all(1, this.#nodes),
      [2, this.name],
      ...all(5, this.#constants),
      [10, this.about],
      ...all(11, this.#inputs),
      ...all(12, this.#outputs),
    ]);
    return message([
      [1, IR_VERSION],
      [2, 'paragrad'],
      [6, this.about],
      [7, graph],
      [
        8,
        message([
          [1, ''],
          [2, OPSET],
        ]),
      ],
    ]);
  }
}

/** An input or output, whose first axis is the batch. */
function valueInfo(name: string, type: ElementType, shape: readonly number[]): Uint8Array {
  const axes = [message([[2, 'batch']]), ...shape.map((length) => message([[1, length]]))];
  const tensor = message([
    [1, ELEMENT[type]],
    [2, message(axes.map((axis): Field => [1, axis]))],
  ]);
  return message([
    [1, name],
    [2, message([[1, tensor]])],
  ]);
}

/** A field of a protobuf message: an integer of at least 0, a text, or bytes, which a message inside also is. */
type Field = readonly [number: number, value: number | string | Uint8Array];

/** https://protobuf.dev/programming-guides/encoding: each field is its number and kind, then the integer or the bytes with their length. */
function message(fields: readonly Field[]): Uint8Array {
  const [VARINT, BYTES] = [0, 2];
  const parts = fields.flatMap(([number, value]) => {
    if (typeof value === 'number') return [varint(number * 8 + VARINT), varint(value)];
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    return [varint(number * 8 + BYTES), varint(bytes.length), bytes];
  });
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Seven bits a byte, the lowest first. The highest bit says that more follow. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}
