import type { Language } from './language.ts';

const two = (n: number): string => String(n).padStart(2, '0');

/** A length of time for people: "850 ms", "4.2 s", "1 min 05 s", "3 h 20 min", "2 d 4 h" (« 2 j 4 h »). */
export function timeText(ms: number, language: Language): string {
  const decimal = (n: number): string => n.toLocaleString(language, { maximumFractionDigits: 1 });
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${decimal(Math.floor(ms / 100) / 10)} s`;
  const [seconds, minutes, hours] = [
    Math.floor(ms / 1000),
    Math.floor(ms / 60_000),
    Math.floor(ms / 3_600_000),
  ];
  if (hours === 0) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${two(seconds % 60)} s`;
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${two(minutes % 60)} min`;
  const day = language === 'fr' ? 'j' : 'd';
  return hours % 24 === 0 ? `${hours / 24} ${day}` : `${Math.floor(hours / 24)} ${day} ${hours % 24} h`;
}

/** An amount of data for people, in binary units: "0 B", "1.5 KiB" (« 1,5 Kio »). */
export function sizeText(bytes: number, language: Language): string {
  const units = language === 'fr' ? ['o', 'Kio', 'Mio', 'Gio', 'Tio'] : ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toLocaleString(language, { maximumFractionDigits: 1 })} ${units[power] ?? ''}`;
}

/** A moment for people: local time to the minute (or second), the zone beside it: « 21/11/2026 14:14 UTC ». */
export const momentText = (at: string, language: Language, to: 'minute' | 'second' = 'minute'): string =>
  new Date(at).toLocaleString(language === 'fr' ? 'fr-FR' : 'en-GB', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    ...(to === 'second' && { second: '2-digit' }),
    timeZoneName: 'short',
  });

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
export const isInstant = (text: string): boolean => instant.test(text);
