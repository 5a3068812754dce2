import { Bench } from 'tinybench';

/** Something to be timed. */
export interface Work {
  readonly name: string;
  /** Who does it, if not Paragrad. */
  readonly by?: string;
  /** Makes what is needed, and gives what is to be timed. Called only when it is this work's turn. */
  readonly prepare: () => () => unknown;
  /** Floating-point operations of one call, where counting them makes sense. */
  readonly flop?: number;
  /** Calls in each timed iteration, for work that is short beside reading the clock. Default 1. */
  readonly calls?: number;
  /** How many of what the name says one call does. Default 1. */
  readonly counts?: number;
  /** Milliseconds to get warm in, not counted; default 200. Where many functions take part, the compiler needs longer. */
  readonly warmup?: number;
}

export interface Timing {
  readonly work: string;
  readonly by?: string;
  /** Milliseconds of one call: the median. */
  readonly value: number;
  readonly unit: 'ms';
  readonly flop?: number;
}

export interface Effort {
  /** For runs that only see that everything works, and roughly how fast. */
  readonly quick: boolean;
  /** Times this work alone. */
  readonly only?: string;
}

/** The median time of each work. */
export async function time(works: readonly Work[], { quick, only }: Effort): Promise<Timing[]> {
  const timings: Timing[] = [];
  for (const { name, prepare, calls = 1, counts = 1, warmup = 200, ...about } of works.filter(
    (work) => !only || work.name === only,
  )) {
    const call = prepare();
    const bench = new Bench({
      time: quick ? 100 : 500,
      iterations: quick ? 3 : 5,
      warmupTime: quick ? 50 : warmup,
      warmupIterations: 2,
      throws: true,
    });
    bench.add(name, calls === 1 ? call : () => repeat(calls, call));
    const [{ result }] = await bench.run();
    if (!('latency' in result)) throw new Error(`${name} did not run to its end: ${result.state}`);
    timings.push({ work: name, value: result.latency.p50 / calls / counts, unit: 'ms', ...about });
  }
  return timings;
}

function repeat(times: number, call: () => unknown): void {
  for (let i = 0; i < times; i++) call();
}
