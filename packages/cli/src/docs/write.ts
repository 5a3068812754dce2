/** `npm run docs`: writes the files that are generated from the tables of settings. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configSchema } from './config-schema.js';
import { settingsPage } from './settings-page.js';
import { sweepSchema } from './sweep-schema.js';

const root = new URL('../../../../', import.meta.url);
const write = (path: string, content: string) => writeFileSync(fileURLToPath(new URL(path, root)), content);

write('docs/settings.md', settingsPage());
write('packages/cli/config.schema.json', `${JSON.stringify(configSchema(), null, 2)}\n`);
write('packages/cli/sweep.schema.json', `${JSON.stringify(sweepSchema(), null, 2)}\n`);
