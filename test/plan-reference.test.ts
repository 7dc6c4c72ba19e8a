import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { planReference } from '../tools/generate-plan-reference.ts';

describe('docs/reference/plan.*', () => {
  it.each(planReference())('$path is what the schema says now (else: npm run generate)', ({ path, text }) => {
    expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(text);
  });
});
