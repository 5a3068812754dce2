/** The JSON schema of sweep files. Editors use it to complete and check them. */
import {
  algorithmNames,
  algorithms,
  explorationSettings,
  presetNames,
  runSettings,
  type SettingsTable,
  samplingSettings,
} from '@paragrad/maddpg';
import { configSchema, properties } from './config-schema.js';

type Schema = Record<string, unknown>;

/** A schema for every algorithm's settings: which ones an algorithm has is checked with each run. */
const allSettings: SettingsTable = Object.assign(
  {},
  ...algorithmNames.map((name) => algorithms[name].settings).reverse(),
);

export function sweepSchema(): object {
  const { seed, ...varied } = runSettings;
  const { properties: run, allOf } = configSchema() as { properties: Schema; allOf: unknown };
  const { $schema: _, ...config } = run;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A sweep of Paragrad',
    description: 'Many training runs: settings that vary, and those that are the same in all runs.',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      preset: { description: 'What all runs start from.', enum: presetNames },
      run: {
        description: 'What is the same in all runs: a configuration.',
        type: 'object',
        properties: config,
        additionalProperties: false,
        allOf,
      },
      seeds: {
        description: 'How many seeds each combination has, from 1 on, or a list of seeds.',
        oneOf: [
          { type: 'integer', minimum: 1 },
          { type: 'array', items: seed.range.schema, minItems: 1, uniqueItems: true },
        ],
      },
      grid: {
        description:
          'A list of values for each setting. Every value of one is combined with every value of the others.',
        ...nested(varied, (schema) => ({ type: 'array', items: schema, minItems: 1 })),
      },
      list: {
        description: 'Configurations, each only with what differs from run. A name is optional.',
        type: 'array',
        minItems: 1,
        items: withName(nested(varied, (schema) => schema)),
      },
      random: {
        description: 'Random draws of settings.',
        type: 'object',
        properties: {
          draws: { description: 'How many.', type: 'integer', minimum: 1 },
          seed: { description: 'Seed of the draws.', ...seed.range.schema, default: 1 },
          ranges: {
            description: 'For each setting a range, or a list of values.',
            ...nested(varied, (schema) => ({
              oneOf: [{ type: 'array', items: schema, minItems: 1 }, numbers],
            })),
          },
        },
        required: ['draws', 'ranges'],
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  };
}

/** Numbers to draw from. */
const numbers = {
  type: 'object',
  properties: { from: { type: 'number' }, to: { type: 'number' }, scale: { enum: ['linear', 'log'] } },
  required: ['from', 'to'],
  additionalProperties: false,
};

/** The form of a configuration, with another schema in the place of each value. */
function nested({ env: _, ...run }: SettingsTable, of: (schema: Schema) => Schema): Schema {
  const changed = (table: SettingsTable) =>
    Object.fromEntries(
      Object.entries(properties(table)).map(([name, schema]) => {
        const { description, default: __, ...value } = schema as Schema;
        return [name, { description, ...of(value) }];
      }),
    );
  const group = (description: string, table: SettingsTable) => ({
    description,
    type: 'object',
    properties: changed(table),
    additionalProperties: false,
  });
  return {
    type: 'object',
    properties: {
      ...changed(run),
      env: { description: 'Parameters of the environment.', type: 'object', additionalProperties: of({}) },
      sampling: group('How batches are drawn.', samplingSettings),
      exploration: group('How the agents explore in training.', explorationSettings),
      settings: group('The settings of the algorithm.', allSettings),
    },
    additionalProperties: false,
  };
}

function withName({ properties, ...rest }: Schema): Schema {
  const name = { description: 'What the run is called.', type: 'string', minLength: 1 };
  return { ...rest, properties: { name, ...(properties as Schema) } };
}
