import type { Body, EntryV1, Point } from '@reprise/contracts';

import { canonical } from '../journal/canonical.ts';
import { sha256 } from '../journal/chain.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../lib/clock.ts';

/** The points that the journal tells of, as of its newest entry; projected again only when there is a newer one. */
export class Catalogue {
  readonly #journal: Journal;
  constructor(journal: Journal, _clock: Clock) {
    this.#journal = journal;
  }
  points(filter: { readonly component?: string; readonly pending?: boolean } = {}): readonly Point[] {
    const all = [...this.#journal.entries()];
    const states = all.filter((e) => e.type === 'state.stored').map((e) => e.body as Body<'state.stored'>);
    const gone = new Set(
      all
        .filter((e) => e.type === 'point.forgotten')
        .map((e) => `${String(e.body['point'])}@${String(e.body['repository'])}`),
    );
    const points: Point[] = [];
    for (const e of all) {
      if (e.type !== 'point.captured') continue;
      const b = e.body as Body<'point.captured'>;
      const id = idOf(e);
      const copies = [
        { repository: b.repository, parts: b.parts, seq: e.seq },
        ...all
          .filter((c) => c.type === 'point.copied' && c.body['point'] === id)
          .map((c) => ({
            repository: String(c.body['repository']),
            parts: (c.body as Body<'point.copied'>).parts,
            seq: c.seq,
          })),
      ]
        .filter((c) => !gone.has(`${id}@${c.repository}`))
        .map((c) => ({
          repository: c.repository,
          parts: c.parts,
          level: b.level,
          verdict: 'pass' as const,
          committed: states.some((s) => s.repository === c.repository && s.head.seq >= c.seq),
        }));
      if (copies.length === 0 || (filter.pending !== true && !copies.some((c) => c.committed))) continue;
      points.push({
        id,
        component: b.component,
        kind: b.kind,
        method: b.method,
        run: e.run ?? '',
        installation: e.installation,
        epoch: e.epoch,
        at: e.at,
        as_of: b.as_of,
        bytes: b.parts.reduce((n, p) => n + p.bytes, 0),
        level: b.level,
        verdict: 'pass',
        drilled_at: null,
        plan: b.plan,
        protection: b.keep.protection,
        tools: b.tools,
        server: b.server,
        inventory: b.inventory,
        group: b.group === null ? null : { name: b.group.name, id: b.group.id },
        capture_ms: b.capture_ms,
        fork: false,
        future: false,
        copies,
      });
    }
    return points
      .filter((p) => filter.component === undefined || p.component === filter.component)
      .toReversed();
  }
}
const idOf = (e: EntryV1): string =>
  `${String(e.body['component'])}@${(e.body as Body<'point.captured'>).as_of.from.replace(/[-:]/g, '').replace(/\.\d+Z/, 'Z')}-${sha256(canonical(e)).slice(0, 8)}`;
