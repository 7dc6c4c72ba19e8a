import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Found } from '../discovery/discover.ts';
import { planText } from '../discovery/write-plan.ts';
import { kinds } from '../kinds/registry.ts';
import type { Language } from '../lib/language.ts';
import { loadPlan } from '../plan/load.ts';

const found = (name: string, kind: string, path: string): Found => ({
  name,
  kind,
  spec: { path },
  because: '',
});

test('whatever path was found, the plan that is written is a plan, and says that path', () => {
  const path = fc
    .stringMatching(/^(\/[^\0/\r\u0085\u2028\u2029\ufeff\ud800-\udfff]{1,12}){1,3}$/u)
    .filter((p) => !/\/\.\.?(\/|$)/.test(p));
  fc.assert(
    fc.property(path, fc.constantFrom<Language>('en', 'fr'), (where, language) => {
      const text = planText({
        system: 'shop',
        language,
        timezone: 'UTC',
        schema: 's.json',
        found: [found('data', 'files', where), found('db', 'sqlite', `${where}.db`)],
        repositories: ['/mnt/backup', 'rest:http://backup:8000/shop'],
      });
      const { plan, problems } = loadPlan({ file: 'reprise.yaml', text, env: {}, kinds });
      expect(problems).toEqual([]);
      expect(plan?.components.get('data')?.spec['path']).toBe(where);
    }),
    { numRuns: 200 },
  );
});
