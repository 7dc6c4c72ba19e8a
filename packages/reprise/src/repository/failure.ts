import { RepriseError, type ErrorCode } from '../lib/errors/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import { toolSays, type Said } from '../lib/language.ts';
import { shownUrl } from './url.ts';

/** Which repository failed, for the words of the error. */
export interface Failing {
  readonly name: string;
  readonly url: string;
}

/**
 * What restic wrote on stderr, without its JSON clothes: one message a line. Restic writes errors as JSON or as text,
 * by command and version. Source: restic manual, "Scripting", "JSON output".
 */
export function messagesOf(stderr: string): readonly string[] {
  return stderr
    .split('\n')
    .flatMap((line) => messageOf(line).split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !stackLine.test(line));
}

/**
 * restic writes some errors with the stack of Go functions that they came through: "pkg.(*Type).Func",
 * "\t/path/file.go:31".
 */
const stackLine =
  /^(?:\S+\.go:\d+(?: \+0x[0-9a-f]+)?|(?:[\w.-]+\/)+[\w.-]+\.[\w.()*[\]]+|(?:runtime|main)\.[\w.()*]+|goroutine \d+ .*)$/;

export function messageOf(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { message, error, item } = JSON.parse(line) as {
      message?: string;
      error?: { message?: string };
      item?: string;
    };
    const said = message ?? error?.message ?? line;
    return item === undefined ? said : `${item}: ${said}`;
  } catch {
    return line;
  }
}

/** The order counts: a refused connection while a pack is loaded is no damage. */
const signs: readonly (readonly [ErrorCode & `repository.${string}`, RegExp])[] = [
  ['repository.full', /no space left on device|disk quota exceeded|\((413|507)\)|file too large/i],
  ['repository.append-only', /Remove\(<.*(\(403\)|403 Forbidden|access ?denied)|\(405\)/i],
  [
    'repository.denied',
    /\((401|403)\)|(401|403) (unauthorized|forbidden)|access ?denied|permission denied|SignatureDoesNotMatch|InvalidAccessKeyId|unable to authenticate/i,
  ],
  [
    'repository.unreachable',
    /connection (refused|reset)|no such host|i\/o timeout|request timeout|timeout awaiting|network is unreachable|no route to host|TLS handshake|x509:|server misbehaving|broken pipe|unexpected HTTP response \(5|\(5\d\d\)/i,
  ],
  ['repository.producer-failed', /Fatal: command failed: |failed to start command: /],
  ['repository.exists', /config file already exists|already initialized/i],
  ['repository.wrong-password', /wrong password or no key found/i],
  ['repository.absent', /repository does not exist/i],
  ['repository.too-old', /unknown (flag|shorthand flag|command)/i],
  [
    'repository.snapshot-missing',
    /no matching ID found|not found in snapshot|no snapshot found|failed to load snapshot \w+: .*(no such file|does not exist)/i,
  ],
  [
    'repository.damaged',
    /ciphertext verification failed|invalid data returned|not found in repository|not found in index|unexpected pack id|repository contains errors|failed to load (index|snapshot|tree)|(Load|ReadFull|LoadRaw)\(<(data|index|snapshot|key)|hash (mismatch|does not match)|config .*cannot be decrypted|invalid (pack|header)/i,
  ],
];

/** Exit statuses of restic ≥ 0.17; 1 and 3 say little: the text decides. Source: restic manual, "Exit codes". */
const byExit: Readonly<Record<number, ErrorCode & `repository.${string}`>> = {
  10: 'repository.absent',
  11: 'repository.locked',
  12: 'repository.wrong-password',
  130: 'repository.interrupted',
};

export function failureCode(exit: number | null, stderr: string): ErrorCode & `repository.${string}` {
  const sure = exit === null ? undefined : byExit[exit];
  if (sure !== undefined) return sure;
  const text = messagesOf(stderr).join('\n');
  return signs.find(([, sign]) => sign.test(text))?.[0] ?? 'repository.failed';
}

/** What to show: the line that decided, without the address of somebody's password. */
function saidOf(code: ErrorCode, stderr: string): string {
  const lines = messagesOf(stderr).filter((l) => !/^(Is there a repository|There were \d)/.test(l));
  const sign = signs.find(([c]) => c === code)?.[1];
  const line = lines.findLast((l) => sign?.test(l) === true) ?? lines.at(-1) ?? '';
  return shownUrl(line.replace(/^(Fatal|Warning): /, '')).slice(0, 500);
}

/**
 * The error of the catalogue for a restic that ended otherwise than with 0. `part`: what was being stored, if anything.
 */
export function failureOf(
  at: Failing,
  how: { readonly exit: number | null; readonly stderr: string },
  part?: string,
): RepriseError {
  const code = failureCode(how.exit, how.stderr);
  const where = { repository: at.name, url: shownUrl(at.url) };
  const words = saidOf(code, how.stderr);
  const what =
    words === ''
      ? inBoth((t) => (how.exit === null ? t['why.killed'] : t['why.exit']({ code: how.exit })))
      : toolSays(words);
  switch (code) {
    case 'repository.absent':
    case 'repository.append-only':
    case 'repository.exists':
    case 'repository.full':
    case 'repository.interrupted':
    case 'repository.wrong-password':
      return new RepriseError(code, where);
    case 'repository.locked':
      return new RepriseError(code, { ...where, who: lockOf(how.stderr) });
    case 'repository.damaged':
    case 'repository.snapshot-missing':
      return new RepriseError(code, { repository: at.name, what });
    case 'repository.producer-failed':
      return new RepriseError(code, { repository: at.name, part: part ?? '', what });
    case 'repository.too-old':
      return new RepriseError(code, { found: words, needed: minimum });
    case 'repository.denied':
    case 'repository.unreachable':
      return new RepriseError(code, { ...where, what });
    default:
      return new RepriseError('repository.failed', { ...where, what });
  }
}

/** The first restic with exit codes 10–12, summaries in snapshots and --stdin-from-command as it is relied on here. */
export const minimum = '0.17.0';

const lockOf = (stderr: string): Said =>
  /locked (exclusively )?by (PID [^\n(]*)/.exec(messagesOf(stderr).join('\n'))?.[2]?.trim() ??
  inBoth((t) => t['why.lock']);
