import type { Finding } from '@reprise/contracts';

import { judge } from '../../lib/findings/index.ts';
import type { Context, Restorable } from '../kind.ts';
import { itemsOf } from './inspect.ts';
import { claim, partBytes, sizesIn, wayOf } from './load.ts';
import { rolesToKeep } from './neighbours.ts';
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

/** A parallel restore needs room for its whole dump, one at a time; what is loaded as it comes needs none. */
async function loading(stored: Restorable, spec: PostgresSpec, at: Context): Promise<Forecast> {
  const { jobs } = spec;
  if (jobs === 1)
    return { scratch: 0, findings: [judge('pass', 'postgres.serial', at.component, { bytes: 0 })] };
  const wanted = itemsOf(stored.point.inventory, 'database').filter(
    (d) => spec.databases === 'all' || spec.databases.includes(d.name),
  );
  const superuser = wasSuperuser(stored, spec);
  const [streamed, staged] = split(
    wanted,
    (d) => wayOf(sizesIn(stored.point, d.name), { jobs, superuser }) === 'streamed',
  );
  const findings = streamed.map((d) =>
    judge('pass', 'postgres.streamed', at.component, { database: d.name, jobs }),
  );
  if (staged.length === 0) return { scratch: 0, findings };
  const bytes = Math.max(...staged.map((d) => partBytes(stored, String(d.values['part']))));
  await using room = await claim(bytes, spec, at);
  return room === undefined
    ? { scratch: 0, findings: [...findings, judge('unable', 'postgres.serial', at.component, { bytes })] }
    : {
        scratch: bytes,
        findings: [...findings, judge('pass', 'postgres.parallel', at.component, { bytes, jobs })],
      };
}

/** The server may not be there yet: as the role was at capture. */
const wasSuperuser = ({ point }: Restorable, spec: PostgresSpec): boolean =>
  itemsOf(point.inventory, 'role').some(
    (r) => r.name === spec.connection.user && r.values['superuser'] === true,
  );

const split = <T>(all: readonly T[], first: (one: T) => boolean): readonly [T[], T[]] => [
  all.filter(first),
  all.filter((one) => !first(one)),
];
