/** What one suite came to. `failed` names what failed; `skipped` what did not run, as `<suite> › <full test name>`. */
export interface Tally {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly Skip[];
}
export interface Skip {
  readonly test: string;
  readonly reason?: string;
}
export interface Allowed {
  readonly test: string;
  readonly why: string;
}

/**
 * Reads `test/skips.txt`: one line each, `<suite> › <full test name> | why`; a trailing `*` in the name stands for the
 * rest of it. Blank lines and lines starting with `#` are comments.
 * @throws Error for a line without a reason: a skip nobody can explain is a hole.
 */
export function readAllowed(text: string): readonly Allowed[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const bar = line.lastIndexOf(' | ');
    const test = line.slice(0, bar).trim();
    const why = line.slice(bar + 3).trim();
    if (bar < 0 || !test.includes(' › ') || why === '')
      throw new Error(`test/skips.txt:${i + 1}: expected "<suite> › <test> | why", got: ${line}`);
    return [{ test, why }];
  });
}

const covers = (allowed: Allowed, test: string): boolean =>
  allowed.test.endsWith('*') ? test.startsWith(allowed.test.slice(0, -1)) : test === allowed.test;

/** A skip that is not on the committed list is a failure: nobody decided that it may be left out. */
export function judge(tally: Tally, allowed: readonly Allowed[]): Tally {
  const known = (skip: Skip): boolean => allowed.some((a) => covers(a, skip.test));
  return {
    passed: tally.passed,
    failed: [
      ...tally.failed,
      ...tally.skipped
        .filter((s) => !known(s))
        .map((s) => `${s.test}: skipped (${s.reason ?? 'no reason given'}) and not listed in test/skips.txt`),
    ],
    skipped: tally.skipped.filter(known),
  };
}
