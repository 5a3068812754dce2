#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { type ScenarioName, scenarioNames } from '@paragrad/mpe';
import { Command, Help, InvalidArgumentError, Option } from 'commander';
import { type AlgorithmName, algorithmNames, algorithms } from '../algorithms.js';
import { explorationKinds } from '../exploration.js';
import { type PresetName, preset, presetNames } from '../presets.js';
import { actionsKinds, defaultConfig, type RunConfig, samplingKinds } from '../run.js';
import { criticKinds, observationNormKinds, othersActionsKinds, rewardNormKinds } from '../settings.js';
import { checkConfig, parseConfig } from './config.js';
import { estimateCommand } from './estimate.js';
import { evaluateCommand } from './evaluate.js';
import { trainCommand } from './train.js';

const program = new Command('paragrad')
  .description(
    'Train and evaluate MADDPG, its variants and baselines on the multi-agent particle environments.',
  )
  .showHelpAfterError('(paragrad <command> --help lists what there is)');

/** The parts of a configuration that have a flag. */
const FLAGS: [flags: string, description: string, parse: (text: string) => unknown][] = [
  ['--env <json>', 'parameters of the scenario, e.g. \'{"N": 4}\'', json],
  ['--seed <n>', 'decides everything random', number],
  ['--episodes <n>', 'how many episodes to train for', number],
  ['--actions <kind>', `what the agents do: ${actionsKinds.join(', ')}`, String],
  ['--batch-size <n>', 'transitions in a batch', number],
  ['--steps-per-update <n>', 'environment steps from one update to the next', number],
  ['--warmup-steps <n>', 'environment steps before the first update', number],
  ['--replay-capacity <n>', 'transitions that the replay memory holds', number],
  ['--n-step <n>', 'n-step returns: rewards that are summed up before a value follows', number],
  ['--sampling-kind <name>', `how batches are drawn: ${samplingKinds.join(', ')}`, String],
  ['--sampling-alpha <x>', 'prioritized: exponent of the priorities; 0.6 if not given', number],
  [
    '--sampling-beta <x>',
    'prioritized: exponent of the importance weights at the start; 0.4 if not given',
    number,
  ],
  [
    '--sampling-beta-batches <n>',
    'prioritized: batches until that exponent is 1; 10000 if not given',
    number,
  ],
  ['--gamma <x>', 'discount factor', number],
  ['--tau <x>', 'of the soft target updates: how far targets move in an update', number],
  ['--actor-lr <x>', "learning rate of the actors' Adam", number],
  ['--critic-lr <x>', "learning rate of the critics' Adam", number],
  ['--max-grad-norm <x>', "the norm that each network's gradient is clipped to", number],
  ['--hidden <sizes>', 'units of the hidden layers', numbers],
  ['--parameter-sharing <bool>', 'whether agents that are the same but for their names share networks', bool],
  ['--policy-noise <x>', "matd3: standard deviation of the noise on the targets' actions", number],
  ['--noise-clip <x>', 'matd3: the largest that this noise may be', number],
  ['--policy-delay <n>', 'matd3: actors and targets move in one update of so many', number],
  [
    '--attention-heads <n>',
    'attention-maddpg: heads of the attention; divides the first hidden layer',
    number,
  ],
  ['--ensemble-size <n>', 'ensemble-maddpg: sub-policies of each agent', number],
  ['--message-size <n>', 'communicating-maddpg: numbers in a message', number],
  ['--entropy-weight <x>', "inferring-maddpg: weight of the entropy of the others' policies", number],
  ['--lr <x>', 'iql, qmix: learning rate of Adam', number],
  ['--mixing-size <n>', 'qmix: units of the mixing network', number],
  ['--temperature <x>', 'of the Gumbel-softmax that discrete actions are drawn by', number],
  [
    '--straight-through <bool>',
    'discrete actions: one-hot draws with the gradient of the soft one, or soft draws',
    bool,
  ],
  [
    '--logits-penalty <x>',
    "weight of the mean squared logits of discrete actions in the actors' losses",
    number,
  ],
  ['--noise-kind <name>', `how to explore: ${explorationKinds.join(', ')}; the first if not given`, String],
  [
    '--noise-initial <x>',
    'standard deviation of the noise, or probability of a random action, at the start',
    number,
  ],
  ['--noise-final <x>', 'where it ends; 0 if not given', number],
  ['--noise-decay <x>', 'what it is multiplied with after each episode', number],
  ['--noise-episodes <n>', 'instead of a decay: episodes in which it goes there in a straight line', number],
  [
    '--noise-theta <x>',
    'ornstein-uhlenbeck: the part of the noise that is gone after a step; 0.15 if not given',
    number,
  ],
  ['--evaluation-episodes <n>', 'episodes of the evaluation at the end', number],
];

