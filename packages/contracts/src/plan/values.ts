import { z } from 'zod';

/** Program and arguments. */
export const argv = z.tuple([z.string().min(1)], z.string());
export const EnvName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'env-name' });
export const AbsolutePath = z.string().regex(/^\/[^\0]*$/, { error: 'absolute-path' });
/** What people write; bounded, so that a plan cannot fill the memory. */
export const text = z.string().max(4000);
export const title = text.optional().describe('For people');
export const IsoDate = z.iso.date();
