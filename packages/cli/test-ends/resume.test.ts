/** Every algorithm, stopped at random moments and resumed in new processes, ends as in one piece: `npm run test:ends`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { everyAlgorithm } from '../../maddpg/test/every-algorithm.js';
import { OFTEN, Program } from '../test/program.js';
import { threeAtOnce } from './three-at-once.js';

const STEPS = 7 * 120;
/** Drawing takes most of the time. */
const QUICKLY = [...OFTEN, '--no-film'];
const SMALL = {
  env: { maxCycles: 7 },
  episodes: 120,
  batchSize: 32,
  stepsPerUpdate: 5,
  warmupSteps: 50,
  evaluationEpisodes: 2,
};

const program = new Program();
afterAll(program.close);

test('every algorithm goes on in a new process as if it had not been stopped', async () => {
  const configs = Object.entries(everyAlgorithm).flatMap(([algorithm, all]) =>
    all.map((one, k) => ({
      name: `${algorithm}-${k}`,
      config: { ...SMALL, ...one, algorithm, settings: { hidden: [8], ...one.settings } },
    })),
  );
  let withinEpisodes = 0;
  await threeAtOnce(configs.length, async (k) => {
    const { name, config } = configs[k];
    writeFileSync(join(program.folder, `${name}.json`), JSON.stringify(config));
    const run = ['train', '--config', `${name}.json`, ...QUICKLY, '--out'];
    const whole = await program.run(...run, `${name}-whole`);
    expect(whole.output).toContain('Results in');

    const command = [...run, name];
    for (const [share, signal] of [
      [0.3 * Math.random(), 'SIGTERM'],
      [0.3 + 0.5 * Math.random(), 'SIGKILL'],
    ] as const) {
      const part = program.start(...command);
      await program.untilSteps(name, STEPS * share);
      await setTimeout(20 * Math.random());
      part.process.kill(signal);
      await part.ended;
      if (program.status(name).steps % 7 !== 0) withinEpisodes += 1;
      command.splice(0, command.length, 'resume', name, ...QUICKLY);
    }
    const last = await program.run(...command);
    expect(last.output).toMatch(/Results in|has 120 episodes already/);
    expect(program.results(name)).toEqual(program.results(`${name}-whole`));
  });
  expect(withinEpisodes).toBeGreaterThan(configs.length / 2);
});
