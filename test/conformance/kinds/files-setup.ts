import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  link,
  lutimes,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
  open,
  stat,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { localHost } from '../../../packages/reprise/src/hosts/local.ts';
import type { Setup, Store } from '../../../packages/reprise/src/kinds/conformance/index.ts';
import { files } from '../../../packages/reprise/src/kinds/files/index.ts';
import { FilesSpec } from '../../../packages/reprise/src/kinds/files/spec.ts';
import { systemClock } from '../../../packages/reprise/src/lib/clock.ts';
import { Secret } from '../../../packages/reprise/src/lib/secret.ts';
import { noService } from '../../../packages/reprise/src/services/none.ts';
import { must, root } from '../../testbed/process.ts';
import { mint } from './mint.ts';
import { portraitOf } from './portrait.ts';

const nobody = 65_534;

export const filesSetup = (store: (run: string, folder: string) => Promise<Store>): Setup<FilesSpec> => ({
  name: 'files',
  producers: ['find'],
  mint,
  store: (folder, run) => store(run, folder),
  spoil: {
    'without one file': (folder) => rm(join(folder, 'letters', 'a.txt')),
    'with a file cut by one byte': (folder) =>
      keepingTimes(join(folder, 'letters', 'b.txt'), (file) => truncate(file, 9)),
    'with an empty file': (folder) =>
      keepingTimes(join(folder, 'letters', 'b.txt'), (file) => truncate(file, 0)),
    'with another byte at the same size and time': (folder) =>
      keepingTimes(join(folder, 'letters', 'b.txt'), async (file) => {
        await using handle = await open(file, 'r+');
        await handle.write('X', 3);
      }),
    'with only one folder left': async (folder) => {
      for (const name of await readdir(folder, { encoding: 'buffer' }))
        if (name.toString() !== 'letters')
          await rm(Buffer.concat([Buffer.from(`${folder}/`), name]), { recursive: true });
    },
  },
  async world(run, scratchRoot) {
    const base = await mkdtemp(join(tmpdir(), 'reprise-files-'));
    const source = join(base, "sou*r[c]e 'of' files");
    const host = localHost({ name: 'local', run, scratchRoot, clock: systemClock });
    const secret = `canary-${randomBytes(12).toString('hex')}`;
    const socket = await fill(source, secret);
    let places = 0;
    return {
      kind: files,
      method: files.methods['tree'] as never,
      spec: FilesSpec.parse({ path: source }),
      host,
      service: noService('none', host),
      secrets: new Map([['content', new Secret(secret)]]),
      async elsewhere() {
        const path = join(base, `place ${++places}`, 'data');
        if (places % 2 === 0) await mkdir(path, { recursive: true, mode: 0o700 });
        return FilesSpec.parse({ path });
      },
      async occupy({ path }) {
        await mkdir(path, { recursive: true });
        await writeFile(join(path, 'worth keeping'), 'x');
      },
      async portrait({ path }) {
        const all = Object.entries(await portraitOf(path));
        return Object.fromEntries(all.filter(([name]) => !name.endsWith('own.sock'))); // made anew by its program
      },
      canary: (n) => writeFile(join(source, 'canaries', String(n)), String(n)),
      canaries: async ({ path }) => new Set((await readdir(join(path, 'canaries'))).map(Number)),
      async slow() {
        await mkdir(join(source, 'many'));
        for (let i = 0; i < 2000; i++) await writeFile(join(source, 'many', `${i}`), randomBytes(2000));
        await writeFile(join(source, 'large'), randomBytes(80 * 1024 * 1024));
      },
      async [Symbol.asyncDispose]() {
        socket.close();
        await host[Symbol.asyncDispose]();
        await rm(base, { recursive: true, force: true });
      },
    };
  },
});

/** Everything that an ordinary copy loses. */
async function fill(folder: string, secret: string) {
  const at = (...names: string[]): string => join(folder, ...names);
  await mkdir(at('letters'), { recursive: true });
  await mkdir(at('canaries'));
  await mkdir(at('empty folder'), { mode: 0o1777 });
  await writeFile(at('letters', 'a.txt'), 'first');
  await writeFile(at('letters', 'b.txt'), '0123456789');
  await writeFile(at('.env'), `PASSWORD=${secret}\n`, { mode: 0o600 });
  await writeFile(at('empty'), '');
  await writeFile(at('-rf --no-preserve-root'), 'a dash first');
  await writeFile(at('two\nlines'), 'newline');
  await writeFile(at(' space at both ends '), 'spaces');
  await writeFile(at(`"quotes" 'and' $HOME \`id\` *?[a]\\`), 'quotes');
  await writeFile(at('é combining and é composed'), 'unicode');
  await writeFile(Buffer.concat([Buffer.from(`${folder}/not utf-8 `), Buffer.from([0xff, 0xfe])]), 'bytes');
  await symlink('letters/a.txt', at('link'));
  await symlink('/nowhere/at all', at('dangling'));
  await link(at('letters', 'a.txt'), at('hard link'));
  await writeFile(at('sparse'), 'x');
  await truncate(at('sparse'), 5_000_000);
  await must(['mkfifo', at('fifo')]);
  await must(['setfattr', '-n', 'user.origin', '-v', 'scanner', at('letters', 'b.txt')]);
  await must(['setfacl', '-m', `u:${nobody}:rw`, at('letters', 'b.txt')]);
  await must(['setfacl', '-d', '-m', `u:${nobody}:rwx`, at('letters')]);
  await must(['setfacl', '-d', '-m', `u:${nobody}:rx`, folder]);
  await must(['setfattr', '-n', 'user.root', '-v', 'yes "quoted"\nand é', folder]);
  await must(['setfattr', '-n', 'user.empty', folder]);
  await chmod(at('letters', 'a.txt'), 0o4751);
  if (root()) {
    await chown(at('letters', 'b.txt'), nobody, nobody);
    await chown(folder, nobody, 0);
  }
  await chmod(folder, 0o2750);
  await utimes(at('empty'), 1, 1.5);
  await lutimes(at('link'), 86_400, 86_400);
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(at('own.sock'), resolve);
  });
  return server;
}

async function keepingTimes(file: string, change: (file: string) => Promise<void>): Promise<void> {
  const { atimeMs, mtimeMs } = await stat(file);
  const times = await must(['stat', '--format=%y', '--', file]);
  await change(file);
  await utimes(file, atimeMs / 1000, mtimeMs / 1000);
  await must(['touch', '--no-create', `--date=${times.trim()}`, '--', file]); // to the nanosecond
}
