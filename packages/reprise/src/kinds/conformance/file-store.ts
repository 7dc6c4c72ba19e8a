import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { PartRecord, Point } from '@reprise/contracts';

import { localHost } from '../../hosts/local.ts';
import { systemClock } from '../../lib/clock.ts';
import type { Part, Restorable, TreePart } from '../kind.ts';
import { demand, output } from '../tool.ts';
import type { Store } from './setup.ts';

/**
 * A stand-in with a repository's semantics, over plain files: a part is whole or an error, what is read back is what
 * was stored. Quick, so the deliberately broken kinds run on it; the real kinds run on restic.
 */
export async function fileStore(folder: string): Promise<Store> {
  await mkdir(folder, { recursive: true });
  const own = localHost({
    name: 'store',
    run: null,
    scratchRoot: join(folder, 'scratch'),
    clock: systemClock,
  });
  const never = new AbortController().signal;
  const path = (id: string): string => join(folder, id);

  const keep = async (part: string, body: Readable, complete: Promise<void>): Promise<PartRecord> => {
    const id = randomUUID();
    const hash = createHash('sha256');
    let bytes = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await Promise.all([pipeline(body, count, createWriteStream(path(id))), complete]);
    if (bytes === 0) throw new Error(`part ${part} is empty`);
    return { name: part, form: 'stream', snapshot: id, bytes, sha256: hash.digest('hex') };
  };

  const keepTree = async (part: TreePart): Promise<PartRecord> => {
    const id = randomUUID();
    const chosen = part.includes ?? ['.'];
    const excludes = (part.excludes ?? []).filter((p) => !p.includes('**')).map((p) => `--exclude=${p}`);
    const argv = [
      'tar',
      '--create',
      '--acls',
      '--xattrs',
      '--sparse',
      '--format=posix',
      '--numeric-owner',
      `--file=${path(id)}`,
      ...excludes,
      '--null',
      '--verbatim-files-from',
      '--files-from=-',
    ] as const;
    await demand(own, { argv, cwd: part.root }, never, chosen.map((c) => `${c}\0`).join(''));
    return { name: part.name, form: 'tree', snapshot: id, bytes: (await stat(path(id))).size, files: 1 };
  };

  const put = async (
    part: Part,
    host: Parameters<Store['put']>[1],
    signal: AbortSignal,
  ): Promise<PartRecord> => {
    if (part.form === 'tree') return await keepTree(part);
    if (part.form === 'stream') return await keep(part.name, part.body, part.complete);
    const running = await own.run({ argv: host.wrap(part.command) }, signal);
    const well = async (): Promise<void> => {
      const exit = await running.exit;
      if (exit.code !== 0) throw new Error(`${part.command.argv[0]} ended with ${exit.code}: ${exit.stderr}`);
    };
    return await keep(part.name, running.stdout, well());
  };

  return {
    put,
    read: (point) =>
      reading(point, path, async (id, directory, signal) => {
        const { exit } = await output(
          own,
          {
            argv: [
              'tar',
              '--extract',
              '--acls',
              '--xattrs',
              '--same-owner',
              '--same-permissions',
              '--numeric-owner',
              `--file=${path(id)}`,
            ],
            cwd: directory,
          },
          signal,
        );
        if (exit.code !== 0) throw new Error(exit.stderr);
      }),
    [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
  };
}

function reading(
  point: Point,
  path: (id: string) => string,
  extract: (id: string, directory: string, signal: AbortSignal) => Promise<void>,
): Restorable {
  const find = (name: string): PartRecord => {
    const part = point.copies[0]?.parts.find((p) => p.name === name);
    if (part === undefined) throw new TypeError(`no part ${name}`);
    return part;
  };
  return {
    point,
    chain: [],
    async open(name, signal) {
      const body = createReadStream(path(find(name).snapshot), { signal });
      body.on('error', () => {}); // whoever reads it meets it
      await once(body, 'open');
      return body;
    },
    place: async (name, directory, signal) => extract(find(name).snapshot, directory, signal),
  };
}
