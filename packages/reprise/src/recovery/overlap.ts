import { overlaps, type Overlap } from '../kinds/extent.ts';
import type { Extent } from '../kinds/kind.ts';
import { canonical } from '../kinds/tool.ts';
import { RepriseError } from '../lib/errors/index.ts';
import { lookAt } from './beforehand.ts';
import type { Consents } from './deps.ts';
import type { Target } from './target.ts';

/**
 * Two components that hold the same data are not restored in one run, nor one of them where the other's data is: what is
 * restored last would take the place of the other's, and both would be said to be back. Symbolic links are followed.
 * `beside`: the other components at the same place. Throws `recovery.overlap`.
 */
export async function insistDistinct(
  restored: readonly Target[],
  beside: readonly Target[],
  consents: Consents,
): Promise<void> {
  const found = await overlapping([...restored, ...beside]);
  for (const { certain, ...overlap } of found) {
    // Files that only their names would make common are never written over; but consent puts them aside.
    if (!certain && !consents.has(overlap.outer) && !consents.has(overlap.inner)) continue;
    const others = beside.filter((t) => [overlap.outer, overlap.inner].includes(t.component.name));
    if (others.length === 2) continue;
    const [other] = others;
    if (other === undefined || (await isThere(other))) throw new RepriseError('recovery.overlap', overlap);
  }
}

/** A server that does not answer may hold anything; elsewhere there is none yet. */
const isThere = async (other: Target): Promise<boolean> => {
  const seen = await lookAt(other);
  return seen === undefined ? other.place.kind === 'in-situ' : !seen.vacant;
};

async function overlapping(targets: readonly Target[]): Promise<readonly Overlap[]> {
  const found: Overlap[] = [];
  for (const some of Map.groupBy(targets, (t) => t.component.host).values()) {
    const held = some.map(async (t) => ({ name: t.component.name, extents: await extentsOf(t) }));
    found.push(...overlaps(await Promise.all(held)));
  }
  return found;
}

async function extentsOf({ component, kind, spec, context }: Target): Promise<readonly Extent[]> {
  if (component.protections.length === 0) return [];
  const real = async (extent: Extent): Promise<Extent> =>
    extent.form === 'databases'
      ? extent
      : { ...extent, path: await canonical(context.host, extent.path, context.signal) };
  return await Promise.all((kind.extents?.(spec) ?? []).map(real));
}
