/**
 * `make test-mutants`: puts each defect of mutants.ts, alone, into a copy of the checkout and insists that the tests it
 * names turn red. `node test/mutants/run.ts no-fsync` does that one. Exit 0 only if all are caught.
 *
 * Not caught is a defect of the tests. An error is a defect of the list: the line is no longer there (or twice), the
 * tests are red without the defect, or the file does not even load with it — that would prove nothing.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { copyOf } from './copy.ts';
import { mutants, type Mutant } from './mutants.ts';
import { runTests } from './tests.ts';

interface Outcome {
  readonly mutant: Mutant;
  readonly is: 'caught' | 'SURVIVED' | 'ERROR';
  readonly seconds: number;
  readonly by: string;
}

const root = join(import.meta.dirname, '../..');
const names = process.argv.slice(2);
const unknown = names.filter((n) => !mutants.some((m) => m.name === n));
if (unknown.length > 0) throw new TypeError(`no such mutant: ${unknown.join(', ')}`);
const chosen = mutants.filter((m) => names.length === 0 || names.includes(m.name));

using copy = copyOf(root);
const healthy = await redWithout(chosen);
const outcomes: Outcome[] = [];
for (const mutant of chosen) {
  if (process.exitCode !== undefined) break; // interrupted
  const red = mutant.tests.find((t) => healthy.has(key(mutant, t)));
  const outcome =
    red === undefined
      ? await meet(mutant)
      : {
          mutant,
          is: 'ERROR' as const,
          seconds: 0,
          by: `without the defect: ${healthy.get(key(mutant, red))}`,
        };
  outcomes.push(outcome);
  console.log(line(outcome));
}
const count = (is: Outcome['is']): number => outcomes.filter((o) => o.is === is).length;
const bad = count('SURVIVED') + count('ERROR');
console.log(`\n${count('caught')} caught, ${count('SURVIVED')} survived, ${count('ERROR')} errors`);
process.exitCode ??= bad === 0 && outcomes.length === chosen.length ? 0 : 1;

/** Each test file once without any defect: by file, the first test that is red anyway. */
async function redWithout(of: readonly Mutant[]): Promise<ReadonlyMap<string, string>> {
  const red = new Map<string, string>();
  for (const m of of)
    for (const t of m.tests) if (!existsSync(join(copy.path, t))) red.set(key(m, t), `${t} is not there`);
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
  const mutated = withDefect(text, mutant);
  const outcome = (is: Outcome['is'], by: string): Outcome => ({
    mutant,
    is,
    seconds: (performance.now() - began) / 1000,
    by,
  });
  if (typeof mutated !== 'string')
    return outcome('ERROR', `${mutant.file} has its line ${mutated.times} times`);
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

/** The text with the defect in it, or how often its line is there if that is not once. */
function withDefect(text: string, { from, to }: Mutant): string | { readonly times: number } {
  const lines = text.split('\n');
  const at = lines.flatMap((l, i) => (l.trim() === from ? [i] : []));
  const [i] = at;
  if (i === undefined || at.length !== 1) return { times: at.length };
  return lines
    .with(
      i,
      (lines[i] ?? '').replace(from, () => to),
    )
    .join('\n');
}

function key({ project, only }: Mutant, test: string): string {
  return `${project} ${only ?? ''} ${test}`;
}

function line({ mutant, is, seconds, by }: Outcome): string {
  return `${is.padEnd(9)}${mutant.name.padEnd(24)}${seconds.toFixed(1).padStart(7)} s  ${by}`;
}
