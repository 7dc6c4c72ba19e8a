import { finding } from './define.ts';

export const captureFindings = {
  'capture.listed': finding<{
    repository: string;
    files: number;
    bytes: number;
    expected_files: number;
    expected_bytes: number;
  }>(
    (p) => [
      p.verdict === 'pass'
        ? `${p.repository} lists the ${p.files} files (${p.bytes} bytes) that were stored.`
        : `${p.repository} lists ${p.files} files (${p.bytes} bytes); ${p.expected_files} files (${p.expected_bytes} bytes) were stored.`,
      'The files themselves were not read back.',
    ],
    (p) => [
      p.verdict === 'pass'
        ? `${p.repository} liste les ${p.files} fichiers (${p.bytes} octets) qui ont été stockés.`
        : `${p.repository} liste ${p.files} fichiers (${p.bytes} octets) ; ${p.expected_files} fichiers (${p.expected_bytes} octets) avaient été stockés.`,
      'Les fichiers eux-mêmes n’ont pas été relus.',
    ],
  ),
  'capture.emptied': finding<{ database: string | null; tables: string; more: number }>(
    (p) => [
      `Without a row, which the newest point still has: ${p.tables}${p.more > 0 ? ` and ${p.more} more` : ''}${p.database === null ? '' : ` (database ${p.database})`}.`,
      'That they were emptied on purpose.',
    ],
    (p) => [
      `Plus aucune ligne, alors que le dernier point en a : ${p.tables}${p.more > 0 ? ` et ${p.more} de plus` : ''}${p.database === null ? '' : ` (base ${p.database})`}.`,
      'Que cela était voulu.',
    ],
  ),
  'capture.other-snapshot': finding<{ repository: string; snapshot: string; found: string }>(
    (p) => [
      `Snapshot ${p.snapshot} in ${p.repository} is ${p.found} of another capture, not this one.`,
      null,
    ],
    (p) => [
      `L’instantané ${p.snapshot} de ${p.repository} est ${p.found} d’une autre capture, pas celle-ci.`,
      null,
    ],
  ),
} as const;
