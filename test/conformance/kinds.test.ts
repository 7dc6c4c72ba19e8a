import { afterAll, describe, test } from 'vitest';

import { conformance, fileStore } from '../../packages/reprise/src/kinds/conformance/index.ts';
import { filesSetup } from './kinds/files-setup.ts';
import { ResticStores } from './kinds/restic-store.ts';
import { sqliteSetup } from './kinds/sqlite-setup.ts';

/** Every method of every kind, on its real server and a real repository. */
const stores = new ResticStores();
const store = (run: string) => stores.store(run);
afterAll(() => stores.remove());

conformance(filesSetup(store), { describe, test });
conformance(sqliteSetup(store, 'wal'), { describe, test });
// The other journal changes how a database is read, not how its parts are stored: files stand in for restic.
conformance(
  sqliteSetup((_, folder) => fileStore(folder), 'delete'),
  { describe, test },
);
