import manifest from '../../package.json' with { type: 'json' };

/** Of this program; stands in the journal and in `--version`. */
export const version: string = manifest.version;

/** Is a version such as 3.40.1 that one or newer? Numbers are compared, not text; what is no number is older. */
export function isAtLeast(found: string, least: string): boolean {
  const [is, want] = [found, least].map((v) => v.split('.').map(Number)) as [number[], number[]];
  const differ = want.findIndex((n, i) => n !== (is[i] ?? 0));
  return differ === -1 || (is[differ] ?? 0) > (want[differ] ?? 0);
}
