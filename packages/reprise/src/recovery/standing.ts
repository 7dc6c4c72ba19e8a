import type { EntryV1, Finding, Inventory, Point } from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { judge, wordsOf } from '../lib/findings/index.ts';
import { inBoth } from '../lib/i18n/index.ts';
import type { Said } from '../lib/language.ts';
import type { RunLog } from './deps.ts';
import type { Target } from './target.ts';

/**
 * What lies at a place that this run had restored and is asked about again:
 *
 * - `gone`: nothing; a server that is gone has nothing;
 * - `same`: what was restored, as the kind compares it with what was recorded at capture;
 * - `used`: something else, of a component that this run had put in service since: used, or lost again, nobody can tell;
 * - `unproven`: something else, and nobody had any reason to change it.
 *
 * Checks of the plan decide nothing here: one file of sixty passes "at least one file".
 */
export type Standing =
  | { readonly is: 'gone' }
  | { readonly is: 'same' }
  | { readonly is: 'used' | 'unproven'; readonly differs: Finding | undefined };

export async function standingOf(
  target: Target,
  inventory: Inventory | null,
  record: Pick<RunLog, 'entries'>,
): Promise<Standing> {
  const { kind, spec, context } = target;
  if (!(await isOccupied(target))) return { is: 'gone' };
  const findings =
    inventory === null
      ? undefined
      : await orUndefined(target, async () => await kind.verify(spec, context, inventory));
  // Beside files of Reprise's own nobody can tell what was restored from what was changed since.
  const differs = findings?.find((f) => f.verdict === 'fail' || f.code === 'files.kept');
  if (findings?.some((f) => f.verdict === 'pass') === true && differs === undefined) return { is: 'same' };
  return { is: wasInService(target, record.entries()) ? 'used' : 'unproven', differs };
}

/** Since this run restored it: checked in service, or its service was started again. */
function wasInService({ component, place }: Target, entries: readonly EntryV1[]): boolean {
  const of = ({ body }: EntryV1): boolean =>
    body['place'] === place.label &&
    (body['component'] === component.name || body['service'] === component.service);
  const since = entries.findLastIndex((e) => e.type === 'place.restored' && of(e));
  const serves = new Set(['component.recovered', 'service.started']);
  return entries.slice(since + 1).some((e) => serves.has(e.type) && of(e));
}

/** The first difference, in the reader's language. */
export const differenceOf = (differs: Finding | undefined): Said =>
  differs === undefined ? '–' : inBoth((_, language) => wordsOf(differs, language).message);

async function isOccupied(target: Target): Promise<boolean> {
  const vacancy = await orUndefined(
    target,
    async () => await target.kind.isVacant(target.spec, target.context),
  );
  return vacancy?.vacant === false;
}

/** undefined: it cannot be asked. */
async function orUndefined<T>({ context }: Target, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (e) {
    context.signal.throwIfAborted();
    if (e instanceof RepriseError) return undefined;
    throw e;
  }
}

/** A person's word that what lies there is to be taken as it is. */
export type Witness = (of: { readonly component: string; readonly first: Said }) => Promise<boolean>;

/** As it lies there, by a person's word: said, and never called proven. Throws `place.unproven` without it. */
export async function confirmed(
  { component, place }: Target,
  point: Point,
  first: Said,
  witness: Witness,
): Promise<Finding> {
  if (await witness({ component: component.name, first }))
    return judge('unable', 'recovery.kept-by-word', component.name, { point: point.id, place: place.label });
  throw new RepriseError('place.unproven', { component: component.name, place: place.label, first });
}
