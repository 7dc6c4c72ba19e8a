import { z } from 'zod';

import { formatDuration, milliseconds } from './duration.ts';

const bytes = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;

const sum = <U extends string>(text: string, units: Readonly<Record<U, number>>, parts: RegExp): number =>
  [...text.matchAll(parts)].reduce((total, [, n, unit]) => total + Number(n) * units[unit as U], 0);

/** "1h30m" in the plan, whole milliseconds in the program. */
export const Duration = z
  .codec(
    z
      .string()
      .max(40)
      .regex(/^(\d{1,9}[smhd])+$/, { error: 'duration' })
      .meta({ examples: ['15m', '24h', '1h30m', '7d'] }),
    z.int().nonnegative(),
    {
      decode: (text) => sum(text, milliseconds, /(\d+)([smhd])/g),
      encode: (ms) => formatDuration(ms),
    },
  )
  .meta({ id: 'Duration', title: 'Duration', description: 'A length of time: 90s, 15m, 24h, 7d, 1h30m' });

/** "10GiB" in the plan, bytes in the program. */
export const Size = z
  .codec(
    z
      .string()
      .regex(/^\d{1,9}(B|KiB|MiB|GiB|TiB)$/, { error: 'size' })
      .meta({ examples: ['512MiB', '10GiB'] }),
    z.int().nonnegative(),
    {
      decode: (text) => sum(text, bytes, /(\d+)(B|KiB|MiB|GiB|TiB)/g),
      encode: (n) => `${n}B`,
    },
  )
  .meta({ id: 'Size', title: 'Size', description: 'An amount of data, in binary units: 512MiB, 10GiB' });

/** Names of systems, components, groups, repositories, hosts, services. Starts with no dash: `--force` is no name. */
export const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, { error: 'name' })
  .meta({
    id: 'Name',
    description: 'Lower-case letters, digits and dashes; starts with a letter or digit; 63 at most',
  });
