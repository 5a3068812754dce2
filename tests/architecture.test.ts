/** The rules of docs/architecture.md that a program can check. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Who may import whom. What is not listed is outside the project. */
const MAY_IMPORT: Record<string, string[]> = {
  check: [],
  tensor: ['check'],
  mpe: ['check'],
  nn: ['check', 'tensor'],
  maddpg: ['check', 'tensor', 'nn', 'mpe'],
  cli: ['check', 'tensor', 'mpe', 'maddpg'],
};

/** The only places with imports from outside the project, and what they may be. */
const OUTSIDE: Record<string, (specifier: string) => boolean> = {
  'packages/tensor/src/kernels/gpu': (specifier) => specifier === 'gpu.js',
  'packages/tensor/src/testing': (specifier) => specifier === 'fast-check',
  'packages/mpe/src/gif.ts': (specifier) => specifier === 'omggif',
  'packages/cli/src': () => true,
};

/** The only circles of imports, as files of packages/<name>/src in alphabetical order. Type imports count too. */
const CIRCLES: Record<string, string[][]> = {
  // A tensor's methods call the ops, and the ops make tensors and their records.
  tensor: [
    [
      'argument-checks.ts',
      'autograd/anomaly.ts',
      'autograd/backward.ts',
      'autograd/hooks.ts',
      'autograd/record.ts',
      'autograd/versions.ts',
      'autograd/visits.ts',
      'create.ts',
      'ops/activation.ts',
      'ops/arithmetic.ts',
      'ops/compare.ts',
      'ops/cumsum.ts',
      'ops/elementwise.ts',
      'ops/indexing.ts',
      'ops/matmul.ts',
      'ops/reduce.ts',
      'ops/slicing.ts',
      'ops/softmax.ts',
      'ops/sort.ts',
      'ops/triangle.ts',
      'ops/view.ts',
      'tensor.ts',
    ],
  ],
};

interface Import {
  file: string;
  specifier: string;
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g)].map(([, specifier]) => ({
    file,
    specifier,
  }));
}

const packages = Object.keys(MAY_IMPORT);
const imports = packages.flatMap((name) => sources(`packages/${name}/src`)).flatMap(importsOf);

test('there is something to check', () => {
  expect(readdirSync(join(ROOT, 'packages')).sort()).toEqual([...packages].sort());
  expect(imports.length).toBeGreaterThan(100);
});

test('packages import in one direction only', () => {
  const wrong = imports.filter(({ file, specifier }) => {
    const from = file.split('/')[1];
    const to = /^@paragrad\/(\w+)/.exec(specifier)?.[1];
    return to !== undefined && !MAY_IMPORT[from].includes(to);
  });
  expect(wrong).toEqual([]);
});

test('no import leaves its package by a path', () => {
  const wrong = imports.filter(({ file, specifier }) => {
    if (!specifier.startsWith('.')) return false;
    const target = relative(ROOT, resolve(ROOT, dirname(file), specifier));
    return !target.startsWith(`${file.split('/').slice(0, 3).join('/')}/`);
  });
  expect(wrong).toEqual([]);
});

/** The file that a relative import refers to. (AssemblyScript leaves out the extension.) */
function targetOf({ file, specifier }: Import): string {
  return `${join(dirname(file), specifier).replace(/\.js$/, '')}.ts`;
}

/** Groups of files that import each other in a circle: the strongly connected components of more than one file. */
function circlesOf(files: readonly string[]): string[][] {
  const targets = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(targetOf),
    ]),
  );
  const reachable = new Map(
    files.map((file) => {
      const found = new Set<string>();
      const open = [file];
      for (let next = open.pop(); next; next = open.pop()) {
        for (const target of targets.get(next)!) {
          if (!found.has(target)) open.push(target);
          found.add(target);
        }
      }
      return [file, found];
    }),
  );
  const inCircles = files.filter((file) => reachable.get(file)!.has(file));
  const circles = inCircles.map((file) =>
    [...reachable.get(file)!].filter((other) => reachable.get(other)!.has(file)).sort(),
  );
  return circles.filter((circle, index) => circle[0] === inCircles[index]);
}

