import { readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import { RepriseError } from '../lib/errors/index.ts';
import { inBoth, words } from '../lib/i18n/index.ts';
import type { Said } from '../lib/language.ts';
import { readRecoveryKey } from '../lib/recovery-key.ts';
import type { Secret } from '../lib/secret.ts';
import { isTerminal, type Session } from './session.ts';

/** Nothing that is typed here is longer. */
const limit = 4096;

/**
 * The recovery key: from a file that only its owner can read, typed on a terminal (not shown), or the first line of
 * standard input. Never from an argument: those are seen by everybody on the machine. Throws `keys.recovery-key-*`.
 */
export async function recoveryKey(s: Session, file: string | undefined): Promise<Secret> {
  const t = words(s.look.language);
  if (file !== undefined) return readRecoveryKey((await keyFile(file)).trim());
  if (isTerminal(s.io.stdin)) return readRecoveryKey(await ask(s, t['ask.recovery-key'], false));
  const line = await firstLine(s);
  if (line === '')
    throw new RepriseError('cli.no-terminal', { what: t['ask.what-key'], option: '--recovery-key-file' });
  return readRecoveryKey(line);
}

async function keyFile(path: string): Promise<string> {
  const unfit = (why: Said): never => {
    throw new RepriseError('cli.key-file', { path, why });
  };
  const failed = (e: NodeJS.ErrnoException): never => unfit(e.code ?? e.message);
  const { mode, size } = await stat(path).catch(failed);
  if ((mode & 0o077) !== 0) unfit(inBoth((t) => t['why.mode']({ mode: (mode & 0o777).toString(8) })));
  if (size > limit) unfit(inBoth((t) => t['why.more-than']({ bytes: limit })));
  return await readFile(path, 'utf8').catch(failed);
}

/** `shown: false`: what is typed does not appear. */
async function ask({ io, signal }: Session, question: string, shown: boolean): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: shown ? io.stderr : silent, terminal: true });
  io.stderr.write(question); // only now: the terminal itself no longer shows what is typed
  try {
    return await lines.question('', { signal });
  } finally {
    lines.close();
    if (!shown) io.stderr.write('\n');
  }
}

async function firstLine({ io, signal }: Session): Promise<string> {
  let text = '';
  const stop = (): void => void io.stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of io.stdin) {
      text += String(chunk);
      if (text.includes('\n') || text.length > limit) break;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return (text.split('\n')[0] ?? '').trim();
}

type Consents = Readonly<Record<string, 'typed' | 'flag'>>;

/**
 * `--replace <component>`: on a terminal the exact name is typed once more; without one the flag, which has the exact
 * name, is the consent and is journaled as such. A dry run puts nothing aside and does not ask.
 */
export async function consents(s: Session, components: readonly string[], dry: boolean): Promise<Consents> {
  const given: Record<string, 'typed' | 'flag'> = {};
  for (const component of new Set(components)) {
    if (dry || !isTerminal(s.io.stdin)) {
      given[component] = 'flag';
      continue;
    }
    const typed = await ask(s, words(s.look.language)['ask.replace']({ component }), true);
    if (typed.trim() !== component) throw new RepriseError('cli.consent-refused', { component });
    given[component] = 'typed';
  }
  return given;
}

interface Decision {
  readonly answer: 'approved' | 'refused';
  readonly role: string | null;
  readonly comment: string;
}
interface Question {
  readonly step: string;
  readonly text: string;
  readonly owner: string | null;
}

/** Who answers for the steps that a person does: those named with `--done`; on a terminal, whoever sits there. */
export const peopleOf = (s: Session, done: readonly string[]) => ({
  decide: async ({ step, text, owner }: Question): Promise<Decision | undefined> => {
    const t = words(s.look.language);
    if (done.includes(step)) return { answer: 'approved', role: owner, comment: '--done' };
    if (s.json || !isTerminal(s.io.stdin)) return undefined;
    const typed = (await ask(s, t['ask.decision']({ step, text, owner: owner ?? '–' }), true)).trim();
    const [word = '', ...comment] = typed.split(/\s+/);
    if (/^(y|yes|o|oui)$/i.test(word)) return { answer: 'approved', role: owner, comment: comment.join(' ') };
    if (/^(n|no|non)$/i.test(word)) return { answer: 'refused', role: owner, comment: comment.join(' ') };
    return undefined;
  },
});
