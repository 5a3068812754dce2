/** The JSON schema of configuration files, by which editors complete and check them. */
import {
  algorithmNames,
  algorithms,
  explorationSettings,
  runSettings,
  type SettingsTable,
  samplingSettings,
} from '@paragrad/maddpg';

export function configSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A training run of Paragrad',
    description: 'What decides a run. Everything has a default.',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      ...properties(runSettings),
      sampling: { description: 'How batches are drawn.', ...table(samplingSettings) },
      exploration: { description: 'How the agents explore while they learn.', ...table(explorationSettings) },
      settings: { description: 'The settings of the algorithm.', type: 'object' },
    },
    additionalProperties: false,
    allOf: algorithmNames.map((name) => ({
      if: {
        properties: { algorithm: { const: name } },
        ...(name !== runSettings.algorithm.default && { required: ['algorithm'] }),
      },
      // biome-ignore lint/suspicious/noThenProperty: JSON schema's keyword
      then: { properties: { settings: table(algorithms[name].settings) } },
    })),
  };
}

function table(settings: SettingsTable): object {
  const kinds = Object.entries(settings).flatMap(([name, { only }]) => (only ? [[name, only] as const] : []));
  return {
    type: 'object',
    properties: properties(settings),
    additionalProperties: false,
    // What belongs to one kind asks for that kind.
    ...(kinds.length > 0 && {
      dependencies: Object.fromEntries(
        kinds.map(([name, kind]) => [name, { properties: { kind: { const: kind } }, required: ['kind'] }]),
      ),
    }),
  };
}

function properties(settings: SettingsTable): Record<string, object> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, { default: initial, kind, meaning }]) => [
      name,
      { description: meaning, ...kind.schema, ...(initial !== undefined && { default: initial }) },
    ]),
  );
}
