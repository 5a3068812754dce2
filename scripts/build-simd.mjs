// Compiles the AssemblyScript kernels to WebAssembly and embeds them in a TypeScript file, which is committed: nothing
// at run time reads a file or fetches. With --check it writes nothing, and fails where that file is not what the source
// gives.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

process.chdir(fileURLToPath(new URL('../packages/tensor/src/kernels/simd', import.meta.url)));

let binary;
const { error, stderr } = await asc.main(
  [
    'assembly/matmul.ts',
    'assembly/elementwise.ts',
    '--outFile',
    'simd.wasm',
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd',
  ],
  {
    writeFile(_, contents) {
      binary = contents;
    },
  },
);
if (error) fail(stderr.toString());

const generated = `// Generated from assembly/ by \`node scripts/build-simd.mjs\`: ${binary.length} bytes of WebAssembly.
export const BINARY =
  '${Buffer.from(binary).toString('base64')}';
`;
if (!process.argv.includes('--check')) {
  writeFileSync('binary.ts', generated);
} else if (readFileSync('binary.ts', 'utf8') !== generated) {
  fail('kernels/simd/binary.ts is not what assembly/ gives; run node scripts/build-simd.mjs');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
