/** The sidebar of the site: what a reader finds where. A page of docs/ that is in no group is an error. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A page's path from the root of the project; beside it a short title, if its own is too long for a sidebar. */
type Entry = string | readonly [path: string, title: string];

export const contents: readonly { readonly title: string; readonly pages: readonly Entry[] }[] = [
  {
    title: 'Learn',
    pages: [
      ['docs/tour.md', 'A tour in ten minutes'],
      ['docs/gradient-flow.md', 'How a gradient flows'],
      'docs/explorer.md',
      'docs/inspecting.md',
      'docs/own-gradients.md',
      'docs/pitfalls.md',
    ],
  },
  {
    title: 'Algorithms',
    pages: [
      'docs/algorithms/maddpg.md',
      'docs/algorithms/matd3.md',
      ['docs/algorithms/attention-maddpg.md', 'Attention critic'],
      ['docs/algorithms/communicating-maddpg.md', 'Messages'],
      ['docs/algorithms/ensemble-maddpg.md', 'Policy ensembles'],
      ['docs/algorithms/inferring-maddpg.md', 'Inferred policies'],
      ['docs/algorithms/openai-maddpg.md', 'As it was released'],
      'docs/algorithms/iql.md',
      'docs/algorithms/qmix.md',
    ],
  },
  {
    title: 'Use',
    pages: [
      'docs/installing.md',
      'docs/from-pytorch.md',
      'docs/from-pettingzoo.md',
      ['docs/environments.md', 'What an environment may do'],
      ['docs/own-environment.md', 'Your own environment'],
      'docs/discrete-actions.md',
      'docs/deploying.md',
      'docs/web-page.md',
      ['docs/alternatives.md', 'Alternatives'],
    ],
  },
  {
    title: 'Train',
    pages: [
      'docs/estimates.md',
      'docs/watching.md',
      'docs/measuring.md',
      'docs/resuming.md',
      'docs/comparing.md',
      'docs/sweeps.md',
      'docs/when-nothing-is-learned.md',
      'docs/exploration.md',
      'docs/replay.md',
      'docs/normalization.md',
      'docs/value-rescaling.md',
      'docs/parameter-sharing.md',
      'docs/many-environments.md',
      'docs/many-agents.md',
    ],
  },
  {
    title: 'Look up',
    pages: [
      'docs/settings.md',
      'docs/presets.md',
      'docs/ops.md',
      'docs/results.md',
      'docs/performance.md',
      'docs/physics.md',
      'docs/testing-gradients.md',
      'docs/errors.md',
    ],
  },
  {
    title: 'Packages',
    pages: [
      'packages/tensor/README.md',
      'packages/nn/README.md',
      'packages/mpe/README.md',
      'packages/maddpg/README.md',
      'packages/check/README.md',
      ['packages/cli/README.md', 'paragrad, the command'],
    ],
  },
  {
    title: 'Contribute',
    pages: [
      ['README.md', 'The project on one page'],
      'docs/architecture.md',
      'CONTRIBUTING.md',
      'docs/releases.md',
    ],
  },
];

export const pathOf = (entry: Entry) => (typeof entry === 'string' ? entry : entry[0]);

/** Throws if the sidebar lacks a page of docs/ or a package's README, or names a page that is not among these. */
export function checkContents(present: readonly string[]): void {
  const listed = contents.flatMap(({ pages }) => pages.map(pathOf));
  const wanted = present.filter((path) => /^docs\/|^packages\/\w+\/README\.md$/.test(path));
  const missing = wanted.filter((path) => !listed.includes(path));
  if (missing.length > 0) {
    throw new Error(
      `The site's sidebar has no ${missing.join(', ')}: add it to a group in site/contents.ts.`,
    );
  }
  const gone = listed.filter((path) => !present.includes(path));
  if (gone.length > 0) throw new Error(`site/contents.ts names ${gone.join(', ')}, which does not exist.`);
}

/** What the sidebar calls a page: its short title, or its heading. */
export function titleOf(entry: Entry): string {
  if (typeof entry !== 'string') return entry[1];
  const [, heading] = /^# (.*)$/m.exec(readFileSync(join(ROOT, entry), 'utf8')) ?? [];
  return heading;
}

/** The site's address of a Markdown file, without the first slash: `docs/tour.md` is `tour.md`. */
export const pageOf = (path: string): string =>
  path
    .replace(/^(docs|site)\//, '')
    .replace(/\/README\.md$/, '.md')
    .replace(/\/README-1\.md$/, '/index.md'); // TypeDoc's name for the main module of a package that has several

const itemOf = (entry: Entry) => ({
  text: titleOf(entry),
  link: `/${pageOf(pathOf(entry)).replace(/\.md$/, '')}`,
});

/** The sidebar of the pages. That of the reference lists what TypeDoc wrote: each package's modules and classes. */
export const sidebar = () => ({
  '/': contents.map(({ title, pages }) => ({ text: title, items: pages.map(itemOf) })),
  '/api': packagesOfApi(),
});

function packagesOfApi() {
  const api = 'site/api/@paragrad';
  return ['tensor', 'nn', 'mpe', 'maddpg', 'check']
    .map((name) => `${api}/${name}`)
    .filter((folder) => existsSync(join(ROOT, folder)))
    .map((folder) => {
      const pages = readdirSync(join(ROOT, folder), { recursive: true }).map((name) => `${folder}/${name}`);
      // A package with several modules has a page of its own, and README-1.md for the main one.
      const main = [`${folder}/README-1.md`, `${folder}/README.md`].find((page) => pages.includes(page))!;
      const modules = pages.filter((page) => dirname(page) !== folder && page.endsWith('/README.md')).sort();
      const classes = pages.filter((page) => /\/classes\/\w+\.md$/.test(page)).sort();
      return {
        ...itemOf([main, folder.slice('site/api/'.length)]),
        items: [
          ...modules.map((page) => itemOf([page, dirname(page).split('/').at(-1)!])),
          ...classes.map((page) => itemOf([page, page.split('/').at(-1)!.replace('.md', '')])),
        ],
      };
    });
}