test.each(packages)('the circles of imports in %s are the allowed ones', (name) => {
  const folder = `packages/${name}/src`;
  const files = sources(folder).sort();
  const wrong = files
    .flatMap(importsOf)
    .filter((one) => one.specifier.startsWith('.') && !files.includes(targetOf(one)));
  expect(wrong).toEqual([]);
  const circles = circlesOf(files).map((circle) => circle.map((file) => relative(folder, file)));
  expect(circles).toEqual(CIRCLES[name] ?? []);
});

test('nothing outside the project, Node included, is imported but where it is meant to be', () => {
  const wrong = imports.filter(({ file, specifier }) => {
    if (specifier.startsWith('.') || specifier.startsWith('@paragrad/')) return false;
    const place = Object.keys(OUTSIDE).find((path) => `${file}/`.startsWith(`${path}/`));
    return !(place && OUTSIDE[place](specifier));
  });
  expect(wrong).toEqual([]);
});

test.each(packages)('the page names every file and folder of %s/src', (name) => {
  const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  const entries = readdirSync(join(ROOT, `packages/${name}/src`), { withFileTypes: true });
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  expect(names.filter((one) => one !== 'index.ts' && !page.includes(one))).toEqual([]);
});

test('no source file is longer than 300 lines, except tensor.ts', () => {
  const long = packages
    .flatMap((name) => sources(`packages/${name}/src`))
    .filter((file) => file !== 'packages/tensor/src/tensor.ts')
    .filter((file) => readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length > 300);
  expect(long).toEqual([]);
});

test("the algorithm's page stays a page: at most 130 lines, without a word about what is not MADDPG", () => {
  const page = readFileSync(join(ROOT, 'packages/maddpg/src/maddpg.ts'), 'utf8');
  expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(130);
  const code = page.replace(/\/\*\*[\s\S]*?\*\//g, '');
  expect(code).not.toMatch(/sharing|shared|normaliz|penal|checkpoint|matd3|ensemble|attention|twin/i);
});

describe('manifests', () => {
  const manifest = (name: string) =>
    JSON.parse(readFileSync(join(ROOT, `packages/${name}/package.json`), 'utf8'));

  test.each(['check', 'tensor', 'nn', 'mpe', 'maddpg'])('%s brings no other package', (name) => {
    expect(manifest(name).dependencies ?? {}).toEqual({});
  });

  test.each([
    ['gpu.js', 'tensor'],
    ['omggif', 'mpe'],
  ])('%s is an optional peer of %s', (peer, name) => {
    const { peerDependencies, peerDependenciesMeta } = manifest(name);
    expect(peerDependencies[peer]).toBeDefined();
    expect(peerDependenciesMeta[peer]).toEqual({ optional: true });
  });

  test.each(packages)('%s has the license of the project', (name) => {
    expect(readFileSync(join(ROOT, `packages/${name}/LICENSE`), 'utf8')).toBe(
      readFileSync(join(ROOT, 'LICENSE'), 'utf8'),
    );
  });

  test.each(['tensor', 'nn', 'mpe', 'maddpg'])(
    '%s has the other packages as peers: one copy of each',
    (name) => {
      const peers = Object.keys(manifest(name).peerDependencies).filter((one) =>
        one.startsWith('@paragrad/'),
      );
      expect(peers.sort()).toEqual(MAY_IMPORT[name].map((one) => `@paragrad/${one}`).sort());
    },
  );

  test('the command depends on all peers of the libraries that it uses, because not every client adds them', () => {
    const { dependencies } = manifest('cli');
    const needed = MAY_IMPORT.cli.flatMap((name) => [name, ...MAY_IMPORT[name]]);
    expect(Object.keys(dependencies)).toEqual(
      expect.arrayContaining(needed.map((name) => `@paragrad/${name}`)),
    );
  });

  test.each(packages)('%s promises no side effects on import', (name) => {
    expect(manifest(name).sideEffects).toBe(false);
  });
});

describe('ops', () => {
  const texts = sources('packages/tensor/src/ops').map((file) => [
    file,
    readFileSync(join(ROOT, file), 'utf8'),
  ]);

  test.each(texts)('%s asks the allocator for memory', (_, text) => {
    expect(text).not.toMatch(/new Float(32|64)Array/);
  });

  test.each(texts)('%s leaves loops over elements to the kernels', (_, text) => {
    expect(text).not.toMatch(/\.data\s*\[|\.data\.(map|forEach|reduce|fill)/);
  });
});
