import { test } from 'vitest';
import { useGpu } from '@paragrad/tensor/gpu';
import { kernels, reference } from '@paragrad/tensor';
test('x', async () => {
  const h = await useGpu();
  console.log(h.mode, h.renderer);
  const a = Float32Array.from({length: 35}, Math.random), b = Float32Array.from({length: 77}, Math.random), bias = new Float32Array(11).fill(3);
  const c = new Float32Array(55), d = new Float32Array(55);
  const p = {form:'nn', m:5,k:7,n:11,bias} as const;
  kernels().matmul(p,a,b,c); reference.matmul(p,a,b,d);
  console.log(Math.max(...c.map((x,i)=>Math.abs(x-d[i]))));
  await h.dispose();
});
