/**
 * Random actors, exported to PyTorch, act there as they do here; and ONNX's own checker accepts their models. Needs what
 * CONTRIBUTING.md says about `npm run test:differential`, and ONNX.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AlgorithmName, algorithmNames, exportOnnx, exportPyTorch } from '@paragrad/maddpg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  close,
  type Rows,
  split,
  type Turn,
  toleranceOf,
  turns,
} from '../../packages/maddpg/test/exporting/alone.js';
import { DescribedActor } from '../../packages/maddpg/test/exporting/described-actor.js';
import { randomAlgorithm } from '../../packages/maddpg/test/exporting/random-algorithm.js';

const { PYTHON = '/usr/bin/python3', ACTORS = '10' } = process.env;
const script = fileURLToPath(new URL('actors_in_pytorch.py', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paragrad-actors-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Case extends Turn {
  readonly described: Readonly<Record<string, DescribedActor>>;
  readonly actor: string;
  readonly model: string;
}

/** The agents of a random algorithm, in files. */
async function casesOf(name: AlgorithmName, seed: number): Promise<Case[]> {
  const { algorithm, observe } = randomAlgorithm(name, {
    seed,
    hidden: seed % 2 === 0 ? [8] : [8, 4],
    observationNorm: (['none', 'batch', 'running'] as const)[seed % 3],
    parameterSharing: seed % 4 === 0,
  });
  const actors = exportPyTorch(algorithm);
  const models = exportOnnx(algorithm);
  const pathOf = (file: string, content: Uint8Array, extension: string) => {
    const path = join(folder, `${name}-${seed}-${file}.${extension}`);
    writeFileSync(path, content);
    return path;
  };
  const described = Object.fromEntries(
    Object.entries(actors).map(([file, bytes]) => [file, new DescribedActor(bytes)]),
  );
  const speak = (file: string, inputs: Rows) => inputs.map((input) => described[file].numbers(input));
  const all = await turns(algorithm, Array.from({ length: 4 }, observe), speak);
  return all.map((turn) => ({
    ...turn,
    described,
    actor: pathOf(turn.file, actors[turn.file], 'safetensors'),
    model: pathOf(turn.file, models[turn.file], 'onnx'),
  }));
}

interface Answer {
  readonly opset: number;
  readonly numbers: number[][];
  readonly choices: number[][];
}

test.each(algorithmNames)(
  `${ACTORS} random algorithms act in PyTorch as here: %s`,
  { timeout: 600_000 },
  async (name) => {
    const cases: Case[] = [];
    for (let seed = 0; seed < Number(ACTORS); seed++) cases.push(...(await casesOf(name, seed)));
    const input = JSON.stringify(cases.map(({ actor, model, inputs }) => ({ actor, model, inputs })));
    const { stdout, stderr, status } = spawnSync(PYTHON, [script], {
      input,
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    if (status !== 0) throw new Error(`${PYTHON} actors_in_pytorch.py: ${stderr}`);
    const answers: Answer[] = JSON.parse(stdout);
    expect(answers).toHaveLength(cases.length);
    for (const [k, { opset, numbers, choices }] of answers.entries()) {
      const { spec, file, actions, inputs, described, actor } = cases[k];
      expect(opset).toBe(13);
      for (const [row, action] of actions.entries()) {
        const expected = split(spec, action);
        const tolerance = toleranceOf(cases[k], row, described);
        if (!close(numbers[row], expected.numbers, described[file].description, tolerance)) {
          expect(numbers[row], actor).toEqual(expected.numbers);
        }
        if (!described[file].isCloseCall(inputs[row], tolerance)) {
          expect(choices[row], actor).toEqual(expected.choices);
        }
      }
    }
  },
);
