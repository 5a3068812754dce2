// Builds `gl`, the native module that gives gpu.js WebGL in Node. The installation does not build it, because only
// `npm run test:gpu` needs it. The build takes a few minutes, once. If `gl` can be loaded already, nothing happens.
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

/** Tries to load `gl` in another process, because this one would remember a failure. */
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

/** The headers that were installed with Node, if there are any. Otherwise node-gyp downloads them. */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include/node/node.h')) ? { npm_config_nodedir: prefix } : {};
}
