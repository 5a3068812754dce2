/**
 * `npm run play -- simple_tag` serves the page, and opens a browser if there is a display. `npm run play --
 * runs/simple_tag-1` serves it with the agents that this run has trained.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scenarioNames } from '@paragrad/mpe';
import { createServer, searchForWorkspaceRoot } from 'vite';

const [target = 'simple_tag'] = process.argv.slice(2);
const run = existsSync(join(target, 'config.json')) ? resolve(target) : undefined;
if (!run && !scenarioNames.some((name) => name === target)) {
  console.error(
    `play: ${target} is neither a scenario nor the folder of a run; the scenarios are ${scenarioNames.join(', ')}`,
  );
  process.exit(1);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const path = run ? `/?run=/@fs${run}` : `/?scenario=${target}`;
const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
const server = await createServer({
  root,
  appType: 'mpa', // an unknown address is an error and not this page
  server: {
    open: hasDisplay ? path : false,
    fs: { allow: [searchForWorkspaceRoot(root), ...(run ? [run] : [])] },
  },
});
await server.listen();
console.log(`Play at ${server.resolvedUrls?.local[0]}${path.slice(1)}  (press Ctrl-C to stop)`);
