import { inBoth } from '../lib/i18n/index.ts';
import { sizeText } from '../lib/quantities.ts';
import type { Progress } from '../repository/repository.ts';
import type { Deps } from './deps.ts';

/** How often a long transfer says where it is, milliseconds: a part that takes less says nothing but its step. */
const every = 2000;

/** Lines such as `scores/db.app  1.2 GiB, 96 MiB/s` while a part is stored or read. */
export function progressLog(
  { clock, log }: Pick<Deps, 'clock' | 'log'>,
  what: string,
): (p: Progress) => void {
  const began = clock.monotonic();
  let last = began;
  return ({ bytes }) => {
    const now = clock.monotonic();
    if (now - last < every) return;
    last = now;
    const rate = Math.round((bytes * 1000) / Math.max(1, now - began));
    log(
      inBoth((t, language) =>
        t['log.transfer']({ what, size: sizeText(bytes, language), rate: sizeText(rate, language) }),
      ),
    );
  };
}
