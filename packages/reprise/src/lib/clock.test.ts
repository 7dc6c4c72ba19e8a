import { expect, test } from 'vitest';

import { instant, systemClock } from './clock.ts';

test('an aborted sleep rejects with the reason of the signal, at once', async () => {
  const began = systemClock.monotonic();
  await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('later')), 20);
  await expect(systemClock.sleep(60_000, stop.signal)).rejects.toThrow('later');
  expect(systemClock.monotonic() - began).toBeLessThan(5000);
});

test('an instant is UTC with milliseconds', () => {
  expect(instant(new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6)))).toBe('2026-01-02T03:04:05.006Z');
});
