import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import type { Plan } from '@reprise/contracts';

import { resolve } from './resolve.ts';
import type { ResolvedPlan } from './resolved.ts';

/**
 * The plan as it was last read, for `status` and `points`: to read and check the YAML of a large plan takes
 * longer than all the rest of `status`. Commands that act read the file itself, and write this. It is believed only
 * where it was made from the same bytes by the same build, and only where the environment has no part in it, so that no
 * value of a variable lies in a file; else it is as if it were not there.
 */
export interface Memory {
  /** `$REPRISE_HOME`, which only its owner may enter. */
  readonly home: string;
  /** What tells this build from any other; undefined: from sources, which change under the same version. */
  readonly build: string | undefined;
}
interface Remembered {
  readonly build: string;
  readonly hash: string;
  readonly plan: Plan;
}

const fileIn = (home: string): string => join(home, 'cache', 'plan.json');

/** A built chunk is named by the hash of its content and of the names of those it imports. */
export const buildOf = (url: string): string | undefined => /\/([^/]+)\.js$/.exec(url)?.[1];

/** Never fails: a disk that is full or read-only only makes the next `status` slower. */
export function rememberPlan({ home, build }: Memory, { plan, hash, text }: ResolvedPlan): void {
  // A backslash may write a dollar or a brace in other words.
  if (build === undefined || text.includes('${') || text.includes('\\')) return;
  const file = fileIn(home);
  const beside = `${file}.${randomUUID()}`;
  try {
    const content = JSON.stringify({ build, hash, plan } satisfies Remembered);
    if (existsSync(file) && readFileSync(file, 'utf8') === content) return;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    try {
      writeFileSync(beside, content, { mode: 0o600, flag: 'wx' });
      renameSync(beside, file);
    } finally {
      rmSync(beside, { force: true });
    }
  } catch {
    // not remembered
  }
}

/** Where something stands in the file is not remembered: whoever shows that (`plan check`) reads the file. */
export function recallPlan(
  { home, build }: Memory,
  { file, bytes }: { readonly file: string; readonly bytes: Buffer },
): ResolvedPlan | undefined {
  if (build === undefined) return undefined;
  const hash = createHash('sha256').update(bytes).digest('hex');
  const plan = recalled(fileIn(home), { build, hash });
  return plan && resolve(plan, bytes.toString('utf8'), bytes, file, () => ({ file, line: 1, column: 1 }));
}

function recalled(file: string, wanted: Omit<Remembered, 'plan'>): Plan | undefined {
  try {
    const fd = openSync(file, 'r');
    try {
      const { uid, mode } = fstatSync(fd);
      if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return undefined;
      const { build, hash, plan } = JSON.parse(readFileSync(fd, 'utf8')) as Partial<Remembered>;
      return build === wanted.build && hash === wanted.hash ? plan : undefined;
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined; // none, or not whole
  }
}
