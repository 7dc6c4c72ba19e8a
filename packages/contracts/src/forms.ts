import { z } from 'zod';

/** RFC 3339, UTC, milliseconds: every instant in a file. */
export const Instant = z.iso.datetime({ precision: 3 });
/** A SHA-256. */
export const Hex64 = z.string().regex(/^[0-9a-f]{64}$/);
