// Builds `gl`, the native module through which gpu.js has WebGL in Node. Only `npm run test:gpu` needs it, so installing
// doesn't build it. Takes a few minutes, once; does nothing where `gl` can be loaded already.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

const gpuJs = createRequire(new URL('../packages/tensor/package.json', import.meta.url)).resolve('gpu.js');
const manifest = createRequire(gpuJs).resolve('gl/package.json'); // a dependency of gpu.js, not of ours
const gl = dirname(manifest);

if (!loads()) {
  console.log('Building gl (once; a few minutes) ...');
  const { status, stdout, stderr } = build();
  if (status !== 0 || !loads()) {
    console.error(`${stdout}${stderr}`.split('\n').slice(-40).join('\n'));
    console.error(
      '\ngl could not be built. It needs a C++ compiler, make, Python 3, pkg-config and the headers of OpenGL and X11.\n' +
        'On Debian: apt-get install build-essential python3 pkg-config libgl-dev libxi-dev xvfb xauth',
    );
    process.exit(1);
  }
}

/** Asked of another process: this one would remember a failure. */
function loads() {
  return spawnSync(process.execPath, ['-e', 'require(process.argv[1])', gl]).status === 0;
}

function build() {
  const nodeGyp = createRequire(manifest).resolve('node-gyp/bin/node-gyp.js');
  return spawnSync(process.execPath, [nodeGyp, 'rebuild', '-j', String(availableParallelism())], {
    cwd: gl,
    env: { ...nodeHeaders(), ...process.env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
}

/** Node's own headers where they came with it; node-gyp downloads them otherwise. */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include/node/node.h')) ? { npm_config_nodedir: prefix } : {};
}
