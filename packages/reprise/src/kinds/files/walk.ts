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
}

/**
 * The tree's entries in no order, the root itself (path '') first; streamed, so that a million files cost no memory.
 * Throws `process.failed` when find could not read something: what cannot be listed cannot be captured.
 * Source: GNU findutils manual, "Print File Information".
 */
export async function* walk(host: Host, selection: Selection, signal: AbortSignal): AsyncGenerator<Entry> {
  for await (const entry of everything(host, selection, signal)) {
    if (entry.path !== '' && selection.excluded(entry.path)) continue;
    if (entry.path === '' || selection.included === undefined || selection.included(entry.path)) yield entry;
  }
}

async function* everything(
  host: Host,
  { root, oneFileSystem }: Selection,
  signal: AbortSignal,
): AsyncGenerator<Entry> {
  const command: Command = {
    argv: [
      'find',
      '.',
      '-ignore_readdir_race',
      ...(oneFileSystem ? ['-xdev'] : []),
      '-printf',
      fields.map((f) => `${f}\\0`).join(''),
    ],
    cwd: root,
  };
  const running = await host.run(command, signal);
  running.stderr.resume();
  let values: string[] = [];
  for await (const value of nulSeparated(running.stdout)) {
    values.push(value);
    if (values.length < fields.length) continue;
    yield entryOf(values);
    values = [];
  }
  const exit = await running.exit;
  if (exit.code !== 0) throw failed(command, exit);
}

function entryOf(v: readonly string[]): Entry {
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
  ] = v;
  return {
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
  };
}

async function* nulSeparated(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream) {
    const parts = (rest + chunk.toString('latin1')).split('\0');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}
