import { Bench } from 'tinybench';
import type { Unit } from './results.js';

/** A piece of work to time. */
export interface Work {
  readonly name: string;
  /** The library that does it, if not Paragrad. */
  readonly by?: string;
  /** Sets the work up, and returns the function to time. Called just before this work is timed. */
  readonly prepare: () => () => unknown;
  /** Floating-point operations of one call, if they can be counted. */
  readonly flop?: number;
  /** Calls in each timed iteration. More than one if reading the clock takes longer than the work. Default 1. */
  readonly calls?: number;
  /** How many times one call does what the name says. Default 1. */
  readonly counts?: number;
  /** Milliseconds of warm-up, which are not counted. Default 200. The compiler needs more if many functions take part. */
  readonly warmup?: number;
}

/** What a subject measured. */
export interface Measurement {
  readonly work: string;
  /** Default: paragrad. */
  readonly by?: string;
  readonly value: number;
  readonly unit: Unit;
  readonly flop?: number;
}

/** The median time of one call, in milliseconds. */
export interface Timing extends Measurement {
  readonly unit: 'ms';
}

export interface Effort {
  /** Whether this is a short run, to see that everything works and roughly how fast. */
  readonly quick: boolean;
  /** The only work to time. Default: all of them. */
  readonly only?: string;
  /** The seed of a whole training. Each round has another one. */
  readonly seed?: number;
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
