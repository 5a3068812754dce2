/** Software renderers are recognized by the name that WebGL reports. */
import { expect, test } from 'vitest';
import { isSoftware } from '../../src/kernels/gpu/context.js';

test.for([
  'ANGLE (Mesa/X.org llvmpipe (LLVM 15.0.6, 256 bits) OpenGL 4.5 core)',
  'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
  'Google SwiftShader',
  'softpipe',
  'ANGLE (Microsoft, Microsoft Basic Render Driver (0x0000008C) Direct3D11 vs_5_0 ps_5_0, D3D11)',
  'Software Rasterizer',
  'Apple Software Renderer',
])('%s is software', (renderer) => {
  expect(isSoftware(renderer)).toBe(true);
});

test.for([
  'ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)',
  'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002504) Direct3D11 vs_5_0 ps_5_0, D3D11)',
  'ANGLE (Apple, ANGLE Metal Renderer: Apple M1, Unspecified Version)',
  'Adreno (TM) 640',
  'Mali-G78',
])('%s is a GPU', (renderer) => {
  expect(isSoftware(renderer)).toBe(false);
});
