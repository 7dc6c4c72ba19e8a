import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { referencePage } from '../packages/reprise/src/plan/reference.ts';
import { jsonSchema } from '../packages/reprise/src/plan/schema.ts';
import { kindsAndProducts } from '../packages/reprise/src/products/registry.ts';

/** docs/reference/plan.*: path in the checkout and text. */
export function planReference(): readonly { readonly path: string; readonly text: string }[] {
  const schema = jsonSchema(kindsAndProducts);
  return [
    { path: 'docs/reference/plan.schema.json', text: `${JSON.stringify(schema, null, 2)}\n` },
    { path: 'docs/reference/plan.md', text: referencePage(schema) },
  ];
}

if (import.meta.main) {
  for (const { path, text } of planReference()) {
    const file = join(import.meta.dirname, '..', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(path);
  }
}
