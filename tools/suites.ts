/**
 * `make test`: runs the suites one after the other and closes with a table and one line, `N passed, N failed,
 * N skipped`. Exit 0 only if nothing failed. `node tools/suites.ts unit integration` runs those two.
 *
 * A suite that has no test yet is printed as `no tests` and counted as failed: an empty folder proves nothing, and a
 * green line must not say otherwise. A skip that test/skips.txt does not list counts as failed, too.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Outcome, type Suite, run } from './suites/run.ts';
import { report } from './suites/table.ts';
import { readAllowed } from './suites/tally.ts';

const folder = (name: string, minutes: number): Suite => ({
  name,
  minutes,
  files: [`test/${name}/**/*.test.ts`],
});
/** Limits are for suites that hang, several times what they take: this machine may be a slow one. */
const everyTime: readonly Suite[] = [
  { name: 'format', minutes: 1, command: ['oxfmt', '--check', '.'] },
  { name: 'lint', minutes: 2, command: ['oxlint', '--deny-warnings'] },
  { name: 'types', minutes: 2, command: ['tsc', '-b'] },
  { name: 'walls', minutes: 2, files: ['test/walls.test.ts'] },
  { name: 'unit', minutes: 12, files: ['packages/*/src/**/*.test.ts', 'test/*.test.ts'], coverage: true },
  folder('integration', 40),
  folder('conformance', 20),
  folder('sabotage', 30),
  folder('faults', 50),
];
/** Only by name: they take long, or need what most machines lack. */
const byName: readonly Suite[] = [{ name: 'mutants', minutes: 60, command: ['node', 'test/mutants/run.ts'] }];

const root = join(import.meta.dirname, '..');
const names = process.argv.slice(2);
const known = [...everyTime, ...byName];
const unknown = names.filter((n) => !known.some((s) => s.name === n));
if (unknown.length > 0) {
  console.error(`no such suite: ${unknown.join(', ')}. There are: ${known.map((s) => s.name).join(' ')}`);
  process.exit(2);
}
const chosen = names.length === 0 ? everyTime : known.filter((s) => names.includes(s.name));
const allowed = readAllowed(readFileSync(join(root, 'test/skips.txt'), 'utf8'));

const outcomes: Outcome[] = [];
for (const suite of chosen) {
  console.log(`\n── ${suite.name}`);
  outcomes.push(await run(suite, allowed, { root }));
  if (process.exitCode !== undefined) break; // interrupted: what has run so far is still reported
}
console.log(report(outcomes));
if (process.exitCode === undefined) process.exitCode = outcomes.some((o) => o.failed.length > 0) ? 1 : 0;
