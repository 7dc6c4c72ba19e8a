/**
 * `make test-mutants`: puts each defect of mutants.ts, alone, into a copy of the checkout and insists that the tests it
 * names turn red. `node test/mutants/run.ts no-fsync` does that one; `--list` only says which still fit. Exit 0 only if
 * all are caught.
 *
 * Not caught is a defect of the tests. An error is a defect of the list: the line is no longer there (or twice), the
 * tests are red without the defect, or the file does not even load with it — that would prove nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { misfit, withDefect } from './apply.ts';
import { copyOf } from './copy.ts';
import { mutants, type Mutant } from './mutants.ts';
import { runTests } from './tests.ts';

interface Outcome {
  readonly mutant: Mutant;
  readonly is: 'caught' | 'SURVIVED' | 'ERROR';
  readonly seconds: number;
  readonly by: string;
}

const row = (is: string, name: string, seconds: string, by: string): string =>
  `${is.padEnd(9)}${name.padEnd(24)}${seconds.padStart(9)}  ${by}`;
const header = row('', 'mutant', 'seconds', 'caught by');
/** What is wrong comes first. */
const rank = ({ is }: Outcome): number => ['ERROR', 'SURVIVED', 'caught'].indexOf(is);

const root = join(import.meta.dirname, '../..');
const names = process.argv.slice(2).filter((a) => a !== '--list');
const unknown = names.filter((n) => !mutants.some((m) => m.name === n));
if (unknown.length > 0) throw new TypeError(`no such mutant: ${unknown.join(', ')}`);
const chosen = mutants.filter((m) => names.length === 0 || names.includes(m.name));

const misfits = new Map(chosen.map((m) => [m, misfit(m, root)]));
if (process.argv.includes('--list')) {
  for (const [m, why] of misfits)
    console.log(`${m.name.padEnd(24)}${why ?? `${m.file} · ${m.tests.join(' ')}`}`);
  process.exit([...misfits.values()].some((why) => why !== undefined) ? 1 : 0);
}

using copy = copyOf(root);
const healthy = await redWithout(chosen.filter((m) => misfits.get(m) === undefined));
const outcomes: Outcome[] = [];
for (const mutant of chosen) {
  if (process.exitCode !== undefined) break; // interrupted
  const red = mutant.tests.map((t) => healthy.get(key(mutant, t))).find((why) => why !== undefined);
  const why = misfits.get(mutant) ?? (red === undefined ? undefined : `without the defect: ${red}`);
  const outcome =
    why === undefined ? await meet(mutant) : { mutant, is: 'ERROR' as const, seconds: 0, by: why };
  outcomes.push(outcome);
  console.log(line(outcome));
}
const count = (is: Outcome['is']): number => outcomes.filter((o) => o.is === is).length;
const bad = count('SURVIVED') + count('ERROR');
const worst = outcomes.toSorted((a, b) => rank(a) - rank(b) || b.seconds - a.seconds);
console.log(`\n${header}\n${worst.map(line).join('\n')}`);
console.log(`\n${count('caught')} caught, ${count('SURVIVED')} survived, ${count('ERROR')} errors`);
process.exitCode ??= bad === 0 && outcomes.length === chosen.length ? 0 : 1;

/** Each test file once without any defect: by file, the first test that is red anyway. */
async function redWithout(of: readonly Mutant[]): Promise<ReadonlyMap<string, string>> {
  const red = new Map<string, string>();
  const files = Map.groupBy(
    of.flatMap((m) => m.tests.map((test) => ({ ...m, test }))),
    ({ project, only }) => `${project} ${only ?? ''}`,
  );
  for (const group of files.values()) {
    const { project, only } = group[0] as Mutant;
    const tests = [...new Set(group.map((g) => g.test))];
    const { tally, output } = await runTests(copy.path, project, tests, only);
    for (const g of group) {
      const failed = tally?.failed.find((f) => f.startsWith(g.test));
      const why =
        tally === undefined
          ? output.slice(-300)
          : (failed ?? (tally.passed === 0 ? 'no test ran' : undefined));
      if (why !== undefined) red.set(key(g, g.test), why);
    }
  }
  return red;
}

async function meet(mutant: Mutant): Promise<Outcome> {
  const began = performance.now();
  const file = join(copy.path, mutant.file);
  const text = readFileSync(file, 'utf8');
  const mutated = withDefect(text, mutant) as string;
  const outcome = (is: Outcome['is'], by: string): Outcome => ({
    mutant,
    is,
    seconds: (performance.now() - began) / 1000,
    by,
  });
  writeFileSync(file, mutated);
  try {
    const { tally } = await runTests(copy.path, mutant.project, mutant.tests, mutant.only);
    if (tally === undefined) return outcome('caught', 'it never ends');
    const broken = tally.failed.find((f) => f.endsWith(': the file itself'));
    if (broken !== undefined && tally.passed === 0) return outcome('ERROR', `does not load: ${broken}`);
    const [first] = tally.failed;
    return first === undefined ? outcome('SURVIVED', mutant.why) : outcome('caught', first);
  } finally {
    writeFileSync(file, text);
  }
}

function key({ project, only }: Mutant, test: string): string {
  return `${project} ${only ?? ''} ${test}`;
}

function line({ mutant, is, seconds, by }: Outcome): string {
  return row(is, mutant.name, `${seconds.toFixed(1)} s`, by);
}
