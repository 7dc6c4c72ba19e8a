import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One start of a program that was counted. */
export interface Start {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly program: string;
  /** Nothing in it is secret: that is promised, and tested in secrets.test.ts. */
  readonly argv: string;
  /** Digest of the watched folders when it was started; `-` where none are watched. */
  readonly found: string;
}
export interface Programs extends Disposable {
  /** In front of PATH: `restic` that is counted. */
  readonly path: string;
  /** For the plan's `bin`: the programs of PostgreSQL, those that move data counted. */
  readonly bin: string;
  starts(): readonly Start[];
  clear(): void;
  /** At the n-th start from now (1: the next), its parent gets SIGKILL: before the program runs, or after it has ended. */
  killAt(n: number, when: 'before' | 'after'): void;
  /** From now on each start of restic writes down what these folders hold. */
  watch(folders: readonly string[]): void;
}

const counted = ['pg_dump', 'pg_dumpall', 'pg_restore'];

/** Wrappers that write down each start, then become the program (after a killing one: wait for it). */
export function countingPrograms(restic: string, pgBin: string): Programs {
  const folder = mkdtempSync(join(tmpdir(), 'rf-'));
  chmodSync(folder, 0o755);
  const log = join(folder, 'starts');
  const kill = join(folder, 'kill');
  const watched = join(folder, 'watched');
  const wrapper = (name: string, program: string): void => {
    const lines = [
      '#!/bin/sh',
      'found=-',
      ...(name === 'restic' ? [`[ ! -e ${watched} ] || found=$(sh ${watched})`] : []),
      `printf '%s %s ${name} %s\\n' "$(date +%s%3N)" "$found" "$*" >>${log}`,
      ...(name === 'restic' ? killing(log, kill, program) : []),
      `exec ${program} "$@"`,
    ];
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`, { mode: 0o755 });
  };
  const clear = (): void => {
    writeFileSync(log, '');
    chmodSync(log, 0o666); // PostgreSQL's programs run as another user
  };
  clear();
  wrapper('restic', restic);
  for (const name of readdirSync(pgBin))
    if (counted.includes(name)) wrapper(name, join(pgBin, name));
    else symlinkSync(join(pgBin, name), join(folder, name));
  return {
    path: folder,
    bin: folder,
    clear,
    starts: () => readFileSync(log, 'utf8').split('\n').filter(Boolean).map(parse),
    killAt(n, when) {
      const lines = readFileSync(log, 'utf8').split('\n').length - 1 + n;
      writeFileSync(kill, `${lines} ${when}\n`);
    },
    watch(folders) {
      // Locks and working files come and go; whatever else changed is another state.
      const skip = String.raw`-not -path '*/locks/*' -not -path '*/home/tmp/*' -not -name '*-shm'`;
      const list = `find ${folders.join(' ')} -type f ${skip} -printf '%p %s %T@\\n' 2>/dev/null`;
      writeFileSync(watched, `${list} | sort | sha1sum | cut -c1-12\n`);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The file is taken away by who acts on it: the next start is as any other. */
const killing = (log: string, kill: string, program: string): string[] => [
  `if [ -e ${kill} ]; then`,
  `  read -r n when <${kill}`,
  `  if [ "$(wc -l <${log})" -eq "$n" ]; then`,
  `    rm ${kill}`,
  `    [ "$when" = before ] && kill -9 $PPID && exec ${program} "$@"`,
  `    ${program} "$@"; code=$?`,
  `    kill -9 $PPID; exit $code`,
  '  fi',
  'fi',
];

function parse(line: string): Start {
  const [at = '', found = '', program = '', ...rest] = line.split(' ');
  return { at: Number(at), found, program, argv: rest.join(' ') };
}

/** The real program that a name stands for. */
export function programOf(name: string, path: string): string {
  const found = path
    .split(':')
    .map((f) => join(f, name))
    .find((f) => existsSync(f));
  if (found === undefined) throw new Error(`${name} is missing: make setup`);
  return found;
}
