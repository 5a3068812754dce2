// The JavaScript of the libraries, bundled from their sources: a file for each entry of a package, and one for what its entries
// share; `standalone` has the other packages, too, and is minified. The types stay one file for each source, by the compiler. setup.mjs runs it when a source has changed.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { parseSync, Visitor } from 'rolldown/utils';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/**
 * Bundlers leave out what a page does not use, unless its value might do something when the file loads: a call, a spread or a
 * property might. Here they compute a value and nothing else, so they are marked.
 */
const markPure = {
  name: 'mark-pure',
  transform(code, id, { magicString }) {
    const PURE = '/* @__PURE__ */ ';
    let depth = 0; // of functions: what is inside does not run now
    let isRead = false;
    const enter = () => depth++;
    const leave = () => depth--;
    const read = () => {
      if (depth === 0) isRead = true;
    };
    const mark = ({ start }) => {
      if (depth === 0) magicString.appendLeft(start, PURE);
    };
    const wrapIfRead = (value) => {
      if (value && depth === 0 && isRead) {
        magicString.prependLeft(value.start, `${PURE}(() => (`).appendRight(value.end, '))()');
      }
      if (depth === 0) isRead = false;
    };
    new Visitor({
      FunctionExpression: enter,
      'FunctionExpression:exit': leave,
      FunctionDeclaration: enter,
      'FunctionDeclaration:exit': leave,
      ArrowFunctionExpression: enter,
      'ArrowFunctionExpression:exit': leave,
      ExpressionStatement: ({ start, end }) => {
        if (depth === 0) throw new Error(`${id}: this runs when the file loads: ${code.slice(start, end)}`);
      },
      CallExpression: mark,
      NewExpression: mark,
      SpreadElement: read,
      MemberExpression: read,
      'VariableDeclarator:exit': ({ init }) => wrapIfRead(init),
      'PropertyDefinition:exit': ({ value, static: isStatic }) => wrapIfRead(isStatic && value),
    }).visit(parseSync(id, code).program);
    return { code: magicString };
  },
};

const common = {
  plugins: [markPure],
  experimental: { nativeMagicString: true },
  checks: { pluginTimings: false },
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
  const output = {
    dir: `${folder}/dist`,
    chunkFileNames: '[name].js',
    sourcemap: true,
    sourcemapExcludeSources: true, // they are in the package
    comments: { legal: true, annotation: true, jsdoc: false },
  };
  const isStandalone = ([entry]) => entry === 'standalone';
  const built = [
    await build({
      ...common,
      input: Object.fromEntries(entries.filter((entry) => !isStandalone(entry))),
      external: /^[^./]/, // other packages
      output: {
        ...output,
        codeSplitting: { groups: [{ name: 'shared', test: /src\/(?!testing)/, minShareCount: 2 }] },
      },
    }),
  ];
  for (const entry of entries.filter(isStandalone)) {
    built.push(
      await build({
        ...common,
        input: Object.fromEntries([entry]),
        resolve: { conditionNames: ['@paragrad/source'] },
        output: { ...output, minify: true, keepNames: true }, // errors name classes
      }),
    );
  }
  const written = built.flatMap(({ output }) => output.map(({ fileName }) => fileName));
  for (const file of readdirSync(`${folder}/dist`, { recursive: true })) {
    if (/\.js(\.map)?$/.test(file) && !written.includes(file)) rmSync(`${folder}/dist/${file}`);
  }
}
