import type { Finding } from '@reprise/contracts';

import { judge } from '../../lib/findings/index.ts';
import type { Context, Restorable } from '../kind.ts';
import { itemsOf } from './inspect.ts';
import { rolesToKeep } from './neighbours.ts';
import { claim, partBytes } from './restore.ts';
import type { PostgresSpec } from './spec.ts';

interface Forecast {
  readonly scratch: number;
  readonly findings: readonly Finding[];
}

/** How each database will be loaded, and which roles of a shared server stay as they are. */
export async function forecast(stored: Restorable, spec: PostgresSpec, at: Context): Promise<Forecast> {
  const { scratch, findings } = await loading(stored, spec, at);
  return { scratch, findings: [...findings, ...(await rolesToKeep(stored, spec, at))] };
}

/** A parallel restore needs room for its whole dump, one at a time. */
async function loading(stored: Restorable, spec: PostgresSpec, at: Context): Promise<Forecast> {
  const sizes = itemsOf(stored.point.inventory, 'database')
    .filter((d) => spec.databases === 'all' || spec.databases.includes(d.name))
    .map((d) => partBytes(stored, String(d.values['part'])));
  const largest = Math.max(0, ...sizes);
  if (spec.jobs === 1)
    return { scratch: 0, findings: [judge('pass', 'postgres.serial', at.component, { bytes: 0 })] };
  await using room = await claim(largest, spec, at);
  return room === undefined
    ? { scratch: 0, findings: [judge('unable', 'postgres.serial', at.component, { bytes: largest })] }
    : {
        scratch: largest,
        findings: [judge('pass', 'postgres.parallel', at.component, { bytes: largest, jobs: spec.jobs })],
      };
}
