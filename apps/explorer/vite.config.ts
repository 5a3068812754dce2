import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toSvg } from '@paragrad/mpe';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { shippedFiles } from './shipped-files.js';
import { shipped } from './src/shipped.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const BUILT = here('../../packages/cli/dist/pages/explorer');

/**
 * Writes files.json, the list of everything that the page needs without a network: see public/offline.js. What drives a GPU is
 * larger than half of the rest, so it is loaded only when someone chooses it.
 */
function listFiles(): Plugin {
  let folder = BUILT;
  return {
    name: 'list-files',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir);
    },
    closeBundle() {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/\.(map|md)$|^gpu-/.test(entry.name))
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
      writeFileSync(join(folder, 'files.json'), JSON.stringify(['./', ...files]));
    },
  };
}

const WHOLE = /(maddpg|matd3|descend|learner)\.ts\?raw$/; // model/sources.ts shows them line by line

/** Of other files the page quotes single lines, those in model/op-lines.ts. The rest stays out; the numbers of lines stay. */
const quotedLines: Plugin = {
  name: 'quoted-lines',
  enforce: 'pre',
  load(id) {
    if (!id.endsWith('.ts?raw') || WHOLE.test(id)) return;
    const quotes = [...readFileSync(here('src/model/op-lines.ts'), 'utf8').matchAll(/'([^'\n]{6,})'/g)].map(
      ([, text]) => text,
    );
    const lines = readFileSync(id.slice(0, -'?raw'.length), 'utf8').split('\n');
    const kept = lines.map((line) => (quotes.some((text) => line.includes(text)) ? line : ''));
    return `export default ${JSON.stringify(kept.join('\n'))}`;
  },
};

/** Gives the page the policies of the results. Those in public/ come by themselves. */
const policiesOfResults: Plugin = {
  name: 'policies-of-results',
  generateBundle() {
    for (const { name } of shipped.filter(({ row }) => row)) {
      for (const [file, source] of Object.entries(shippedFiles(name))) {
        this.emitFile({ type: 'asset', fileName: `policies/${name}/${file}`, source });
      }
    }
  },
};

/** Draws the first moment of the tour into index.html: something to look at before the scripts have come. */
const firstPicture: Plugin = {
  name: 'first-picture',
  async transformIndexHtml(html) {
    const { Session } = await import('./dist/model/session.js');
    const { chapters } = await import('./dist/tour/chapters.js');
    const { run = shipped[0].name, seed } = chapters[0].page;
    const scene = new Session(shippedFiles(run), seed).sceneAt(0);
    return html.replace('<!-- first picture -->', toSvg({ ...scene, halfWidth: 1.2 }, { size: 432 }));
  },
};

/**
 * Builds the explorer into the command's package, which serves it: `node scripts/setup.mjs`. All addresses are relative, so the files
 * work in any folder of any server: `npm run explorer:build`.
 */
export default defineConfig({
  root: here('.'),
  base: './',
  // The TypeScript sources of the packages: the page is built from what it shows.
  resolve: { conditions: ['@paragrad/source', ...defaultClientConditions] },
  plugins: [firstPicture, quotedLines, policiesOfResults, listFiles()],
  worker: { format: 'es' },
  build: {
    outDir: BUILT,
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
  },
});
