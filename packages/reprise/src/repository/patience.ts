/**
 * Restic tries again for 15 minutes when a server does not answer, and says so on stderr. While it opens the
 * repository that is too long for a person who waits: after `opening` it is given up. In the middle of a transfer a
 * network may be away for longer. Seen with restic 0.18: "Stat(<config/>) returned error, retrying after 850ms: …".
 */
export interface Patience {
  /** Milliseconds without a sign of life while the repository is opened; default 20 s. */
  readonly opening: number;
  /** The same, once data was moved; default 5 min. */
  readonly moving: number;
}
export const defaultPatience: Patience = { opening: 20_000, moving: 300_000 };

/** Told every line of stderr; answers whether to give up. `alive` changes whenever restic has got on. */
export function giveUp(
  patience: Patience,
  monotonic: () => number,
  alive: () => number,
): (line: string) => boolean {
  let seen = alive();
  let since = monotonic();
  return (line) => {
    // On an append-only server no later attempt will be allowed either.
    if (/^Remove\(<.*returned error, retrying after.*403/.test(line)) return true;
    const again = /^\w+\(<(\w*).*returned error, retrying after ([\d.hmsµ]+)/.exec(line);
    if (again === null) return false;
    if (alive() !== seen) {
      seen = alive();
      since = monotonic();
    }
    const opening = /^(config|key|lock)$/.test(again[1] ?? '') && seen === 0;
    const limit = opening ? patience.opening : patience.moving;
    return monotonic() - since + goDuration(again[2] ?? '') > limit;
  };
}

/**
 * A write that failed for good: restic ends by itself now, or, if it was about to flush its last packs, never (restic
 * 0.18.0 on a full disk: a deadlock in one of three backups). It is given this many milliseconds.
 */
export const doomed = (line: string): boolean => /^Save\(<\w+\/.*\) failed: /.test(line);
export const doomedFor = 5000;

const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  µs: 0.001,
  ns: 0.000_001,
};
/** "1m2.5s" as Go writes it, in milliseconds. */
export const goDuration = (text: string): number =>
  [...text.matchAll(/([\d.]+)(ms|µs|ns|h|m|s)/g)].reduce(
    (ms, [, n, unit]) => ms + Number(n) * (units[unit ?? ''] ?? 0),
    0,
  );
