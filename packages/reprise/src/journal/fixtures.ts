import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Clock } from '../lib/clock.ts';
import { systemClock } from '../lib/clock.ts';
import { newRecoveryKey, rootOf } from '../lib/recovery-key.ts';
import { createInstallation, type Continued } from './installation.ts';
import type { Journal } from './journal.ts';
import { writeState } from './segments.ts';
import { readState, type StateReading } from './state.ts';
import { openJournal } from './store.ts';

/** For tests: homes and states in folders of their own, all removed at the end. */
export class Bench implements Disposable {
  readonly root = rootOf(newRecoveryKey());
  readonly #folders: string[] = [];

  folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'reprise-journal-'));
    this.#folders.push(made);
    return made;
  }

  async installation(
    options: {
      continues?: Continued;
      role?: 'writer' | 'maintainer';
      clock?: Clock;
      root?: Bench['root'];
    } = {},
  ): Promise<Journal> {
    const home = this.folder();
    const { continues, role = 'writer', clock = systemClock, root = this.root } = options;
    await createInstallation({
      home,
      clock,
      system: 'shop',
      role,
      version: '0.1.0',
      root,
      ...(continues && { continues }),
    });
    return await openJournal({ home, clock, mode: 'write' });
  }

  state(journal: Journal, plan: string | null = 'version: 1\n'): string {
    const directory = this.folder();
    writeState({ journal, clock: systemClock, directory, plan });
    return directory;
  }

  read(directory: string, root = this.root.publicKey): StateReading {
    return readState(directory, { root, system: 'shop', where: 'primary 1a2b' });
  }

  copyOf(directory: string): string {
    const copy = this.folder();
    cpSync(directory, copy, { recursive: true });
    return copy;
  }

  [Symbol.dispose](): void {
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

/** Some entries: each `kit.checked` with the text given. */
export function scribble(journal: Journal, n: number, text = 'r'): void {
  for (let i = 0; i < n; i += 1)
    journal.append('kit.checked', { repository: text, ok: true }, { run: null, step: null });
}

export const continuing = (reading: StateReading): Continued => ({
  head: reading.header.head,
  lines: reading.lines(),
  repository: 'primary',
  snapshot: '1a2b',
});

/** The code of the error that `act` throws; the error itself where it has none. */
export function codeOf(act: () => unknown): unknown {
  try {
    act();
    return 'nothing thrown';
  } catch (e) {
    return (e as { code?: unknown }).code ?? e;
  }
}
