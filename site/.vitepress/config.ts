/** The site of docs/: `npm run docs`. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { defineConfig } from 'vitepress';
import { checkContents, pageOf, ROOT, sidebar } from '../contents.ts';
import { checkLinks } from '../links.ts';
import { useProject } from '../markdown.ts';
import { slugify } from '../slugify.ts';
import { markdownIn } from '../sources.ts';

checkContents(markdownIn('.'));

const EXPLORER = join(ROOT, 'packages/cli/dist/pages/explorer');

export default defineConfig({
  title: 'Paragrad',
  description: JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).description,
  srcDir: '..',
  outDir: './dist',
  cacheDir: './node_modules/.vitepress',
  srcExclude: ['runs', 'packed', 'coverage'].map((folder) => `${folder}/**`),
  rewrites: pageOf,
  transformPageData: ({ filePath, frontmatter }) =>
    filePath === 'docs/results.md' // its tables need the width; its first table is its outline
      ? { frontmatter: { ...frontmatter, aside: false, pageClass: 'tables' } }
      : undefined,
  head: [
    [
      'link',
      {
        rel: 'icon',
        href: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='6' fill='%23c43682'/%3E%3C/svg%3E",
      },
    ],
  ],
  markdown: {
    anchor: { slugify },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: useProject,
  },
  vite: {
    plugins: [
      {
        // The pages lie outside of this folder, from where Vite would not find Vue.
        name: 'vue-of-this-folder',
        enforce: 'pre',
        resolveId: (id, _, options) =>
          options?.ssr && /^vue(\/|$)/.test(id) ? { id, external: true } : undefined,
      },
    ],
    build: { chunkSizeWarningLimit: 4000 }, // the index of the search is large, and loaded for a search only
  },
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === 'paragrad-gradient-flow' } } },
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        // Of the reference, names and descriptions. Its tables and signatures would be most of what a reader must load to search.
        _render: (text, env, md) =>
          md.render(
            /\/site\/api\//.test(env.path) ? text.replace(/^```[\s\S]*?^```$|^\|.*$/gm, '') : text,
            env,
          ),
      },
    },
    nav: [
      { text: 'Learn', link: '/tour' },
      { text: 'Algorithms', link: '/algorithms/maddpg' },
      { text: 'Train', link: '/watching' },
      { text: 'Results', link: '/results' },
      { text: 'API', link: '/api' },
      { text: 'Explorer', link: '/explore/index.html', target: '_self' },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    docFooter: { prev: 'Before', next: 'Next' },
  },
  // The explorer is built by scripts/setup.mjs. Its addresses are relative, so it works in any folder.
  buildEnd({ outDir, site }) {
    cpSync(EXPLORER, join(outDir, 'explore'), { recursive: true });
    checkLinks(outDir, site.base);
  },
});
