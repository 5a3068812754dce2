// The JavaScript of the libraries, bundled from their sources: a file for each entry of a package, and one for what its entries
// share. The types stay one file for each source, by the compiler. setup.mjs runs it when a source has changed.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { parseSync, Visitor } from 'rolldown/utils';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/**
 * Bundlers leave out what a page does not use, unless it calls a function while it loads: the call might do something. None here
 * does, so all calls for a value are marked.
 */
const markPureCalls = {
  name: 'mark-pure-calls',
  transform(code, id, { magicString }) {
    let depth = 0;
    const enter = () => depth++;
    const leave = () => depth--;
    const statements = new Set();
    const mark = ({ start }) => {
      if (depth === 0 && !statements.has(start)) magicString.appendLeft(start, '/* @__PURE__ */ ');
    };
    new Visitor({
      FunctionExpression: enter,
      'FunctionExpression:exit': leave,
      FunctionDeclaration: enter,
      'FunctionDeclaration:exit': leave,
      ArrowFunctionExpression: enter,
      'ArrowFunctionExpression:exit': leave,
      ExpressionStatement: ({ start }) => statements.add(start), // called for what it does, not for its value
      CallExpression: mark,
      NewExpression: mark,
    }).visit(parseSync(id, code).program);
    return { code: magicString };
  },
};

for (const name of ['check', 'tensor', 'nn', 'mpe', 'maddpg']) {
  const folder = `packages/${name}`;
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const entries = Object.values(manifest.exports)
    .filter((entry) => entry['@paragrad/source'])
    .map((entry) => [
      entry.default.replace(/^\.\/dist\/|\.js$/g, ''),
      `${folder}/${entry['@paragrad/source'].replace('./', '')}`,
    ]);
  const written = await bundle(folder, Object.fromEntries(entries));
  for (const file of readdirSync(`${folder}/dist`, { recursive: true })) {
    if (/\.js(\.map)?$/.test(file) && !written.includes(file)) rmSync(`${folder}/dist/${file}`);
  }
}

/** Returns the files that it wrote. */
async function bundle(folder, input) {
  const { output } = await build({
    input,
    external: /^[^./]/, // other packages
    checks: { pluginTimings: false },
    experimental: { nativeMagicString: true },
    plugins: [markPureCalls],
    output: {
      dir: `${folder}/dist`,
      sourcemap: true,
      sourcemapExcludeSources: true, // they are in the package
      chunkFileNames: '[name].js',
      codeSplitting: { groups: [{ name: 'shared', test: /src\/(?!testing)/, minShareCount: 2 }] },
      comments: { legal: true, annotation: true, jsdoc: false },
    },
  });
  return output.map(({ fileName }) => fileName);
}
