import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { PartRecord } from '@reprise/contracts';

import { localHost } from '../../../packages/reprise/src/hosts/local.ts';
import type { Store } from '../../../packages/reprise/src/kinds/conformance/index.ts';
import { systemClock } from '../../../packages/reprise/src/lib/clock.ts';
import { Secret } from '../../../packages/reprise/src/lib/secret.ts';
import { openRepository } from '../../../packages/reprise/src/repository/open.ts';
import { partPath, readFrom } from '../../../packages/reprise/src/repository/restorable.ts';

const system = 'conformance';
const component = 'subject';
const password = 'conformance';

/** A real restic repository: made once for a test file (an `init` costs a second), each case has snapshots of its own. */
export class ResticStores {
  #folder: Promise<string> | undefined;

  async store(run: string): Promise<Store> {
    const folder = await (this.#folder ??= this.#init());
    const { repository, host } = this.#open(folder, run);
    return {
      async put(part, producing, signal): Promise<PartRecord> {
        const tags = { form: 'part', installation: run, run, component, part: part.name } as const;
        const path = partPath(system, component, part.name);
        if (part.form === 'tree') {
          const { root, includes, excludes } = part;
          const tree = { root, ...(includes && { includes }), ...(excludes && { excludes }) };
          const { snapshot, bytes, files } = await repository.backupTree(tree, tags, signal);
          return { name: part.name, form: 'tree', snapshot, bytes, files };
        }
        const { snapshot, bytes } =
          part.form === 'command'
            ? await repository.backupCommand(producing.wrap(part.command), path, tags, signal)
            : await repository.backupStream(part.body, part.complete, path, tags, signal);
        return { name: part.name, form: 'stream', snapshot, bytes };
      },
      read: (point) => readFrom(repository, system, point, point.copies[0]?.parts ?? []),
      [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
    };
  }

  async remove(): Promise<void> {
    const folder = await this.#folder;
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  async #init(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'reprise-conformance-restic-'));
    const { repository, host } = this.#open(folder, 'init');
    await repository.init(new AbortController().signal);
    await host[Symbol.asyncDispose]();
    return folder;
  }

  #open(folder: string, run: string) {
    const host = localHost({ name: 'store', run, scratchRoot: join(folder, 'scratch'), clock: systemClock });
    const repository = openRepository({
      name: 'store',
      url: join(folder, 'repository'),
      identity: 'writer',
      system,
      host,
      home: join(folder, 'home'),
      clock: systemClock,
      password: { secret: async () => new Secret(password) },
    });
    return { repository, host };
  }
}
