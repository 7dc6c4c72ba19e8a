import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';

import { must } from '../../testbed/process.ts';

const slash = Buffer.from('/');

/** Every right, time, link and byte below a folder, the folder itself as `.`; seen without find or restic. */
export async function portraitOf(root: string): Promise<Record<string, string>> {
  const portrait: Record<string, string> = {};
  const names = new Map<bigint, string>();
  const look = async (path: Buffer, name: string): Promise<void> => {
    const s = await lstat(path, { bigint: true });
    const first = s.nlink > 1n && s.isFile() ? (names.get(s.ino) ?? name) : '';
    names.set(s.ino, first);
    const what = s.isFile()
      ? `file ${s.size} ${createHash('sha256')
          .update(await readFile(path))
          .digest('hex')} sparse=${s.blocks * 512n < s.size}`
      : s.isSymbolicLink()
        ? `link ${(await readlink(path, 'buffer')).toString('latin1')}`
        : s.isDirectory()
          ? 'folder'
          : s.isFIFO()
            ? 'fifo'
            : 'other';
    portrait[name] =
      `${what} owner=${s.uid}:${s.gid} mode=${(s.mode & 0o7777n).toString(8)} mtime=${s.mtimeNs} first=${first}`;
    if (!s.isDirectory()) return;
    for (const child of (await readdir(path, { encoding: 'buffer' })).toSorted((a, b) =>
      Buffer.compare(a, b),
    ))
      await look(
        Buffer.concat([path, slash, child]),
        name === '.' ? child.toString('latin1') : `${name}/${child.toString('latin1')}`,
      );
  };
  await look(Buffer.from(root), '.');
  const attributes = await must(['getfattr', '-R', '-P', '-h', '-d', '-m', '-', '-e', 'hex', '.'], {
    cwd: root,
  });
  for (const block of attributes.split('\n\n').filter((b) => b !== '')) {
    const [name = '', ...values] = block.split('\n');
    portrait[`attributes of ${name}`] = values.toSorted().join(' ');
  }
  return portrait;
}
