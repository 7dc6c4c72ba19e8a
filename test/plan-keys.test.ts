import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { kinds } from '../packages/reprise/src/kinds/registry.ts';
import { jsonSchema } from '../packages/reprise/src/plan/schema.ts';

/** Every key that a plan may have, wherever it stands. */
function* keysIn(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') yield* Object.keys(value as object);
    yield* keysIn(value);
  }
}

const src = 'packages/reprise/src';
const texts = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter(
    (f) =>
      f.endsWith('.ts') &&
      !/\.test\.ts$|lib\/(i18n|errors|findings)\/|\/spec\.ts$|plan\/planned\.ts$/.test(f),
  )
  .map((f) => readFileSync(join(src, f), 'utf8'));
const code = texts.join('\n').replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');

/**
 * A key that no code reads cannot change anything. That those which are read are also acted on is for the tests of
 * whoever reads them; kinds of services, hosts and rebuilds that this version cannot act on are refused as a whole.
 */
const unsupported = new Set(['address', 'project', 'unit', 'image', 'ref', 'into', 'volume', 'creates']);
test.for([...new Set(keysIn(jsonSchema(kinds)))].filter((k) => !unsupported.has(k)))(
  'the plan’s key %s is read somewhere',
  (key) => {
    expect(code).toMatch(new RegExp(`[.?{,\\s'"\\[]${key}\\b(?!\\s*\\()`));
  },
);
