import {
  type AgentSpec,
  type Algorithm,
  combinePolicies,
  evaluate,
  loadCheckpoint,
  makeRunEnv,
  type Policy,
  policyOf,
  type RunConfig,
  type TeamEvaluation,
  teamsOf,
} from '@paragrad/maddpg';
import { nameOf } from '../run/find-runs.js';
import { RunFolder } from '../run/run-folder.js';
import { MEAN_RETURN } from '../run/run-returns.js';
import { printJson } from '../text/in-words.js';
import { textTable } from '../text/text-table.js';
import { differingSettings, flatSettings } from './settings-diff.js';

export interface CrossplayOptions {
  /** For each pair of runs. */
  readonly episodes: number;
  /** Of the episodes, which are the same for each pair. */
  readonly seed: number;
  /** Such as best. Default: the last one. */
  readonly checkpoint?: string;
  readonly json?: boolean;
}

interface Player {
  readonly run: string;
  readonly config: RunConfig;
  readonly specs: readonly AgentSpec[];
  readonly policy: Policy;
}

/** A row for each run, a column for each run. */
type Matrix = readonly (readonly TeamEvaluation[])[];

/**
 * Lets the agents of runs play with and against those of the others. With two teams, the first one is from the run of the row,
 * the second one from the run of the column. With one team, a single agent is from the run of the row, and the others are from the
 * run of the column. Each agent is the single one in turn, and the result is the mean (cross-play: Hu et al., "Other-Play for Zero-Shot Coordination", 2020).
 */
export function crossplayCommand(runs: readonly string[], options: CrossplayOptions): void {
  if (runs.length < 2) throw new Error('crossplay: there is only one run; give two or more');
  const players = runs.map((run) => readPlayer(run, options.checkpoint));
  checkSameGame(players);
  const [{ config }] = players;
  const teams = Object.entries(teamsOf(makeRunEnv(config)));
  const matrices =
    teams.length === 2
      ? playTeams(players, teams, options)
      : { [MEAN_RETURN]: playPartners(players, options) };
  const { episodes, seed } = options;
  const { scenario } = config;
  const [rows, columns] = teams.length === 2 ? teams.map(([name]) => name) : ['agent', 'partners'];
  if (options.json) {
    printJson('crossplay', { scenario, episodes, seed, runs, rows, columns, returns: matrices });
    return;
  }
  const who =
    teams.length === 2
      ? `The team ${rows} is from the run of the row, the team ${columns} from the run of the column.`
      : 'One agent is from the run of the row, in each place in turn. The others are from the run of the column.';
  console.log(
    `Cross-play on ${episodes} episodes of ${scenario} for each pair, seed ${seed}, without noise\n${who}`,
  );
  for (const [name, matrix] of Object.entries(matrices)) {
    console.log(`\n${name === MEAN_RETURN ? 'Mean return of all agents' : `Return of ${name}`}\n`);
    console.log(matrixTable(runs, matrix));
  }
}

function readPlayer(run: string, checkpoint: string | undefined): Player {
  const folder = RunFolder.open(run);
  const config = folder.readConfig();
  const algorithm: Algorithm = loadCheckpoint(folder.readCheckpoint(checkpoint));
  return { run, config, specs: algorithm.specs, policy: policyOf(algorithm) };
}

/** Throws if the runs have different environments: their agents could not play together, or their returns would not compare. */
function checkSameGame([first, ...others]: readonly Player[]): void {
  for (const other of others) {
    const games = [first, other].map(({ config: { scenario, actions, env } }) =>
      flatSettings({ scenario, actions, env }),
    );
    const [differing] = differingSettings(games);
    if (differing !== undefined) {
      const [a, b] = games.map((game) => game[differing] ?? 'the default');
      throw new Error(
        `crossplay: ${first.run} and ${other.run} are of different games: ${differing} is ${a} and ${b}; give runs with the ` +
          'same scenario, env and actions',
      );
    }
    if (JSON.stringify(first.specs) !== JSON.stringify(other.specs)) {
      throw new Error(
        `crossplay: the agents of ${first.run} and ${other.run} observe or do different things, though their settings are the ` +
          'same; one of them is of another version: train it again',
      );
    }
  }
}

function playTeams(
  players: readonly Player[],
  teams: readonly (readonly [name: string, agents: readonly string[]])[],
  options: CrossplayOptions,
): Record<string, Matrix> {
  const [[, first], [, second]] = teams;
  const results = players.map((row) =>
    players.map((column) => play(players[0], { ...all(first, row), ...all(second, column) }, options)),
  );
  return Object.fromEntries(
    teams.map(([name]) => [name, results.map((row) => row.map((evaluation) => evaluation.teams![name]))]),
  );
}

function playPartners(players: readonly Player[], options: CrossplayOptions): Matrix {
  const agents = players[0].specs.map(({ name }) => name);
  const asAgent = (agent: string, row: Player, column: Player) =>
    play(players[0], { ...all(agents, column), [agent]: row.policy }, options);
  return players.map((row) =>
    players.map((column) => {
      const results =
        row === column
          ? [play(players[0], all(agents, row), options)]
          : agents.map((agent) => asAgent(agent, row, column));
      const meanOf = (field: keyof TeamEvaluation) =>
        results.reduce((sum, result) => sum + result[field], 0) / results.length;
      // The episodes begin the same for each agent, so their errors may go together: the mean's error is at most this.
      return { meanReturn: meanOf('meanReturn'), standardError: meanOf('standardError') };
    }),
  );
}

function all(agents: readonly string[], { policy }: Player): Record<string, Policy> {
  return Object.fromEntries(agents.map((name) => [name, policy]));
}

function play(
  { config }: Player,
  policies: Readonly<Record<string, Policy>>,
  { episodes, seed }: CrossplayOptions,
) {
  const env = makeRunEnv(config);
  return evaluate(env, combinePolicies(policies), { episodes, seed });
}

function matrixTable(runs: readonly string[], matrix: Matrix): string {
  const names = runs.map((run) => nameOf(run, runs));
  const rows = matrix.map((row, k) => [
    names[k],
    ...row.map(({ meanReturn, standardError }) => `${meanReturn.toFixed(2)} ± ${standardError.toFixed(2)}`),
  ]);
  return textTable([['', ...names], ...rows], 'lr');
}
