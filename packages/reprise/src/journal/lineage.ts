import { Head, type Certificate } from '@reprise/contracts';

import { bodyAsRead, parseTolerantly } from './bodies.ts';
import { breakBetween, headOf, nothing, type Line } from './chain.ts';
import { certificateIn } from './keys.ts';

/**
 * Where a lineage breaks. `gap`: an entry is missing or twice; `prev`: the entry does not name the one before by its
 * hash; `fork`: an epoch continues another head than the one before it; `certificate`: an epoch whose key no root
 * vouches for.
 */
export interface Break {
  readonly kind: 'gap' | 'prev' | 'fork' | 'certificate';
  readonly seq: number;
}

/** An epoch between its first entry and `epoch.opened`. */
interface Opening {
  readonly continues: Head | undefined;
  readonly key: string;
  readonly root: string;
  step: 1 | 2;
}

/**
 * A lineage read from its first entry: one chain through all its epochs. Every epoch opens with
 * `installation.created`, `installation.certified` (by a root) and `epoch.opened` (naming the head that it continues).
 */
export class Lineage {
  #head: Head | undefined;
  readonly #certificates: Certificate[] = [];
  #opening: Opening | undefined;

  get head(): Head | undefined {
    return this.#head;
  }

  /** Of the newest epoch. */
  get certificate(): Certificate | undefined {
    return this.#certificates.at(-1);
  }

  /** Of every epoch until now, oldest first. */
  get certificates(): readonly Certificate[] {
    return this.#certificates;
  }

  /** Takes the next line, or says why it cannot follow; then nothing after it can either. */
  accept(line: Line): Break | undefined {
    const kind = this.#judge(line);
    if (kind !== undefined) return { kind, seq: line.entry.seq };
    this.#head = headOf(line);
    return undefined;
  }

  #judge(line: Line): Break['kind'] | undefined {
    const { entry } = line;
    const before = this.#head;
    const opens = entry.installation !== before?.installation || entry.epoch !== before.epoch;
    const broken = breakBetween(before ?? nothing, line);
    // An epoch that follows another entry than the last one here is not a hole in a chain: it is another branch.
    if (broken !== undefined) return opens && before !== undefined ? 'fork' : broken;
    if (opens) return this.#open(line, before);
    return this.#opening === undefined ? undefined : this.#certify(line, this.#opening);
  }

  #open({ entry }: Line, before: Head | undefined): Break['kind'] | undefined {
    const body = entry.type === 'installation.created' ? bodyAsRead(entry.type, entry.body) : undefined;
    if (body === undefined || this.#opening !== undefined) return 'certificate';
    if (entry.epoch <= (before?.epoch ?? 0)) return 'fork';
    this.#opening = { continues: before, key: body.key, root: body.root, step: 1 };
    return undefined;
  }

  #certify({ entry }: Line, opening: Opening): Break['kind'] | undefined {
    if (opening.step === 1) {
      if (entry.type !== 'installation.certified') return 'certificate';
      const certificate = certificateIn(entry.body['certificate'], opening.root);
      const same =
        certificate?.installation === entry.installation &&
        certificate.epoch === entry.epoch &&
        certificate.key === opening.key;
      if (!same) return 'certificate';
      this.#certificates.push(certificate);
      opening.step = 2;
      return undefined;
    }
    if (entry.type !== 'epoch.opened') return 'certificate';
    this.#opening = undefined;
    return sameHead(parseTolerantly(Head.nullable(), entry.body['continues']), opening.continues)
      ? undefined
      : 'fork';
  }
}

const sameHead = (a: Head | null | undefined, b: Head | undefined): boolean =>
  a === undefined || a === null || b === undefined
    ? a === null && b === undefined
    : a.installation === b.installation && a.epoch === b.epoch && a.seq === b.seq && a.hash === b.hash;
