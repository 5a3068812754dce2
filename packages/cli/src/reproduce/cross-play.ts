/** The teams of all rows of a table against those of all others: the same opponents for everybody. */
import {
  combinePolicies,
  evaluate,
  loadCheckpoint,
  metricsOf,
  type Policy,
  policyOf,
  randomActions,
  teamsOf,
} from '@paragrad/maddpg';
import { type Action, makeEnv, type ParallelEnv, scriptedActions } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { mean } from '../comparing/statistics.js';
import { RunFolder } from '../run/run-folder.js';
import { type CrossPlay, round, type Values, valuesOf } from './table-results.js';

/** Who plays in each copy of the environment, by seed. */
interface Player {
  readonly name: string;
  readonly policies: readonly Policy[];
}

/** Where all episodes begin. */
const SEED = 1;
const COPIES = 32;

/**
 * Plays all pairs. With n seeds, the first team is from seed k and the second one from the seed after it, so nobody meets those with
 * whom it was trained. `runs`: by row, the paths of its runs, in the order of the seeds. `drawn`: the measures
 * that get a matrix.
 */
export function playAll(
  runs: Readonly<Record<string, readonly string[]>>,
  episodes: number,
  drawn: readonly string[],
): CrossPlay {
  const [[first]] = Object.values(runs);
  const config = RunFolder.open(first).readConfig();
  const { scenario, env: params } = config;
  const env = makeEnv(scenario, { ...params, actionMode: 'force', benchmarkData: true });
  const copies = env.sideBySide(Math.min(COPIES, episodes));
  const [[teamA, agentsA], [teamB, agentsB]] = Object.entries(teamsOf(env));
  const players: Player[] = [
    ...Object.entries(runs).map(([name, paths]) => ({
      name,
      policies: paths.map((path) => policyAt(path, env)),
    })),
    { name: 'scripted players', policies: [scriptedPolicy(copies)] },
    { name: 'random actions', policies: [randomPolicy(env)] },
  ];
  const seeds = Object.values(runs)[0].length;
  // Otherwise some would count twice, or meet those with whom they were trained.
  if (seeds < 2 || Object.values(runs).some(({ length }) => length !== seeds)) {
    throw new Error(
      'reproduce: teams play against those of another seed; give every row the same seeds, two or more',
    );
  }

  const play = (a: Player, b: Player, seed: number) => {
    const ofA = a.policies[seed % a.policies.length];
    const ofB = b.policies[(seed + 1) % b.policies.length];
    const policy = combinePolicies({ ...ofAll(agentsA, ofA), ...ofAll(agentsB, ofB) });
    return evaluate(copies, policy, { episodes, seed: SEED, metrics: metricsOf(config) });
  };
  const pairs = players.map((a) =>
    players.map((b) => valuesOf(Array.from({ length: seeds }, (_, seed) => play(a, b, seed)))),
  );

  const opponents = players.slice(0, -1).map((_, k) => k);
  return {
    players: players.map(({ name }) => name),
    teams: [teamA, teamB],
    results: {
      [teamA]: byPlayer(players, (k) => overAll(opponents.map((other) => pairs[k][other]))),
      [teamB]: byPlayer(players, (k) => overAll(opponents.map((other) => pairs[other][k]))),
    },
    matrices: Object.fromEntries(
      drawn.map((measure) => [
        measure,
        pairs.map((row) => row.map((values) => round(mean(values[measure])))),
      ]),
    ),
  };
}

function byPlayer(players: readonly Player[], valuesAt: (k: number) => Values): Record<string, Values> {
  return Object.fromEntries(players.map(({ name }, k) => [name, valuesAt(k)]));
}

/** Seed by seed, the mean over several lists of values. */
function overAll(all: readonly Values[]): Values {
  return Object.fromEntries(
    Object.keys(all[0]).map((measure) => [
      measure,
      all[0][measure].map((_, seed) => round(mean(all.map((values) => values[measure][seed])))),
    ]),
  );
}

function ofAll(agents: readonly string[], policy: Policy): Record<string, Policy> {
  return Object.fromEntries(agents.map((name) => [name, policy]));
}

/** A run's policy, in the action mode 'force'. */
function policyAt(path: string, env: ParallelEnv): Policy {
  const folder = RunFolder.open(path);
  const policy = policyOf(loadCheckpoint(folder.readCheckpoint()));
  return folder.readConfig().actions === 'discrete' ? asForces(policy, env) : policy;
}

/** Choices of moves and words, as forces and weights of words. They do the same: see `ActionMode` of `@paragrad/mpe`. */
export function asForces(policy: Policy, env: ParallelEnv): Policy {
  const translate = (actions: Record<string, Action>) =>
    Object.fromEntries(
      Object.entries(actions).map(([agent, action]) => {
        const weights = Array.from(action as ArrayLike<number>);
        const [, left, right, down, up] = weights;
        const moves = env.actionParts(agent)[0] === 2 ? 5 : 0;
        const words = weights.slice(moves).map((weight) => 2 * weight - 1);
        return [agent, [...(moves > 0 ? [right - left, up - down] : []), ...words]];
      }),
    );
  return Object.assign<Policy, Partial<Policy>>((observations) => translate(policy(observations)), {
    ...(policy.startEpisode && { startEpisode: policy.startEpisode }),
    actInAll: (observations, copies) => policy.actInAll!(observations, copies).map(translate),
  });
}

function scriptedPolicy(copies: readonly ParallelEnv[]): Policy {
  return Object.assign<Policy, Partial<Policy>>(() => scriptedActions(copies[0]), {
    actInAll: (_, playing) => playing.map((copy) => scriptedActions(copies[copy])),
  });
}

function randomPolicy(env: ParallelEnv): Policy {
  const random = randomActions(env, new Generator(SEED).fork('random actions'));
  return Object.assign<Policy, Partial<Policy>>(random, {
    actInAll: (observations) => observations.map((one) => random(one)),
  });
}
