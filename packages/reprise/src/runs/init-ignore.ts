import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Keys and journal are not for a version control system: the home gets its line in `.gitignore`, once. */
export async function ignoreHome(folder: string, home: string): Promise<void> {
  const below = relative(folder, home);
  if (below === '' || below.startsWith('..')) return; // not in the plan's folder
  const path = join(folder, '.gitignore');
  const line = `${below.replaceAll('\\', '/')}/`;
  const text = await readFile(path, 'utf8').catch((e: NodeJS.ErrnoException) => {
    if (e.code === 'ENOENT') return '';
    throw e;
  });
  const lines = text.split('\n').map((l) => l.trim().replace(/^\//, ''));
  if (lines.includes(line) || lines.includes(below)) return;
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  await writeFile(path, `${text}${end}${line}\n`);
}
