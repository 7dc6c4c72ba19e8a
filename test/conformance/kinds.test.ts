import { afterAll, describe, test } from 'vitest';

import { conformance } from '../../packages/reprise/src/kinds/conformance/index.ts';
import { filesSetup } from './kinds/files-setup.ts';
import { ResticStores } from './kinds/restic-store.ts';
import { sqliteSetup } from './kinds/sqlite-setup.ts';

/** Every method of every kind, on its real server and a real repository. */
const stores = new ResticStores();
const store = (run: string) => stores.store(run);
afterAll(() => stores.remove());

conformance(filesSetup(store), { describe, test });
conformance(sqliteSetup(store, 'wal'), { describe, test });
conformance(sqliteSetup(store, 'delete'), { describe, test });
