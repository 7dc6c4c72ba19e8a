import { describe, test } from 'vitest';

import { conformance, fileStore } from '../../packages/reprise/src/kinds/conformance/index.ts';
import type { Vacant } from '../../packages/reprise/src/kinds/kind.ts';
import { postgresWorld } from './postgres-world.ts';

conformance(
  {
    name: 'postgres, method logical',
    world: postgresWorld,
    store: fileStore,
    producers: ['psql', 'pg_dump', 'pg_dumpall'],
    header: (part, body) => (part === 'globals' ? 200 : body.indexOf('COPY ')),
    mint: <T>(spec: T, because: 'empty') => ({ spec, because }) as unknown as Vacant<T>,
  },
  { describe, test },
);
