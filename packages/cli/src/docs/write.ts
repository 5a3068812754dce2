/** `npm run docs:write`: writes the files that are generated from the tables of settings, and from the results that are there. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writePage } from '../reproduce/page.js';
import { places } from '../reproduce/places.js';
import { readResults } from '../reproduce/reproduce.js';
import { tables } from '../reproduce/tables/index.js';
import { configSchema } from './config-schema.js';
import { settingSources, withSettingComments } from './setting-comments.js';
import { settingsPage } from './settings-page.js';
import { sweepSchema } from './sweep-schema.js';

const root = new URL('../../../../', import.meta.url);
const at = (path: string) => fileURLToPath(new URL(path, root));
const write = (path: string, content: string) => writeFileSync(at(path), content);

for (const [path, table] of Object.entries(settingSources)) {
  write(path, withSettingComments(readFileSync(at(path), 'utf8'), table));
}
write('docs/settings.md', settingsPage());
write('packages/cli/config.schema.json', `${JSON.stringify(configSchema(), null, 2)}\n`);
write('packages/cli/sweep.schema.json', `${JSON.stringify(sweepSchema(), null, 2)}\n`);

writePage(at(places.page), readResults(at(places.results)), tables);
