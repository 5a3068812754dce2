/** The examples, as `npm run example:...` runs them: the build, in a process of its own. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const run = (name: string, ...args: string[]) => {
  const program = fileURLToPath(new URL(`../examples/dist/${name}.js`, import.meta.url));
  return execFileSync(process.execPath, [program, ...args], { encoding: 'utf8' });
};

test('gradient-flow: from the critic into one agent’s actor, the others cut off', () => {
  const output = run('gradient-flow');
  const graph = output.slice(output.indexOf('neg []'), output.indexOf('\n\n- '));
  expect(graph.replaceAll(/(?<=\|gradient\| ).*/g, '...')).toBe(
    `
neg []
  mul []  |gradient| ...
    reshape []  |gradient| ...
      sumToSize [1, 1]  |gradient| ...
        linear [32, 1]  |gradient| ...
          relu [32, 64]  |gradient| ...
            add [32, 64]  |gradient| ...
              linear [32, 64]
                constant all observations [32, 54]
                narrow [64, 54]
                  leaf critic.body.0.weight [64, 60] #15
                leaf critic.body.0.bias [64]
              matmulNT [32, 64]  |gradient| ...
                concat [32, 6]  |gradient| ...
                  action of agent_0 = mul [32, 2]  |gradient| ...
                    tanh [32, 2]  |gradient| ...
                      linear [32, 2]  |gradient| ...
                        relu [32, 64]  |gradient| ...
                          linear [32, 64]  |gradient| ...
                            constant observation of agent_0 [32, 18]
                            leaf actor.body.0.weight [64, 18]  |gradient| ...
                            leaf actor.body.0.bias [64]  |gradient| ...
                        leaf actor.body.2.weight [2, 64]  |gradient| ...
                        leaf actor.body.2.bias [2]  |gradient| ...
                    constant [32, 2]
                  action of agent_1 = detach [32, 2]
                    mul [32, 2]  x cut off, no gradient
                  action of agent_2 = detach [32, 2]
                    mul [32, 2]  x cut off, no gradient
                narrow [64, 6]
                  leaf critic.body.0.weight [64, 60] #15 (above)
          leaf critic.body.2.weight [1, 64]
          leaf critic.body.2.bias [1]
    constant []
`.trim(),
  );
  const norms = [...graph.matchAll(/\|gradient\| (.*)/g)].map(([, norm]) => Number(norm));
  expect(norms.every((norm) => norm > 0 && norm < 10)).toBe(true);
  expect(output).toContain('The actions of agent_1 and agent_2 are cut off by detach()');
});

test('own-scenario: an environment of one’s own keeps the promises, and can be solved', () => {
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

test('own-scenario: the definition is as short as it is said to be', () => {
  const source = readFileSync(new URL('../examples/own-scenario.ts', import.meta.url), 'utf8');
  const [definition] = /export const rendezvous[\s\S]*?\n}\);/.exec(source)!;
  expect(definition.split('\n').length).toBeLessThanOrEqual(40);
  // ... and is the one that the package's page shows.
  expect(readFileSync(new URL('../packages/mpe/README.md', import.meta.url), 'utf8')).toContain(definition);
});

test('own-environment: it keeps the promises, and is learned', () => {
  const [untrained, trained] = run('own-environment')
    .match(/-[\d.]+/g)!
    .map(Number);
  expect(untrained).toBeLessThan(-6);
  expect(trained).toBeGreaterThan(-3); // the best there is: -20 / 9
});

test('examples of the algorithms are 40 lines at most', () => {
  for (const name of ['carrying', 'own-environment', 'matd3', 'attention', 'communication', 'ensembles']) {
    const source = readFileSync(new URL(`../examples/${name}.ts`, import.meta.url), 'utf8');
    expect(source.trimEnd().split('\n').length, name).toBeLessThanOrEqual(40);
  }
});

test('matd3: both algorithms learn, and say what they expected', () => {
  const output = run('matd3', '40');
  for (const algorithm of ['maddpg', 'matd3']) {
    expect(output).toMatch(
      new RegExp(`${algorithm} +return -\\d+\\.\\d+, a value of -?\\d+\\.\\d+ expected`),
    );
  }
});

test('attention: ten agents train, and twenty share a critic with a seventh of the weights', () => {
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

test('ensembles: every sub-policy of the prey meets every one of the predators', () => {
  const rows = run('ensembles', '20').trim().split('\n').slice(-3);
  for (const row of rows) expect(row).toMatch(/^ +\d( +-\d+\.\d){3}$/);
});

test('communication: both algorithms train where one agent knows what the other needs', () => {
  const output = run('communication', '30');
  expect(output).toMatch(/^maddpg +return -\d+\.\d+\ncommunicating-maddpg +return -\d+\.\d+$/m);
});
