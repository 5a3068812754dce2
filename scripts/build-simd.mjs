// Compiles the AssemblyScript kernels to WebAssembly and embeds them in a TypeScript file, which is committed. So no file
// is read or fetched at run time. With --check it writes nothing, and fails if the file does not match the sources.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

process.chdir(fileURLToPath(new URL('../packages/tensor/src/kernels/simd', import.meta.url)));

const generated = `// Generated from assembly/ by \`node scripts/build-simd.mjs\`: WebAssembly, in hexadecimal digits, which gzip packs better than base64.

${embed('PLAIN', 'multiplies and adds in two roundings', await compile())}

${embed('RELAXED', 'multiplies and adds in one rounding', await compile('--enable', 'relaxed-simd', '--use', 'RELAXED=1'))}

/** The position of the byte, in both, that says whether the imported memory is shared: 3 if shared, 1 if not. */
export const SHARED_FLAG = ${sharedFlag(await compile())};
`;
if (!process.argv.includes('--check')) {
  writeFileSync('binary.ts', generated);
} else if (readFileSync('binary.ts', 'utf8') !== generated) {
  fail('kernels/simd/binary.ts does not match assembly/; run node scripts/build-simd.mjs');
}

async function compile(...options) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      'assembly/kernels.ts',
      ...['--outFile', 'simd.wasm', '-O3', '--noAssert', '--runtime', 'stub'],
      ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
      ...['--importMemory', '--sharedMemory', '--initialMemory', '16', '--maximumMemory', '16384'],
      ...options,
    ],
    {
      writeFile(_, contents) {
        binary = contents;
      },
    },
  );
  if (error) fail(stderr.toString());
  return binary;
}

function embed(name, what, binary) {
  return `/** ${binary.length} bytes; ${what}. */
export const ${name} =
  '${Buffer.from(binary).toString('hex')}';`;
}

/** The position of the byte after the name and kind of the import: "env", "memory", and 2 for a memory. */
function sharedFlag(binary) {
  const at = Buffer.from(binary).indexOf('\x03env\x06memory\x02', 'latin1') + 12;
  if (binary[at] !== 3) fail('the binary does not import a shared memory');
  return at;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
