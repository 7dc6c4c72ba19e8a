/**
 * Letters added, left out, changed, or swapped with their neighbour, for words of a few letters (optimal string
 * alignment: Levenshtein's distance with transpositions; G. Navarro, ACM Computing Surveys 33(1), 2001).
 */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        (row[j] as number) + 1,
        (next[j - 1] as number) + 1,
        (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? (before[j - 2] as number) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, row] = [row, next];
  }
  return row[b.length] as number;
}

/** A name that was probably meant, and a short list of those that exist. */
export interface Suggestion {
  readonly near: string | null;
  readonly known: string;
}
export type Suggest = (word: string, among: readonly string[]) => Suggestion;

/** A suggester with a budget: a hostile plan must not buy hours of comparing. Beyond it nothing is suggested. */
export function suggester(comparisons = 200_000): Suggest {
  let left = comparisons;
  return (word, among) => {
    let near: string | null = null;
    let best = Number.POSITIVE_INFINITY;
    if (word.length <= 64)
      for (const candidate of among) {
        const most = Math.max(1, Math.floor(candidate.length / 3));
        if (candidate.length > 64 || Math.abs(candidate.length - word.length) > most) continue;
        left -= 1;
        if (left < 0) break;
        const d = distance(word, candidate);
        if (d <= most && d < best) [near, best] = [candidate, d];
      }
    return { near, known: listed(among) };
  };
}

const listed = (names: readonly string[]): string =>
  names.length <= 12 ? names.join(', ') : `${names.slice(0, 12).join(', ')}, … (${names.length})`;