const trainProgram = program
  .command('train')
  .description('train, evaluate, and leave a folder with the checkpoint, the learning curve and an animation')
  .configureHelp({ optionDescription: withDefault })
  .addOption(new Option('--scenario <name>', 'which environment').choices(scenarioNames))
  .addOption(new Option('--algorithm <name>', 'what learns').choices(algorithmNames))
  .addOption(
    new Option('--critic <kind>', "what the critics see; 'independent' is independent DDPG").choices(
      criticKinds,
    ),
  )
  .addOption(
    new Option('--others-actions <kind>', "what the others do in an actor's step").choices(
      othersActionsKinds,
    ),
  )
  .addOption(
    new Option('--observation-norm <kind>', 'what observations are normalized by').choices(
      observationNormKinds,
    ),
  )
  .addOption(
    new Option('--reward-norm <kind>', "what each agent's rewards are divided by").choices(rewardNormKinds),
  );
for (const [flags, description, parse] of FLAGS) trainProgram.option(flags, description, parse);
trainProgram
  .addOption(
    new Option('--preset <name>', "start from these settings; 'tuned' has some for each scenario").choices(
      presetNames,
    ),
  )
  .option('--config <file>', "start from a run's config.json; other options override it", readConfig)
  .option('--threads <n>', 'threads that share the work; no result depends on it (default: all cores)', count)
  .option('--out <folder>', 'where to leave the results (default: runs/<scenario>-<number>)')
  .option('--estimate', 'only say what the run will take: memory, operations, time on this machine')
  .action(({ config, preset, out, threads, estimate, ...flags }) => {
    const run = configured(baseOf({ config, preset, ...flags }), flags);
    return estimate ? estimateCommand(run, threads) : trainCommand(run, { out, threads });
  });

program
  .command('evaluate')
  .description("evaluate a finished run's policy without noise, beside random actions")
  .argument('<run>', 'the folder that train left')
  .option('--episodes <n>', "how many episodes (default: as many as in the run's own evaluation)", count)
  .action((run, { episodes }) => evaluateCommand(run, episodes));

/** The configuration that flags change. */
function baseOf({ config, preset: name, scenario }: BaseOptions): RunConfig {
  if (config && name) throw new Error('--config and --preset: give one of them to start from');
  return config ?? (name ? preset(name, scenario) : defaultConfig);
}

interface BaseOptions {
  config?: RunConfig;
  preset?: PresetName;
  scenario?: ScenarioName;
}

/** The configuration with the flags that were given put in their places. */
function configured(base: RunConfig, flags: Record<string, unknown>): RunConfig {
  const given = <T extends object>(defaults: T) =>
    Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, flags[name] ?? value]));
  const noise = { ...base.noise, ...unprefixed('noise', flags) };
  const sampling = { ...base.sampling, ...unprefixed('sampling', flags) };
  const algorithm = (flags.algorithm ?? base.algorithm) as AlgorithmName;
  const { defaults } = algorithms[algorithm];
  // What a file or a preset has for another algorithm goes on as far as this one has it, too.
  const goesOn = (name: string) => algorithm === base.algorithm || name in defaults;
  const inherited =
    base === defaultConfig ? [] : Object.entries(base.maddpg).filter(([name]) => goesOn(name));
  // A flag that is another algorithm's goes in, for this one to refuse.
  const settings = Object.fromEntries(Object.entries(flags).filter(([name]) => isSetting(name)));
  const maddpg = { ...defaults, ...Object.fromEntries(inherited), ...settings };
  return checkConfig({ ...given(base), maddpg, noise, sampling }, 'the options');
}

function isSetting(name: string): boolean {
  return Object.values(algorithms).some(({ defaults }) => name in defaults);
}

/** What was given of the flags that begin with a word, by the rest of their names. Settings may begin with it, too. */
function unprefixed(word: string, flags: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(flags).filter((name) => name.startsWith(word) && !isSetting(name));
  return Object.fromEntries(
    names.map((name) => [name[word.length].toLowerCase() + name.slice(word.length + 1), flags[name]]),
  );
}

function prefixed(word: string, values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${word}${name[0].toUpperCase()}${name.slice(1)}`, value]),
  );
}

/** An option of `train` in its help, with what is used without it: by then --config or --preset, if given, has been read. */
function withDefault(option: Option): string {
  const { maddpg, noise, sampling, env, ...run }: RunConfig = baseOf(trainProgram.opts());
  const values: Record<string, unknown> = {
    ...run,
    ...Object.assign({}, ...Object.values(algorithms).map(({ defaults }) => defaults)),
    ...maddpg,
    env: JSON.stringify(env),
    ...prefixed('noise', noise),
    ...prefixed('sampling', sampling),
  };
  const description = new Help().optionDescription(option);
  const value = values[option.attributeName()];
  return value === undefined ? description : `${description} (default: ${value})`;
}

function readConfig(path: string): RunConfig {
  let json: string;
  try {
    json = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`can't read ${path}: ${(error as Error).message}`);
  }
  return parseConfig(json, path);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('Give a number.');
  return value;
}

function count(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
}

function numbers(text: string): number[] {
  return text.split(',').map(number);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('Give JSON, in single quotes: \'{"N": 4}\'.');
  }
}

function bool(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new InvalidArgumentError('Give true or false.');
  return text === 'true';
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`paragrad: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
