import { join } from 'node:path';

import type { RecoveryRecord, SignedRecord } from '@reprise/contracts';

import type { Host } from '../hosts/host.ts';
import { canonical } from '../journal/canonical.ts';
import type { SigningKey } from '../journal/keys.ts';
import type { Language } from '../lib/language.ts';
import { recoveryMarkdown } from './recovery-record.ts';

/** The record with the installation's signature over the canonical bytes of everything else; unsigned without a key. */
function signRecord(record: RecoveryRecord, key: SigningKey | undefined): SignedRecord {
  const statement = { v: 1 as const, record, key: key?.publicKey ?? null };
  return { ...statement, signature: key?.sign(canonical(statement)) ?? null };
}

/** `$REPRISE_HOME/evidence/<run>.{md,json}`, each written atomically. */
export async function writeRecord(
  to: { readonly host: Host; readonly home: string; readonly signal: AbortSignal },
  record: RecoveryRecord,
  language: Language,
  key: SigningKey | undefined,
): Promise<{ readonly markdown: string; readonly json: string }> {
  const folder = join(to.home, 'evidence');
  const files = { markdown: join(folder, `${record.run}.md`), json: join(folder, `${record.run}.json`) };
  await to.host.mkdir(folder, 0o700, to.signal);
  const signed = signRecord(record, key);
  await to.host.write(files.json, `${JSON.stringify(signed, null, 2)}\n`, 0o600, to.signal);
  await to.host.write(files.markdown, recoveryMarkdown(record, language, signed.key), 0o600, to.signal);
  return files;
}
