// Compiles the AssemblyScript kernels to WebAssembly and embeds them in a TypeScript file, which is committed: nothing
// at run time reads a file or fetches. With --check it writes nothing, and fails where that file is not what the source
// gives.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

process.chdir(fileURLToPath(new URL('../packages/tensor/src/kernels/simd', import.meta.url)));

const generated = `// Generated from assembly/ by \`node scripts/build-simd.mjs\`: WebAssembly, in base64.

${embed('PLAIN', 'multiplies and adds in two roundings', await compile())}

${embed('RELAXED', 'multiplies and adds in one rounding', await compile('--enable', 'relaxed-simd', '--use', 'RELAXED=1'))}

/** Where, in both, the import of the memory says that it is shared: 3. 1 is not shared. */
export const SHARED_FLAG = ${sharedFlag(await compile())};
`;
if (!process.argv.includes('--check')) {
  writeFileSync('binary.ts', generated);
} else if (readFileSync('binary.ts', 'utf8') !== generated) {
  fail('kernels/simd/binary.ts is not what assembly/ gives; run node scripts/build-simd.mjs');
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
  '${Buffer.from(binary).toString('base64')}';`;
}

/** The byte behind the import's name and kind: "env", "memory", 2 for a memory. */
function sharedFlag(binary) {
  const at = Buffer.from(binary).indexOf('\x03env\x06memory\x02', 'latin1') + 12;
  if (binary[at] !== 3) fail('no import of a shared memory in the binary');
  return at;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
