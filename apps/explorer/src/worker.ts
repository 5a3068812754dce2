/** The page's worker: its name says what it does. One file for all, because each would hold most of the library again. */
import { type OwnScope, serveOwn } from './own/serve-own.js';
import { type RehearsalPort, serveRehearsal } from './rehearse/serve-rehearsal.js';
import { type Port, serveTraining } from './train/serve-training.js';

const scope = globalThis as unknown as Port & RehearsalPort & OwnScope & { readonly name: string };
if (scope.name === 'rehearse') serveRehearsal(scope);
else if (scope.name === 'own') serveOwn(scope);
else serveTraining(scope);
