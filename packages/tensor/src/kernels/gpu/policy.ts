import type { MatmulTiming } from '../kernel-set.js';
import { isAtLeastAsGpuFriendly, smallestOnGpu } from './calibration.js';

export interface Decision {
  readonly onGpu: boolean;
  readonly why: string;
  readonly measured?: MatmulTiming;
}

/** Decides whether a product of [m, k] and [k, n] runs on the GPU. */
export type Policy = (m: number, k: number, n: number) => Decision;

export const alwaysGpu: Policy = () => ({ onGpu: true, why: "useGpu got choice: 'always'" });

/** For a renderer that is a program: never the GPU. */
export function neverOnSoftware(renderer: string): Policy {
  const why = `the WebGL renderer here is ${renderer}, which runs GLSL on the CPU; choice: 'always' would use it anyway`;
  return () => ({ onGpu: false, why });
}

/** The GPU from the size on at which it was measured faster. `cpu` is the name of the kernel set it was compared with. */
export function whereFaster(timings: readonly MatmulTiming[], cpu: string): Policy {
  const size = ({ m, k, n }: MatmulTiming) => `${m} x ${k} x ${n}`;
  const times = ({ gpuMs, cpuMs }: MatmulTiming) =>
    `gpu ${gpuMs.toPrecision(2)} ms, ${cpu} ${cpuMs.toPrecision(2)} ms`;

  const smallest = smallestOnGpu(timings);
  if (!smallest) {
    const measured = timings.at(-1)!;
    const why = `the GPU was not faster at the largest product measured, ${size(measured)} (${times(measured)})`;
    return () => ({ onGpu: false, why, measured });
  }
  const why = `the GPU was measured faster from ${size(smallest)} on (${times(smallest)} there)`;
  const but = `${why}, but this product has fewer multiply-adds, or fewer per number moved`;
  return (m, k, n) => {
    const onGpu = isAtLeastAsGpuFriendly({ m, k, n }, smallest);
    return { onGpu, why: onGpu ? why : but, measured: smallest };
  };
}
