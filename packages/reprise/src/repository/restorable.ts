import { createHash } from 'node:crypto';
import { Transform, finished, type Readable } from 'node:stream';
import { callbackify } from 'node:util';

import type { PartRecord, Point } from '@reprise/contracts';

import type { Restorable } from '../kinds/kind.ts';
import { RepriseError } from '../lib/errors/index.ts';
import type { Repository } from './repository.ts';

/**
 * Where a stream part lies inside its snapshot. One file name, no folders: restic 0.18.0 (Debian 13's) stores nothing
 * under a `--stdin-filename` with folders ("open /reprise: no such file or directory", restic issue 5324). Names hold
 * no dots, so it is read in one way only.
 */
export const partPath = (system: string, component: string, part: string): string =>
  `/reprise.${system}.${component}.${part}`;

/** A point as read from one repository; remembers the SHA-256 of every stream that was read to its end. */
export interface Reading extends Restorable {
  readonly sha256: ReadonlyMap<string, string>;
}

/**
 * Reads a point's parts from the copy in `repository`. A stream ends with an error when restic failed, when its bytes
 * are fewer or more than were recorded, or when their SHA-256 is not the recorded one (`repository.damaged`).
 */
export function readFrom(
  repository: Repository,
  system: string,
  point: Point,
  parts: readonly PartRecord[],
): Reading {
  const sha256 = new Map<string, string>();
  const find = (name: string, form: PartRecord['form']): PartRecord => {
    const part = parts.find((p) => p.name === name && p.form === form);
    if (part === undefined) throw new TypeError(`point ${point.id} has no ${form} part ${name}`);
    return part;
  };
  return {
    point,
    chain: [],
    sha256,
    async open(name, signal) {
      const part = find(name, 'stream');
      const { body, complete } = await repository.dump(
        part.snapshot,
        partPath(system, point.component, name),
        signal,
      );
      complete.catch(() => {}); // reported at the stream's end, below
      return body.pipe(proof(repository, point, part, complete, body, (digest) => sha256.set(name, digest)));
    },
    async place(name, directory, signal) {
      const part = find(name, 'tree');
      const written = await repository.restore(part.snapshot, directory, signal);
      if (part.files !== undefined && written.files < part.files)
        throw damaged(repository, `${point.id}/${name}: ${written.files} of ${part.files} files`);
    },
  };
}

const damaged = (repository: Repository, what: string): RepriseError =>
  new RepriseError('repository.damaged', { repository: repository.name, what });

/** Passes bytes on, and ends well only if restic did and they are the bytes that were recorded. */
function proof(
  repository: Repository,
  point: Point,
  part: PartRecord,
  complete: Promise<void>,
  source: Readable,
  seen: (sha256: string) => void,
): Transform {
  const hash = createHash('sha256');
  const what = `${point.id}/${part.name}`;
  let bytes = 0;
  const judge = async (): Promise<void> => {
    await complete;
    if (bytes !== part.bytes) throw damaged(repository, `${what}: ${bytes} of ${part.bytes} bytes`);
    const digest = hash.digest('hex');
    if (part.sha256 !== undefined && part.sha256 !== digest) throw damaged(repository, `${what}: SHA-256`);
    seen(digest);
  };
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
    flush: callbackify(judge),
  });
  // Also one that an abort closed before it came here: `pipe` alone would wait for its end for ever.
  finished(source, { writable: false }, (cut) => {
    if (cut)
      complete.then(
        () => through.destroy(cut),
        (why: Error) => through.destroy(why),
      );
  });
  through.on('close', () => source.destroy());
  through.on('error', () => {}); // an abort may come before the reader has its hands on it: it meets the error then
  return through;
}
