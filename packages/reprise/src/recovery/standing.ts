import type { Finding, Inventory, Point } from '@reprise/contracts';

import { RepriseError } from '../lib/errors/index.ts';
import { judge, wordsOf } from '../lib/findings/index.ts';
import type { Target } from './target.ts';

/**
 * What lies at a place that this run had restored and is asked about again:
 *
 * - `gone`: nothing; a server that is gone has nothing;
 * - `same`: what was restored, as the kind compares it with what was recorded at capture;
 * - `checked`: something else than was recorded, of a component that has checks: they say whether it serves;
 * - `unproven`: something else, and nothing says whether it is that data, used since, or other data.
 */
export type Standing =
  | { readonly is: 'gone' | 'same' | 'checked' }
  | { readonly is: 'unproven'; readonly first: string };

export async function standingOf(target: Target, inventory: Inventory | null): Promise<Standing> {
  const { component, kind, spec, context } = target;
  if (!(await isOccupied(target))) return { is: 'gone' };
  if (component.common.checks.length > 0) return { is: 'checked' };
  if (inventory === null) return { is: 'unproven', first: '–' };
  const findings = await orUndefined(target, async () => await kind.verify(spec, context, inventory));
  // Beside files of Reprise's own nobody can tell what was restored from what was changed since.
  const first = findings?.find((f) => f.verdict === 'fail' || f.code === 'files.kept');
  const proven = findings?.some((f) => f.verdict === 'pass') === true && first === undefined;
  return proven ? { is: 'same' } : { is: 'unproven', first: first ? wordsOf(first, 'en').message : '–' };
}

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
export type Witness = (of: { readonly component: string; readonly first: string }) => Promise<boolean>;

/** As it lies there, by a person's word: said, and never called proven. Throws `place.unproven` without it. */
export async function confirmed(
  { component, place }: Target,
  point: Point,
  first: string,
  witness: Witness,
): Promise<Finding> {
  if (await witness({ component: component.name, first }))
    return judge('unable', 'recovery.kept-by-word', component.name, { point: point.id, place: place.label });
  throw new RepriseError('place.unproven', { component: component.name, place: place.label, first });
}
