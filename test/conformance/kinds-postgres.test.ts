import { afterAll, describe, test } from 'vitest';

import { conformance } from '../../packages/reprise/src/kinds/conformance/index.ts';
import { postgresWorld } from '../integration/postgres-world.ts';
import { mint } from './kinds/mint.ts';
import { ResticStores } from './kinds/restic-store.ts';

/** PostgreSQL, on real servers and a real repository: one full of everything, and as many empty ones as needed. */
const stores = new ResticStores();
afterAll(() => stores.remove());

conformance(
  {
    name: 'postgres, method logical',
    world: postgresWorld,
    store: (_folder, run) => stores.store(run),
    producers: ['psql', 'pg_dump', 'pg_dumpall'],
    header: (part, body) => (part === 'globals' ? 200 : body.lastIndexOf('COPY ')),
    mint,
  },
  { describe, test },
);
