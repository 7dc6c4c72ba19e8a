import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import {
  commandsReference,
  errorsReference,
  exitCodesReference,
} from '../packages/reprise/src/cli/reference.ts';

/** Writes docs/reference/{commands,errors,exit-codes}.md; `test/cli-reference.test.ts` fails when they are not up to date. */
const folder = resolve(import.meta.dirname, '../docs/reference');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'commands.md'), commandsReference());
writeFileSync(join(folder, 'errors.md'), errorsReference());
writeFileSync(join(folder, 'exit-codes.md'), exitCodesReference());
