import type { Command, Host } from '../../hosts/host.ts';
import { failed } from '../tool.ts';
import type { Matcher } from './patterns.ts';

/** One thing of the tree. `path` and `target` have one character per byte (latin1). */
export interface Entry {
  readonly path: string;
  /** As find prints it: f, d, l, p, s, b, c. */
  readonly type: string;
  readonly mode: string;
  readonly uid: string;
  readonly gid: string;
  readonly size: number;
  /** Seconds since 1970 with the fraction the file system has, as text. */
  readonly mtime: string;
  readonly ctime: string;
  readonly links: number;
  readonly device: string;
  readonly target: string;
}
const fields = ['%y', '%m', '%U', '%G', '%s', '%T@', '%C@', '%n', '%D', '%l', '%P'];

export interface Selection {
  readonly root: string;
  readonly oneFileSystem: boolean;
  readonly included: Matcher | undefined;
  readonly excluded: Matcher;
  /** Patterns among the excluded ones without wildcards: what they name is not even entered, as it may be others'. */
  readonly unentered: readonly string[];
}

/**
 * The tree's entries in no order, the root itself (path '') first; in batches, so that a million files cost neither
 * memory nor a promise each. Leaving the loop ends find. Throws `process.failed` when find could not read something
 * that is not left out by name: what cannot be listed cannot be captured. Source: GNU findutils manual, "Print File Information".
 */
export async function* walk(
  host: Host,
  selection: Selection,
  signal: AbortSignal,
): AsyncGenerator<readonly Entry[]> {
  const { excluded, included } = selection;
  const chosen = (e: Entry): boolean =>
    e.path === '' || (!excluded(e.path) && (included === undefined || included(e.path)));
  const command: Command = {
    argv: [
      'find',
      '.',
      '-ignore_readdir_race',
      ...(selection.oneFileSystem ? ['-xdev'] : []),
      ...pruned(selection.unentered),
      '-printf',
      fields.map((f) => `${f}\\0`).join(''),
    ],
    cwd: selection.root,
  };
  const stop = new AbortController();
  const running = await host.run(command, AbortSignal.any([signal, stop.signal]));
  running.exit.catch(() => {}); // asked for below, or given up
  try {
    for await (const values of records(running.stdout)) yield entriesOf(values).filter(chosen);
    const exit = await running.exit;
    if (exit.code !== 0) throw failed(command, exit);
  } finally {
    stop.abort();
  }
}

/** Tests of find that keep it out of these; whatever they give, what comes after the comma is done. */
function pruned(patterns: readonly string[]): readonly string[] {
  const tests = patterns.flatMap((pattern) => {
    const names = pattern.split('/').filter((name, i) => name !== '' && !(name === '.' && i === 0));
    if (names.length === 0 || names.includes('.')) return []; // names nothing
    const anchored = names.length > 1 || pattern.startsWith('./');
    return ['-o', ...(anchored ? ['-path', `./${names.join('/')}`] : ['-name', names.join('/')])];
  });
  return tests.length === 0 ? [] : ['(', ...tests.slice(1), ')', '-prune', ','];
}

function entriesOf(v: readonly string[]): Entry[] {
  const entries: Entry[] = [];
  for (let i = 0; i < v.length; i += fields.length) {
    const [
      type = '',
      mode = '',
      uid = '',
      gid = '',
      size,
      mtime = '',
      ctime = '',
      links,
      device = '',
      target = '',
      path = '',
    ] = v.slice(i, i + fields.length);
    entries.push({
      type,
      mode,
      uid,
      gid,
      size: Number(size),
      mtime,
      ctime,
      links: Number(links),
      device,
      target,
      path,
    });
  }
  return entries;
}

/** Whole records, as many as there are in a chunk. */
async function* records(stream: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  let rest: string[] = [''];
  for await (const chunk of stream) {
    const [first = '', ...more] = chunk.toString('latin1').split('\0');
    rest.push((rest.pop() ?? '') + first, ...more);
    const whole = rest.length - 1 - ((rest.length - 1) % fields.length);
    if (whole === 0) continue;
    yield rest.slice(0, whole);
    rest = rest.slice(whole);
  }
}
