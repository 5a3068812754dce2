/** `paragrad reproduce` with other tables: node reproduce-tables.mjs '<tables>' '<names>' '<options>', all as JSON. */
import { reproduceCommand } from '../dist/reproduce/reproduce.js';

const [tables, names, options] = process.argv.slice(2).map((json) => JSON.parse(json));
try {
  await reproduceCommand(names, options, tables);
} catch (error) {
  console.log(`paragrad: ${error.message}`);
  process.exitCode = 1;
}
