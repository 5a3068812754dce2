/**
 * Who learns which game of games.ts, and who does not: variants, settings, and MADDPG with a mistake in it (broken.ts). On each
 * game there is a gap between what counts as learned and what counts as missed; comments say what was seen with seeds 1 to 3.
 */
import { describe, expect, test } from 'vitest';
import {
  type AlgorithmOptions,
  AttentionMaddpg,
  CommunicatingMaddpg,
  type CommunicatingMaddpgSettings,
  InferringMaddpg,
  Maddpg,
  type MaddpgSettings,
  Matd3,
  OpenaiMaddpg,
} from '../src/index.js';
import * as broken from './broken.js';
import {
  agreementGame,
  type Game,
  identityGame,
  type Practice,
  playAndLearn,
  rivalsGame,
  runawayGame,
  savingGame,
  secretGame,
} from './games.js';

const GAMES = {
  identity: { game: identityGame(2), learned: -0.05, missed: -0.2 }, // 0 at best
  agreement: { game: agreementGame(), learned: 0.9, missed: 0.5 }, // 1 at best
  rivals: { game: rivalsGame(), learned: -0.05, missed: -0.2 }, // 0 at best
  secret: { game: secretGame(), learned: -0.05, missed: -0.2 }, // 0 at best, -0.333 without a message
  saving: { game: savingGame({ timeLimit: false }), learned: 0.65, missed: 0.5 }, // 0.8 at best, 0.4 for those who always borrow
  'saving, cut off': { game: savingGame({ timeLimit: true }), learned: 0.5, missed: 0 }, // 0.6 at best
  'saving, cut off and stored as its end': {
    game: { ...savingGame({ timeLimit: true }), batch: savingGame({ timeLimit: false }).batch },
    learned: 0.5,
    missed: 0,
  },
  runaway: { game: runawayGame(), learned: -0.05, missed: -0.2 }, // 0 at best
} satisfies Record<string, { game: Game; learned: number; missed: number }>;
type Name = keyof typeof GAMES;

type Learner = new (specs: Game['specs'], options: Settings & AlgorithmOptions<MaddpgSettings>) => Maddpg;
type Settings = Partial<CommunicatingMaddpgSettings>;

interface Case {
  name: Name;
  who: Learner;
  settings?: Settings;
  practice?: Practice;
}

const common = { hidden: [32], gamma: 0.95, tau: 0.02, actorLr: 3e-3, criticLr: 1e-2 };

function scores({ name, who, settings, practice }: Case, seeds: readonly number[]): number[] {
  return seeds.map((seed) => playAndLearn(GAMES[name].game, who, { ...common, ...settings, seed }, practice));
}

describe('is learned', () => {
  // Worst of the seeds 1 to 3: identity -0.007, agreement 0.998, rivals -0.011, saving 0.745 and 0.597, runaway
  // -0.008, secret -0.009.
  test.each<Case>([
    { name: 'identity', who: Maddpg },
    { name: 'agreement', who: Maddpg },
    { name: 'rivals', who: Maddpg },
    { name: 'saving', who: Maddpg },
    { name: 'saving, cut off', who: Maddpg },
    { name: 'runaway', who: Maddpg },
    { name: 'secret', who: CommunicatingMaddpg, settings: { messageSize: 1 } },
  ])('$name, by $who.name, whatever the seed', (one) => {
    for (const score of scores(one, [1, 2])) expect(score).toBeGreaterThan(GAMES[one.name].learned);
  });

  test.each<Case>([
    { name: 'identity', who: Matd3 },
    { name: 'rivals', who: Matd3 },
    { name: 'rivals', who: InferringMaddpg },
    { name: 'rivals', who: OpenaiMaddpg },
    { name: 'rivals', who: AttentionMaddpg, practice: { updates: 250 } }, // -0.010, -0.006, -0.004
    { name: 'agreement', who: AttentionMaddpg, practice: { updates: 250 } },
    { name: 'agreement', who: InferringMaddpg, practice: { following: true } },
    { name: 'saving', who: OpenaiMaddpg },
    { name: 'saving, cut off', who: Matd3 },
    { name: 'runaway', who: Matd3 },
  ])('$name, by $who.name', (one) => {
    expect(scores(one, [1])[0]).toBeGreaterThan(GAMES[one.name].learned);
  });
});

describe('is missed', () => {
  test.each<Case>([
    // To one who does not see the other: -0.40, -0.40, -0.40.
    { name: 'agreement', who: Maddpg, settings: { critic: 'independent' } },
    // To those who take the other for what it did in replay, when that was random: -0.40, -0.40, -0.40.
    { name: 'agreement', who: Maddpg, settings: { othersActions: 'replay' } },
    // Two that share everything are one, whatever each is paid for: -0.34, -0.35, -0.34.
    {
      name: 'rivals',
      who: AttentionMaddpg,
      settings: { parameterSharing: true },
      practice: { updates: 250 },
    },
  ])('$name, by $who.name with $settings', (one) => {
    expect(scores(one, [1])[0]).toBeLessThan(GAMES[one.name].missed);
  });

  test.each<Case>([
    { name: 'secret', who: Maddpg }, // -0.32, -0.32, -0.32
  ])('$name, by $who.name', (one) => {
    expect(scores(one, [1])[0]).toBeLessThan(GAMES[one.name].missed);
  });

  test.each<Case>([
    { name: 'identity', who: broken.WrongSign }, // -1.36, -1.36, -1.88
    { name: 'identity', who: broken.CurrentActionsInCriticLoss }, // -0.55, -0.34, -0.35
    { name: 'rivals', who: broken.WrongAgentsAction }, // -1.36, -1.32, -1.30
    { name: 'rivals', who: broken.WrongAgentsReward }, // -1.89, -1.83, -1.80
    { name: 'rivals', who: broken.WrongAgentsObservation }, // -0.34, -0.34, -0.34
    { name: 'rivals', who: broken.OthersNotDetached }, // -1.36, -1.30, -1.37
    { name: 'rivals', who: broken.ActorLossTrainsCritic }, // -1.36, -1.30, -1.37
    { name: 'saving', who: broken.TargetNotDetached }, // 0.39, 0.40, 0.56
    { name: 'saving', who: broken.TargetsNeverMove }, // 0.40, 0.40, 0.40
    { name: 'saving', who: broken.OtherOrderInTarget }, // 0.40, 0.40, 0.40
    { name: 'saving', who: broken.DoneIgnored }, // -0.40, -0.40, -0.40
    { name: 'saving', who: broken.DoneInverted }, // -0.68, -0.66, -0.69
    { name: 'saving, cut off and stored as its end', who: Maddpg }, // -0.21, -0.21, -0.22
    { name: 'runaway', who: broken.OnlineCriticInTarget }, // -1.21, -1.31, -1.37
    { name: 'runaway', who: broken.TauSwapped }, // -1.23, -1.31, -1.37
    { name: 'secret', who: broken.MessagesDetached, settings: { messageSize: 1 } }, // -0.27, -0.32, -0.28
  ])('$name, by $who.name', (one) => {
    for (const score of scores(one, [1, 2])) expect(score).toBeLessThan(GAMES[one.name].missed);
  });
});
