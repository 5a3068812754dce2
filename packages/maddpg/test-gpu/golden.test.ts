/** The parity suite for whole updates again, with every matrix product on real GLSL: `npm run test:gpu`. */
import '../test/golden.test.js';
import { referenceKernels, useKernels } from '@paragrad/tensor';
import { type GpuHandle, useGpu } from '@paragrad/tensor/gpu';
import { afterAll, beforeAll } from 'vitest';

let gpu: GpuHandle;

beforeAll(async () => {
  const onCpu = () => {
    throw new Error('a product ran on the CPU');
  };
  useKernels({ ...referenceKernels, matmul: onCpu });
  gpu = await useGpu({ choice: 'always', maxKernels: 256 });
});

afterAll(() => gpu.dispose());
