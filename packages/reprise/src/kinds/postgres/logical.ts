import type { Method } from '../kind.ts';
import { capture } from './capture.ts';
import { forecast } from './forecast.ts';
import { byHand } from './hand.ts';
import { inspect } from './inspect.ts';
import { preflight } from './preflight.ts';
import { restore } from './restore.ts';
import type { PostgresSpec } from './spec.ts';

/** `pg_dump` of each database in one exported snapshot, and `pg_dumpall --globals-only`. */
export const logical: Method<PostgresSpec> = {
  name: 'logical',
  traits: {
    restoresInto: 'running',
    consistency: 'transaction',
    chain: 'full',
    needsService: true,
    inspects: 'parsed',
  },
  preflight,
  capture,
  inspect,
  forecast,
  restore,
  byHand,
};
