/** `npm run play -- simple_tag`: serves the page, and opens it where there is a display. */
import { fileURLToPath } from 'node:url';
import { scenarioNames } from '@paragrad/mpe';
import { createServer } from 'vite';

const [scenario = 'simple_tag'] = process.argv.slice(2);
if (!scenarioNames.some((name) => name === scenario)) {
  console.error(`play: there is no scenario ${scenario}; there are ${scenarioNames.join(', ')}`);
  process.exit(1);
}
const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
const path = `/?scenario=${scenario}`;
const server = await createServer({
  root: fileURLToPath(new URL('..', import.meta.url)),
  server: { open: hasDisplay ? path : false },
});
await server.listen();
console.log(`Play at ${server.resolvedUrls?.local[0]}${path.slice(1)}  (Ctrl-C ends it)`);
