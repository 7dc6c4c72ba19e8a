import { InvalidArgumentError, Option } from 'commander';

/** An option that may be given several times: all its values, in order. */
export const repeatable = (flags: string, description: string): Option =>
  new Option(flags, description)
    .default([], '')
    .argParser((value: string, before: unknown) => [...(before as readonly string[]), value]);

/** `n/t`: the n-th of t slices. */
export function slice(value: string): string {
  const [n, t] = /^(\d{1,5})\/(\d{1,5})$/.exec(value)?.slice(1).map(Number) ?? [];
  if (n === undefined || t === undefined || n < 1 || n > t) throw new InvalidArgumentError('n/t');
  return value;
}

/** A date and time with its zone (RFC 3339), as the document has it: UTC, milliseconds. */
export function moment(value: string): string {
  const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value);
  const at = shape ? new Date(value) : undefined;
  if (at === undefined || Number.isNaN(at.getTime())) throw new InvalidArgumentError('RFC 3339');
  return at.toISOString();
}

export function wholeNumber(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError('0, 1, 2, …');
  return Number(value);
}
