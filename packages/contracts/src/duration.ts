export const milliseconds = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The shortest text that decodes to the same number of milliseconds (rounded up to whole seconds). */
export function formatDuration(ms: number): string {
  let rest = Math.ceil(ms / 1000) * 1000;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const n = Math.floor(rest / milliseconds[unit]);
    if (n > 0) text += `${n}${unit}`;
    rest -= n * milliseconds[unit];
  }
  return text === '' ? '0s' : text;
}
