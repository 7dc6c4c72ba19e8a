import { formatDuration } from '@reprise/contracts';

/** “1d 6h”; milliseconds. */
export const d = (ms: number | null): string =>
  ms === null ? '?' : formatDuration(ms).replace(/([dhms])(?=\d)/g, '$1 ');
/** « 1 j 6 h » */
export const j = (ms: number | null): string =>
  d(ms).replace(
    /(\d+)([dhms])/g,
    (_, n: string, unit: string) => `${n} ${{ d: 'j', m: 'min' }[unit] ?? unit}`,
  );
