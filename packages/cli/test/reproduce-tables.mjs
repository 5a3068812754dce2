/** `paragrad reproduce` with other tables: node reproduce-tables.mjs '<tables>' '<names>' '<options>', all as JSON. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { reproduceCommand } from '../dist/reproduce/reproduce.js';

const [tables, names, options] = process.argv.slice(2).map((json) => JSON.parse(json));
try {
  await reproduceCommand(names, options, tables);
  const locked = tables.filter(({ name }) => existsSync(join(options.runs, name, 'running.lock')));
  console.log(`locked: ${locked.map(({ name }) => name)}`);
} catch (error) {
  console.log(`paragrad: ${error.message}`);
  process.exitCode = 1;
}
