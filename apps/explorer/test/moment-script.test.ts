/** The code that the page gives away runs in Node, and prints what the page shows. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { shippedFiles } from '../shipped-files.js';
import { momentScript, RUN_FOLDER } from '../src/model/moment-script.js';
import { withPlaces } from '../src/model/places.js';
import { Session } from '../src/model/session.js';

/** Below the packages of the explorer, so that Node finds them. */
const CACHE = fileURLToPath(new URL('../node_modules/.cache', import.meta.url));

test.each(['spread', 'tag'])('%s: actions, values and gradients of a moment', (name) => {
  const session = new Session(shippedFiles(name), 3);
  session.goTo(7);
  const { state } = session.moment;
  const count = 2 * (state.agents.length + state.landmarks.length);
  session.edit(
    withPlaces(
      state,
      Array.from({ length: count }, (_, k) => Math.sin(k)),
    ),
  ); // dragged
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'moment-'));
  try {
    writeFileSync(join(folder, 'moment.mjs'), momentScript(session));
    mkdirSync(join(folder, RUN_FOLDER));
    for (const [file, content] of Object.entries(session.run.files)) {
      writeFileSync(join(folder, RUN_FOLDER, file), content);
    }
    const said = JSON.parse(
      execFileSync(process.execPath, [join(folder, 'moment.mjs')], { encoding: 'utf8' }),
    );
    session.agents.forEach((agent, i) => {
      const { value, gradient } = session.advice(i);
      expect(said[i].agent).toBe(agent);
      expect(said[i].value).toBeCloseTo(value, 5);
      expect(closeTo(said[i].gradient, gradient)).toBe(true);
      expect(closeTo(said[i].action, session.moment.actions[i])).toBe(true);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function closeTo(a: readonly number[], b: Float32Array): boolean {
  return a.length === b.length && a.every((x, k) => Math.abs(x - b[k]) < 1e-5 * (1 + Math.abs(x)));
}
