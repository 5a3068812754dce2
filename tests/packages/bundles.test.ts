/** What the tarballs have, and what it costs to load: the tables of docs/installing.md. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, read } from '../markdown.js';
import { unpack } from './unpack.js';

const NAMES = ['check', 'tensor', 'nn', 'mpe', 'maddpg'];
let folder: string;
beforeAll(() => {
  folder = unpack();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A page's program as Vite would ship it: with what it uses of the packages, minified. */
async function bundled(
  program: string,
  resolve: (id: string) => { id: string; moduleSideEffects: true } | null = () => null,
): Promise<string> {
  const file = join(folder, 'page.js');
  const build = await rolldown({
    input: file,
    platform: 'browser',
    external: ['fast-check', 'gpu.js', 'omggif'],
    plugins: [
      {
        name: 'page',
        resolveId: (id) => (id === file ? id : resolve(id)),
        load: (id) => (id === file ? program : null),
      },
    ],
  });
  const { output } = await build.generate({ minify: true });
  expect(output).toHaveLength(1);
  return output[0].code;
}

describe.each(NAMES)('%s', (name) => {
  const dist = () => join(folder, 'node_modules/@paragrad', name, 'dist');
  const files = () => readdirSync(dist(), { recursive: true, encoding: 'utf8' });

  test('it has few files of JavaScript, each with a map to sources that are in the package', () => {
    const scripts = files().filter((file) => file.endsWith('.js'));
    expect(scripts).toContain('index.js');
    expect(scripts.length).toBeLessThan(9);
    for (const script of scripts) {
      const code = readFileSync(join(dist(), script), 'utf8');
      if (/^export [^;]* from "[^"]+";\s*$/.test(code)) continue; // it only names what another file has
      const map = join(dist(), `${script}.map`);
      expect(code).toMatch(/\/\/# sourceMappingURL=\w+\.js\.map\s*$/);
      for (const source of JSON.parse(readFileSync(map, 'utf8')).sources) {
        expect(existsSync(join(dirname(map), source)), source).toBe(true);
      }
    }
  });

  test('nothing is left of it on a page that imports it and uses nothing', async () => {
    const scripts = files().filter((file) => /\.js$/.test(file) && !/^(testing|standalone)/.test(file));
    const page = scripts.map((file) => `import '${dist()}/${file}';`).join('\n');
    const code = await bundled(page, (id) => (id.startsWith('/') ? { id, moduleSideEffects: true } : null)); // not only because package.json promises it
    expect(
      code
        .replace(/import"[^"]+";/g, '')
        .trim()
        .slice(0, 300),
    ).toBe('');
  });
});

const README = blocksOf(read('README.md'), 'ts').find((code) => code.includes('makeEnv'))!;

/** What pages of the table in docs/installing.md import. */
const pages: Record<string, string> = {
  'a matrix product and its gradient': `
    import { tensor } from '@paragrad/tensor';
    const w = tensor([[1, 2]], { requiresGrad: true });
    w.matmul(tensor([[3], [4]])).backward();
    console.log(w.grad.tolist());`,
  'a perceptron, trained with Adam': `
    import { Generator, tensor } from '@paragrad/tensor';
    import { Adam, Linear, Sequential, Tanh } from '@paragrad/nn';
    const generator = new Generator(1);
    const network = new Sequential([new Linear(2, 8, { generator }), new Tanh(), new Linear(8, 1, { generator })]);
    const adam = new Adam(network.parameters(), { lr: 0.01 });
    network.forward(tensor([[1, 2]])).square().mean().backward();
    adam.step();`,
  'the example of the README': README,
  'every name of the five libraries': NAMES.map(
    (name) => `import * as ${name} from '@paragrad/${name}'; console.log(${name});`,
  ).join('\n'),
  'random numbers only':
    "import { Generator } from '@paragrad/tensor'; console.log(new Generator(1).uniform());",
};

/** The row of the file that needs no bundler. */
const STANDALONE = '`maddpg/standalone`, by itself';

describe('sizes', () => {
  const rows = [...read('docs/installing.md').matchAll(/^\| ([^|]+?) +\| (\d+) kB +\| (?:(\d+) kB)? *\|$/gm)];

  test('the table has these pages', () => {
    expect(rows.map(([, page]) => page)).toEqual([...Object.keys(pages), STANDALONE]);
  });

  test.each(rows.map(([, page, most]) => [page, Number(most)] as const))(
    '%s: at most %d kB',
    async (page, most) => {
      const code =
        page === STANDALONE
          ? readFileSync(join(folder, 'node_modules/@paragrad/maddpg/dist/standalone.js'))
          : await bundled(pages[page]);
      const size = gzipSync(code, { level: 9 }).length / 1000;
      console.log(`${page}: ${size.toFixed(1)} kB`);
      expect(size).toBeLessThanOrEqual(most);
      expect(size, 'the table can promise less').toBeGreaterThan(most - 3);
    },
  );

  test('a page without tensors does not have the kernels', async () => {
    const binary = '0061736d01000000'; // how WebAssembly begins
    expect(await bundled(pages['random numbers only'])).not.toContain(binary);
    expect(
      await bundled("import { makeEnv } from '@paragrad/mpe'; makeEnv('simple').reset();"),
    ).not.toContain(binary);
    expect(await bundled(pages['a matrix product and its gradient'])).toContain(binary);
  });
});

test('to import @paragrad/maddpg takes at most as much work as to start Node', () => {
  /** Milliseconds of processor time of a process that runs this. */
  const cpu = (program: string) => {
    const measured = `${program}; const { user, system } = process.cpuUsage(); console.log((user + system) / 1000);`;
    const args = ['--input-type=module', '--eval', measured];
    return Number(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }));
  };
  const times = { node: [] as number[], maddpg: [] as number[] };
  for (let time = 0; time < 15; time++) {
    times.node.push(cpu(''));
    times.maddpg.push(cpu("await import('@paragrad/maddpg')"));
  }
  // The median: with a changing clock rate, the least is that of a lucky moment, which only one of the two may have had.
  const median = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
  const [node, maddpg] = [median(times.node), median(times.maddpg)];
  console.log(`Node ${node.toFixed(0)} ms, with @paragrad/maddpg ${maddpg.toFixed(0)} ms`);
  expect(maddpg - node).toBeLessThan(node);
});
