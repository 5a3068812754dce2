import type { RunOptions } from '@paragrad/maddpg';
import { type Command, Help, Option } from 'commander';
import { defaultsOfFlags } from '../settings/flags.js';
import { type Topic, topics } from '../settings/setting-places.js';

interface TopicsOptions {
  /** The settings that the flags would change. The help shows them as the defaults. */
  readonly defaultsFrom: () => RunOptions;
  /** Commands, each with what it does. */
  readonly examples: readonly (readonly [command: string, what: string])[];
}

/** Gives the command a short help, with examples, and `--help <topic>` for the flags of settings that it leaves out. */
export function addTopics(command: Command, { defaultsFrom, examples }: TopicsOptions): Command {
  const name = `paragrad ${command.name()}`;
  const names = Object.keys(topics) as Topic[];
  const furtherTopics = names.filter((topic) => topic !== 'run');
  let shown: Topic | 'all' | undefined;

  const isShown = ({ helpGroupHeading }: Option) => {
    if (shown === 'all') return true;
    if (shown) return helpGroupHeading === topics[shown];
    return !furtherTopics.some((topic) => helpGroupHeading === topics[topic]);
  };
  return command
    .helpOption(false)
    .addOption(
      new Option('-h, --help [topic]', 'show this help, or that of a topic, or of all')
        .choices([...names, 'all'])
        .helpGroup('Help:'),
    )
    .hook('preAction', () => {
      const { help: topic } = command.opts();
      if (topic === undefined) return;
      shown = topic === true ? undefined : topic;
      command.help();
    })
    .configureHelp({
      visibleOptions: (of) => new Help().visibleOptions(of).filter(isShown),
      optionDescription(option) {
        const value = defaultsOfFlags(defaultsFrom())[option.attributeName()];
        const text = Array.isArray(value) || typeof value !== 'object' ? value : JSON.stringify(value);
        const description = new Help().optionDescription(option);
        return value === undefined ? description : `${description} (default: ${text})`;
      },
    })
    .addHelpText('after', () => {
      if (shown) return '';
      const help = furtherTopics.map(
        (topic) => [`${name} --help ${topic}`, topics[topic].slice(0, -1)] as const,
      );
      return `\nMore flags, by topic:\n${columns(help)}\n\nExamples:\n${columns(examples)}`;
    });
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
