/**
 * `npm run bench:environments`: environment steps per second of processor time, one after the other and many together. A step is
 * one of all agents, and resets are included; actions are forces. Processor time, because other programs on the machine disturb it
 * less. Medians; the numbers in a table are comparable with each other, not with another machine's.
 */
import { execFileSync } from 'node:child_process';
import {
  type Action,
  type EnvParams,
  makeEnv,
  makeVectorEnv,
  type ScenarioName,
  SeededRandom,
  scenarioNames,
} from '@paragrad/mpe';

const EPISODE = 25;
const EPISODES = 40;

type Params = EnvParams<ScenarioName>;

/** Steps a second of a single environment, whose agents repeat some random actions. */
function single(name: ScenarioName, params: Params): number {
  const env = makeEnv(name, params);
  const random = new SeededRandom(1);
  const actions = Array.from({ length: EPISODE }, () =>
    Object.fromEntries(env.possibleAgents.map((agent) => [agent, env.actionSpace(agent).sample(random)])),
  );
  const seconds = median(() => {
    for (let episode = 0; episode < EPISODES; episode++) {
      env.reset();
      for (const action of actions) env.step(action);
    }
  });
  return (EPISODES * EPISODE) / seconds;
}

/** Steps a second of all copies of a VectorEnv together. */
function vector(name: ScenarioName, params: Params, copies: number): number {
  const env = makeVectorEnv(name, copies, params);
  const random = new SeededRandom(1);
  const actions = Array.from({ length: EPISODE }, () => {
    const agents = Array.from({ length: copies }, () => env.possibleAgents).flat();
    return Float32Array.from(agents.flatMap((agent) => numbers(env.actionSpace(agent).sample(random))));
  });
  env.reset({ seed: 1 });
  const seconds = median(() => {
    for (const action of actions) env.step(action);
  });
  return (copies * EPISODE) / seconds;
}

function numbers(action: Action): number[] {
  return typeof action === 'number' ? [action] : Array.from(action);
}

/** Seconds of processor time that one play takes: the median of some rounds, after a warm-up. */
function median(play: () => void): number {
  round(play, 0.5);
  const rounds = Array.from({ length: 9 }, () => round(play, 0.1));
  return rounds.sort((a, b) => a - b)[4];
}

/** The mean of as many plays as fit into a while. */
function round(play: () => void, seconds: number): number {
  const start = process.cpuUsage();
  let plays = 0;
  for (;;) {
    play();
    plays += 1;
    const { user, system } = process.cpuUsage(start);
    const spent = (user + system) / 1e6;
    if (spent >= seconds) return spent / plays;
  }
}

function row(name: ScenarioName, params: Params, copies: number) {
  const one = single(name, params);
  const many = vector(name, params, copies);
  const { possibleAgents } = makeEnv(name, params);
  return {
    scenario: name,
    agents: possibleAgents.length,
    'single, steps/s': Math.round(one),
    copies,
    'together, steps/s': Math.round(many),
    'together, µs per agent and step': Number((1e6 / many / possibleAgents.length).toFixed(2)),
  };
}

function print(title: string, rows: Record<string, string | number>[]): void {
  console.log(`\n${title}`);
  console.table(rows);
}

/** In a process of its own: V8 makes its code for the one scenario that runs, as in a program that trains on one. */
function alone(name: ScenarioName, params: Params, copies: number) {
  const task = [import.meta.filename, name, JSON.stringify({ actionMode: 'force', ...params }), `${copies}`];
  return JSON.parse(execFileSync(process.execPath, task, { encoding: 'utf8' }));
}

const [name, params, copies] = process.argv.slice(2);
if (name) {
  console.log(JSON.stringify(row(name as ScenarioName, JSON.parse(params), Number(copies))));
} else {
  print(
    'all scenarios',
    scenarioNames.map((scenario) => alone(scenario, {}, 1024)),
  );
  const sizes = [
    [1, 1024],
    [3, 1024],
    [10, 128],
    [30, 32],
    [100, 4],
  ];
  print(
    'simple_spread with N agents and N landmarks: every agent sees all, and any two may collide',
    sizes.map(([N, together]) => alone('simple_spread', { N }, together)),
  );
}
