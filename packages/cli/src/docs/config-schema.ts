/** The JSON schema of configuration files. Editors use it to complete and check them. */
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
    description: 'Everything that decides a run. All of it has defaults.',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      ...properties(runSettings),
      sampling: { description: 'How batches are drawn.', ...schemaOfTable(samplingSettings) },
      exploration: {
        description: 'How the agents explore in training.',
        ...schemaOfTable(explorationSettings),
      },
      settings: { description: 'The settings of the algorithm.', type: 'object' },
    },
    additionalProperties: false,
    allOf: algorithmNames.map((name) => ({
      if: {
        properties: { algorithm: { const: name } },
        ...(name !== runSettings.algorithm.default && { required: ['algorithm'] }),
      },
      // biome-ignore lint/suspicious/noThenProperty: JSON schema's keyword
      then: { properties: { settings: schemaOfTable(algorithms[name].settings) } },
    })),
  };
}

function schemaOfTable(settings: SettingsTable): object {
  const ofOneKind = Object.entries(settings).flatMap(([name, { only }]) =>
    only ? [[name, only] as const] : [],
  );
  return {
    type: 'object',
    properties: properties(settings),
    additionalProperties: false,
    // A setting of one kind requires that kind.
    ...(ofOneKind.length > 0 && {
      dependencies: Object.fromEntries(
        ofOneKind.map(([name, kind]) => [
          name,
          { properties: { kind: { const: kind } }, required: ['kind'] },
        ]),
      ),
    }),
  };
}

export function properties(settings: SettingsTable): Record<string, object> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, { default: initial, range, meaning }]) => [
      name,
      { description: meaning, ...range.schema, ...(initial !== undefined && { default: initial }) },
    ]),
  );
}
