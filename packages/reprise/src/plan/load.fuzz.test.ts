import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { feasibility } from './feasibility.ts';
import { noHistory } from './history.ts';
import { loadPlan } from './load.ts';
import { problemLine } from './problem.ts';
import { goodPlan, testKinds } from './test-kinds.ts';

/** Whatever comes in: a plan or problems, never both, never an exception; every problem has a place and words. */
function survives(text: string | Uint8Array): void {
  const { plan, problems } = loadPlan({ file: 'p', text, env: { A: 'x' }, kinds: testKinds });
  expect(plan === undefined).toBe(problems.length > 0);
  for (const p of problems) {
    expect(p.at.line).toBeGreaterThan(0);
    expect(p.at.column).toBeGreaterThan(0);
    expect(problemLine(p, 'fr').length).toBeGreaterThan(10);
  }
  if (plan !== undefined) feasibility(plan, noHistory, new Date('2026-11-21T00:00:00Z'), testKinds);
}

const words = [...new Set(goodPlan.match(/[A-Za-z0-9_./-]+|[^\sA-Za-z0-9]/g))];
const piece = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom(
    '\n',
    '  ',
    '- ',
    ': ',
    '&a ',
    '*a',
    '<<: *a',
    '${A}',
    '${',
    '$${A}',
    '!!x',
    '---\n',
    '...',
    '|\n',
    '>-\n',
    '"',
    "'",
    '\t',
    '#',
    '? ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '__proto__: ',
    'constructor: ',
    'null',
    '~',
    '1e999',
    '.nan',
    '0x1',
  ),
  fc.string({ maxLength: 8 }),
);

describe('no input crashes the plan', () => {
  it('arbitrary text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), survives), { numRuns: 300 });
  });
  it('arbitrary bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survives), { numRuns: 300 });
  });
  it('YAML made of the pieces of plans', () => {
    const text = fc.array(piece, { maxLength: 60 }).map((all) => all.join(''));
    fc.assert(fc.property(text, survives), { numRuns: 300 });
  });
  it('a good plan with a stretch replaced', () => {
    const change = fc.tuple(
      fc.nat(goodPlan.length),
      fc.nat(30),
      fc.array(piece, { maxLength: 4 }).map((p) => p.join('')),
    );
    const text = fc
      .array(change, { minLength: 1, maxLength: 3 })
      .map((changes) =>
        changes.reduce((t, [at, length, by]) => t.slice(0, at) + by + t.slice(at + length), goodPlan),
      );
    fc.assert(fc.property(text, survives), { numRuns: 300 });
  });
  it('any values under the keys of a plan', () => {
    const key = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5 }));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(...words, 0, 1, -1, null, true, '1h', '0 3 * * *'),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    const sections = [
      'hosts',
      'services',
      'tiers',
      'repositories',
      'protections',
      'components',
      'groups',
      'recovery',
      'scenarios',
      'people',
      'roles',
      'document',
      'escalation',
    ];
    const plan = fc.record(Object.fromEntries(sections.map((s) => [s, tree])), { requiredKeys: [] });
    fc.assert(
      fc.property(plan, (p) => survives(JSON.stringify({ version: 1, system: 'x', ...p }))),
      { numRuns: 300 },
    );
  });
});

const repeated =
  (size: number) =>
  (unit: string, head = ''): string =>
    head + unit.repeat(Math.ceil((size - head.length) / unit.length));
const five = repeated(5_000_000);
/** What takes the reader seconds for five megabytes, but no more than in proportion. */
const more = repeated(620_000);
const some = repeated(200_000);
const many = (bytes = 4_990_000): string => {
  const parts = [
    'version: 1\nsystem: x\nrepositories: { r: { url: /r } }\nprotections: { p: { schedule: "0 3 * * *", repositories: [r] } }\ncomponents:\n',
  ];
  for (let i = 0, size = 0; size < bytes; i += 1) {
    const part = `  c${i}:\n    kind: folder\n    path: /srv/c${i}\n    captures: [p]\n    depends_on: [c${i === 0 ? 1 : i - 1}]\n`;
    size += part.length;
    parts.push(part);
  }
  return parts.join('');
};

describe('large and hostile', () => {
  const cases: readonly [string, () => string][] = [
    ['five megabytes of components, each depending on the one before, and a circle', many],
    [
      'half a megabyte with an unknown name in each',
      () => many(500_000).replaceAll('captures: [p]', 'captures: [q]'),
    ],
    ['brackets', () => five('[')],
    ['braces', () => some('{a: ')],
    ['commas', () => five(',', 'a: [')],
    ['dashes', () => some('- ')],
    ['lines of dashes', () => some('- a\n')],
    ['questions', () => some('? ')],
    ['anchors', () => some('- &a a\n')],
    ['aliases', () => more('- *a\n', '- &a x\n')],
    ['unknown aliases', () => some('- *b\n')],
    ['one key again and again', () => more('a: 1\n')],
    ['one text', () => five('x', 'system: ')],
    ['quotes', () => some('"')],
    ['variables', () => five('${A}', 'system: "')],
    ['unknown variables', () => some('- ${B}\n', 'x:\n')],
    ['percent signs', () => some('%\n')],
    ['documents', () => some('---\n')],
    ['tabs', () => some('\t')],
    ['spaces', () => some(' ')],
    ['line ends', () => some('\r\n')],
    ['errors', () => some(': :\n')],
    ['block texts', () => some('- |\n  x\n')],
  ];
  it.each(cases)(
    '%s',
    (_, make) => {
      const text = make();
      const began = performance.now();
      const { problems } = loadPlan({ file: 'p', text, env: { A: 'x' }, kinds: testKinds });
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.length).toBeLessThan(502);
      for (const p of problems) expect(problemLine(p, 'en').length).toBeLessThan(2000);
      // Not a promise about speed: what is quadratic takes hours here.
      expect(performance.now() - began).toBeLessThan(60_000);
    },
    90_000,
  );
});
