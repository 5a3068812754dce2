import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import type { Rows } from './alone.js';

env.wasm.numThreads = 1; // to start threads takes longer than these small models

/** An output of a model: its values, a row for each row of the input. */
export interface Output {
  readonly type: string;
  /** Of one row. */
  readonly shape: readonly number[];
  readonly rows: Rows;
}

/** What an ONNX model makes of its input, by the name of the output. */
export async function runOnnx(model: Uint8Array, observations: Rows): Promise<Record<string, Output>> {
  const session = await InferenceSession.create(model);
  const count = observations.length;
  const observation = new Tensor('float32', observations.flat(), [count, observations[0].length]);
  const results = await session.run({ observation });
  await session.release();
  const outputs = Object.entries(results).map(([name, { data, dims, type }]): [string, Output] => {
    const list = Array.from(data as ArrayLike<number | bigint>, Number);
    const size = list.length / count;
    const rows = observations.map((_, row) => list.slice(row * size, (row + 1) * size));
    if (dims[0] !== count) throw new Error(`${name} has ${dims[0]} rows, not ${count}`);
    return [name, { type, shape: dims.slice(1), rows }];
  });
  return Object.fromEntries(outputs);
}
