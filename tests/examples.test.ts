/** The examples, as `npm run example:...` runs them: the built program, in a process of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const run = (name: string, ...args: string[]) => {
  const program = fileURLToPath(new URL(`../examples/dist/${name}.js`, import.meta.url));
  return execFileSync(process.execPath, [program, ...args], { encoding: 'utf8' });
};

test('gradient-flow: the gradient flows through the critic into one actor, and the other actions are cut off', () => {
  const output = run('gradient-flow');
  const graph = output.slice(output.indexOf('neg []'), output.indexOf('\n\n- '));
  expect(graph.replaceAll(/(?<=\|gradient\| )[\d.e-]+/g, '...')).toBe(
    `
neg []
  reshape []  |gradient| ...
    mean [1, 1]  |gradient| ...
      agent_0's Q = linear [32, 1]  |gradient| ...
        relu [32, 64]  |gradient| ...
          add [32, 64]  |gradient| ...
            linear [32, 64]
              constant all observations [32, 54]
              narrow [64, 54]
                leaf agent_0.critic.body.0.weight [64, 60] #13
              leaf agent_0.critic.body.0.bias [64]
            matmulNT [32, 64]  |gradient| ...
              concat [32, 6]  |gradient| ...
                agent_0's action = mul [32, 2]  |gradient| ...
                  tanh [32, 2]  |gradient| ...
                    linear [32, 2]  |gradient| ...
                      relu [32, 64]  |gradient| ...
                        linear [32, 64]  |gradient| ...
                          constant agent_0's observation [32, 18]
                          leaf agent_0.actor.body.0.weight [64, 18]  |gradient| ...
                          leaf agent_0.actor.body.0.bias [64]  |gradient| ...
                      leaf agent_0.actor.body.2.weight [2, 64]  |gradient| ...
                      leaf agent_0.actor.body.2.bias [2]  |gradient| ...
                  constant [32, 2]
                agent_1's action = detach [32, 2]
                  agent_1's actor [32, 2] (5 ops; 4 parameters, no gradient)  x cut off, no gradient
                    constant agent_1's observation [32, 18]
                agent_2's action = detach [32, 2]
                  agent_2's actor [32, 2] (5 ops; 4 parameters, no gradient)  x cut off, no gradient
                    constant agent_2's observation [32, 18]
              narrow [64, 6]
                leaf agent_0.critic.body.0.weight [64, 60] #13 (above)
        leaf agent_0.critic.body.2.weight [1, 64]
        leaf agent_0.critic.body.2.bias [1]
`.trim(),
  );
  const norms = [...graph.matchAll(/\|gradient\| (.*)/g)].map(([, norm]) => Number(norm));
  expect(norms.every((norm) => norm > 0 && norm < 10)).toBe(true);
  expect(output).toContain('The actions of agent_1 and agent_2 are cut off by detach()');
});

test('gradient-flow: the picture in the docs is the one that it writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paragrad-'));
  const path = join(folder, 'graph.svg');
  expect(run('gradient-flow', path)).toContain(`as a picture: ${path}`);
  const inDocs = readFileSync(new URL('../docs/images/gradient-flow.svg', import.meta.url), 'utf8');
  expect(readFileSync(path, 'utf8')).toBe(inDocs);
  rmSync(folder, { recursive: true });
});

test('own-scenario: the scenario passes parallelApiTest, and the couriers can succeed', () => {
  expect(run('own-scenario')).toBe(
    `
rendezvous keeps the promises of the Parallel API
couriers: courier_0, courier_1, courier_2; each observes 8 numbers
couriers who stay: truncated after 25 steps, 1 arrived
couriers who go there: terminated after 10 steps, 3 arrived
64 copies together: 128 rewards from one step
`.trimStart(),
  );
});

test('own-scenario: the definition has at most 40 lines, and the README of mpe shows it', () => {
  const source = readFileSync(new URL('../examples/own-scenario.ts', import.meta.url), 'utf8');
  const [definition] = /export const rendezvous[\s\S]*?\n}\);/.exec(source)!;
  expect(definition.split('\n').length).toBeLessThanOrEqual(40);
  expect(readFileSync(new URL('../packages/mpe/README.md', import.meta.url), 'utf8')).toContain(definition);
});

test('own-environment: it passes parallelApiTest, and MADDPG learns it', () => {
  const [untrained, trained] = run('own-environment')
    .match(/-[\d.]+/g)!
    .map(Number);
  expect(untrained).toBeLessThan(-6);
  expect(trained).toBeGreaterThan(-3); // the best return is -20 / 9
});

test('the examples of algorithms have at most 40 lines', () => {
  for (const name of ['carrying', 'own-environment', 'matd3', 'attention', 'communication', 'ensembles']) {
    const source = readFileSync(new URL(`../examples/${name}.ts`, import.meta.url), 'utf8');
    expect(source.trimEnd().split('\n').length, name).toBeLessThanOrEqual(40);
  }
});

test('matd3: both algorithms print their return and what a critic expects', () => {
  const output = run('matd3', '40');
  for (const algorithm of ['maddpg', 'matd3']) {
    expect(output).toMatch(
      new RegExp(`${algorithm} +return -\\d+\\.\\d+; the critic of agent_0 expects a value of -?\\d+\\.\\d+`),
    );
  }
});

test('attention: ten agents train, and the critic of twenty has less than a seventh of the weights', () => {
  const output = run('attention', '40');
  const weights = new Map(
    [...output.matchAll(/^(\d+) +(\S+) +(\d+) +\d+ ms$/gm)].map(([, n, name, count]) => [
      `${n} ${name}`,
      +count,
    ]),
  );
  expect(weights.size).toBe(8);
  expect(weights.get('20 attention-maddpg')! * 7).toBeLessThan(weights.get('20 maddpg')!);
  expect(output).toMatch(/after 40 episodes: return -\d/);
});

test('ensembles: every sub-policy of the prey plays against every one of the predators', () => {
  const rows = run('ensembles', '20').trim().split('\n').slice(-3);
  for (const row of rows) expect(row).toMatch(/^ +\d( +-\d+\.\d){3}$/);
});

test('communication: both algorithms train and print their return', () => {
  const output = run('communication', '30');
  expect(output).toMatch(/^maddpg +return -\d+\.\d+\ncommunicating-maddpg +return -\d+\.\d+$/m);
});

test('many-agents: thirty agents train beside random ones and a script that does better', () => {
  const output = run('many-agents', '3');
  const returnOf = (who: string) => Number(new RegExp(`^${who}.* (-\\d+\\.\\d)$`, 'm').exec(output)?.[1]);
  expect(returnOf('a script')).toBeGreaterThan(returnOf('random actions') + 30);
  expect(returnOf('after 3 episodes')).toBeLessThan(0);
});

test('maddpg-single-file: it plays, learns and evaluates', () => {
  const output = run('maddpg-single-file', '410'); // it learns from episode 401 on
  expect(output.match(/^episode \d+: mean return -\d+\.\d\d$/gm)).toHaveLength(4);
  expect(output).toMatch(/^trained: -\d+\.\d\d, without noise\nrandom actions: -2[4-7]\.\d\d$/m);
});
