/** Words that no French sentence of ours has; names that plans, tools and formats give stay as they are. */
const english =
  /(?<![\p{L}\w’'/.-])(the|and|of|with|from|not|is|was|were|are|by|this|that|has|have|will|would|cannot|could|there|which|what|when|where|because|than|only|again|already|nothing|anything|it|its|be|been|to|for|at|stored|restored|recovered|captured|checked|parsed|failed|failure|missing|skipped|refused|finished|interrupted|started|found|lost|kept|forgotten|unknown|unable|rows|bytes|folder|files|database|process|processes|killed|error|errors|warning|exit|step|steps|writer|maintainer|server|unreachable|wrong|damaged|read|data|answer|done)(?![\p{L}\w’'/.-])/giu;

/**
 * What is the same in every language: commands, flags, values of flags, paths, addresses, codes, quotations, plan keys.
 */
const neutral: readonly RegExp[] = [
  /«[^»]*»/gs, // the words of another program
  /`[^`]*`/g,
  /\{[^{}]*\}/g, // stands for a value in a reference
  /\b(reprise|sudo|apt-get|make|chmod|mv|ls|kill|psql|pg_\w+|restic|timedatectl|export)( (-{1,2}[\w-]+|<[^>]+>|[a-z][\w./:@=-]*|[.\d/]+))+/g,
  /--[a-z][\w-]*( <[^>]*>| (fr|en|in-situ|directory:\S+|id|n\/t))?/g,
  /\b[a-z_]+:\/\/\S+/g,
  /(?<![\w])\.{0,2}\/[^\s,;:)]+/g, // paths
  /\b[a-z][a-z_-]*(\.[a-z<>_-]+)+\b/g, // plan keys, error codes
  /\b([a-z]+_[a-z_]+|rebuild|role|from|language): (\{[^}]*\}|\S+)/g, // a line of a plan
];

/** Times as machines write them. */
const machine =
  /\d{4}-\d\d-\d\dT\d\d:\d\d|\b\d+\.\d+ (s|ms|min|h|j|o|Kio|Mio|Gio|%)(?!\p{L})|\b\d+ (B|KiB|MiB|GiB)\b/gu;
/** `capture:app` where a person reads « capturer app ». */
const steps =
  /(?<![\w-])(look|capture|check|state|state-copy|state-after|copy|decide|forget|revoke|prune|verify|packs|before|after|restore|rebuild|decision|command):[\w@-]+/g;

/** What a French reader should not meet in a text of ours; `names`: components, repositories and the like. */
export function englishIn(text: string, names: readonly string[] = []): readonly string[] {
  let plain = text;
  const ids = [...text.matchAll(steps)].map((m) => m[0]).filter((id) => !text.includes(`--done ${id}`));
  const times = [...text.replaceAll(/(p\. ex\.|comme|ou) \d{4}-\S+/g, '·').matchAll(machine)].map(
    (m) => m[0],
  );
  for (const pattern of neutral) plain = plain.replaceAll(pattern, ' · ');
  for (const name of names) plain = plain.replaceAll(new RegExp(`(?<![\\w-])${name}(?![\\w-])`, 'g'), '·');
  return [...new Set([...ids, ...times, ...[...plain.matchAll(english)].map((m) => m[0])])];
}
