import type { Finding, Level, Verdict } from '@reprise/contracts';

/** fail before unable before pass; nothing judged: pass, at the level that is named beside it. */
const worst = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes('fail') ? 'fail' : verdicts.includes('unable') ? 'unable' : 'pass';

export const verdictOf = (findings: readonly Pick<Finding, 'verdict'>[]): Verdict =>
  worst(findings.map((f) => f.verdict));

const ranks: readonly Level[] = ['stored', 'read', 'parsed', 'drilled'];
export const higher = (a: Level, b: Level): Level => (ranks.indexOf(a) >= ranks.indexOf(b) ? a : b);

/** Clocks of two machines may differ this much (ms) before a point counts as made in the future. */
export const clockSlack = 60_000;
