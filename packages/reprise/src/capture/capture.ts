import type { AsOf, Finding, Inventory, PartRecord, Point } from '@reprise/contracts';

import type { AnyKind, Capture, Context, Method, Part } from '../kinds/kind.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { emptiedFindings, emptiedSince } from './emptied.ts';

/** What storing needs of a repository; `repository/` has the real one. */
export interface Sink {
  readonly name: string;
  store(part: Part): Promise<{ readonly snapshot: string; readonly bytes: number; readonly files: number }>;
}

/** A component's bytes as they lie in the first repository, not yet checked: no point. */
export interface Captured {
  readonly component: string;
  readonly kind: string;
  readonly method: string;
  readonly repository: string;
  readonly parts: readonly PartRecord[];
  readonly as_of: AsOf;
  readonly inventory: Inventory;
  readonly tools: Readonly<Record<string, string>>;
  readonly server: string | null;
  readonly findings: readonly Finding[];
  readonly capture_ms: number;
}

type Spec = Readonly<Record<string, unknown>>;

/** A part's name is a path segment in the repository and a tag. */
const partName = /^[A-Za-z0-9._~%-]{1,210}$/;

/**
 * Preflight, then every part stored one after the other, then what the kind says of the whole.
 * Throws `capture.*`, and whatever the kind or the repository throws: then nothing of this is a point.
 */
export async function capture(
  subject: { readonly kind: AnyKind; readonly method: Method<Spec>; readonly spec: Spec },
  sink: Sink,
  at: Context,
  since: Point | undefined,
): Promise<Captured> {
  const { method, spec } = subject;
  const findings: Finding[] = [...(await method.preflight(spec, at))];
  refuse(findings, at.component);

  const began = at.clock.monotonic();
  await using taking = await method.capture(spec, at, since);
  taking.done.catch(() => {});
  const parts: PartRecord[] = [];
  for await (const part of taking.parts) {
    if (!partName.test(part.name) || parts.some((p) => p.name === part.name))
      throw new RepriseError('capture.parts', { component: at.component, part: part.name });
    parts.push(await store(part, sink, at).catch(causeOf(taking)));
  }
  const result = await taking.done;
  if (parts.length === 0) throw new RepriseError('capture.nothing', { component: at.component });
  const before = since?.kind === subject.kind.name ? since.inventory : undefined;
  const lost = refuseEmptied(spec, result.inventory, before, at.component);
  return {
    component: at.component,
    kind: subject.kind.name,
    method: method.name,
    repository: sink.name,
    parts,
    as_of: result.asOf,
    inventory: result.inventory,
    tools: result.tools,
    server: result.server,
    findings: [...findings, ...result.findings, ...lost],
    capture_ms: at.clock.monotonic() - began,
  };
}

/** A capture that failed while a part was stored has said so already; the part's own error is then the consequence. */
const causeOf =
  ({ done }: Capture) =>
  async (e: unknown): Promise<never> => {
    await Promise.race([done, Promise.resolve()]);
    throw e;
  };

async function store(part: Part, sink: Sink, at: Context): Promise<PartRecord> {
  at.signal.throwIfAborted();
  const stored = await sink.store(part);
  if (part.form === 'tree')
    return {
      name: part.name,
      form: 'tree',
      snapshot: stored.snapshot,
      bytes: stored.bytes,
      files: stored.files,
    };
  if (stored.bytes === 0)
    throw new RepriseError('capture.empty', { component: at.component, part: part.name });
  return { name: part.name, form: 'stream', snapshot: stored.snapshot, bytes: stored.bytes };
}

/**
 * "Empty though it was not before" is what a wrong mount, a reset or a botched migration looks like, not a database.
 */
function refuseEmptied(
  spec: Spec,
  now: Inventory,
  before: Inventory | undefined,
  component: string,
): readonly Finding[] {
  if (before === undefined || spec['allow_empty'] === true) return [];
  const lost = emptiedSince(before, now);
  const whole = lost.find((one) => one.whole);
  if (whole !== undefined)
    throw new RepriseError('capture.emptied', {
      component,
      database: whole.database,
      before: whole.before,
      tables: whole.tables.length,
    });
  return emptiedFindings(lost, component);
}

function refuse(findings: readonly Finding[], component: string): void {
  const failed = findings.find((f) => f.verdict === 'fail');
  if (failed !== undefined) throw new RepriseError('capture.preflight', { component, why: failed });
}
