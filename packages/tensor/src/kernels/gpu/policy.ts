import type { Timing } from '../kernel-set.js';
import { reaches, smallestOnGpu } from './calibration.js';

export interface Decision {
  readonly onGpu: boolean;
  readonly why: string;
  readonly measured?: Timing;
}

/** Whether a product of [m, k] and [k, n] goes to the GPU. */
export type Policy = (m: number, k: number, n: number) => Decision;

export const always: Policy = () => ({ onGpu: true, why: "useGpu was told choice: 'always'" });

export function neverOn(renderer: string): Policy {
  const why = `the WebGL here is ${renderer}, which runs GLSL on the CPU; choice: 'always' would use it all the same`;
  return () => ({ onGpu: false, why });
}

/** From the size on at which the GPU was measured faster. `cpu` is the name of what it was measured against. */
export function asMeasured(timings: readonly Timing[], cpu: string): Policy {
  const size = ({ m, k, n }: Timing) => `${m} x ${k} x ${n}`;
  const times = ({ gpuMs, cpuMs }: Timing) =>
    `gpu ${gpuMs.toPrecision(2)} ms, ${cpu} ${cpuMs.toPrecision(2)} ms`;

  const smallest = smallestOnGpu(timings);
  if (!smallest) {
    const measured = timings.at(-1)!;
    const why = `the GPU was not faster at the largest product measured, ${size(measured)} (${times(measured)})`;
    return () => ({ onGpu: false, why, measured });
  }
  const why = `from ${size(smallest)} on the GPU was measured faster (${times(smallest)} there)`;
  const but = `${why}, and this has fewer multiply-adds, or fewer for each number moved`;
  return (m, k, n) => {
    const onGpu = reaches({ m, k, n }, smallest);
    return { onGpu, why: onGpu ? why : but, measured: smallest };
  };
}
