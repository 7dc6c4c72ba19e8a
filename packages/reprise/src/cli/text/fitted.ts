const segments = new Intl.Segmenter();

/**
 * A line of progress on one line of a terminal of so many columns: what is in the middle (a long name) is left out, its
 * beginning (what is done) and its end (how long it took) stay. Sentences are not cut: they say what went wrong.
 */
export function fitted(line: string, columns: number | undefined): string {
  if (columns === undefined || columns < 20 || !/^· ( |[▶✓✗] )/.test(line)) return line;
  const letters = [...segments.segment(line)].map((s) => s.segment);
  const room = columns - 1; // a full line would make some terminals begin a new one
  if (letters.length <= room) return line;
  const end = Math.floor((room - 1) / 2);
  return `${letters.slice(0, room - 1 - end).join('')}…${letters.slice(letters.length - end).join('')}`;
}
