import { Composer, type Document, Lexer, LineCounter, type Node, Parser } from 'yaml';

import { type Fault, fault } from './problem.ts';

/** Bounds of a plan's text. Five megabytes are some 60,000 components. */
export const limits = {
  bytes: 5 * 1024 * 1024,
  /** Pieces the lexer makes (names, spaces, indicators): keeps `[,,,,…` from filling the memory. */
  tokens: 3_000_000,
  /** Nested maps and lists; a plan needs eight. */
  depth: 64,
  /** Where a nested block may start: the composer recurses once for each of its levels. */
  column: 300,
  /** Values that aliases add. */
  aliased: 100_000,
  /** Characters that variables add. */
  expanded: 5 * 1024 * 1024,
  problems: 500,
} as const;

export interface Parsed {
  readonly root: Node | null;
  readonly lines: LineCounter;
  readonly faults: readonly Fault[];
}

/** Bytes to text; a UTF-8 byte order mark stays (the parser skips it), so that the text's hash is the file's. */
export function decode(bytes: Uint8Array): { readonly text: string; readonly broken?: number } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const nul = text.indexOf('\0'); // UTF-16 without its mark is valid UTF-8, full of these
    return nul === -1 ? { text } : { text, broken: nul };
  } catch {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    return { text, broken: Math.max(0, text.indexOf('\uFFFD')) };
  }
}

/** Text to one YAML document (1.2, core schema, no merge keys). Depth is bounded before anything recurses. */
export function parseYaml(text: string): Parsed {
  const lines = new LineCounter();
  const stop = (f: Fault): Parsed => ({ root: null, lines, faults: [f] });
  const tokens = tokenize(text, lines);
  if ('code' in tokens) return stop(tokens);
  const documents = [
    ...new Composer({ uniqueKeys: false, prettyErrors: false, keepSourceTokens: false }).compose(tokens),
  ] as Document.Parsed[];
  const [first, second] = documents;
  if (second !== undefined) return stop(fault('plan.several-documents', {}, [], second.range[0]));
  const faults = [...(first?.errors ?? []), ...(first?.warnings ?? [])].map((e) =>
    fault('plan.yaml', { rule: e.code, detail: firstLine(e.message) }, [], e.pos[0]),
  );
  if (faults.length > 0) return { root: null, lines, faults };
  const root = (first?.contents ?? null) as Node | null;
  return root === null ? stop(fault('plan.empty', {}, [], 0)) : { root, lines, faults: [] };
}

const scalarFollows = '\u001f';

/** Runs lexer and parser (both iterative) and refuses what would make the composer (recursive) go too deep. */
function tokenize(text: string, lines: LineCounter) {
  const parser = new Parser((offset) => lines.addNewLine(offset));
  lines.addNewLine(0);
  const tokens = [];
  const shape = new Shape();
  let count = 0;
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > limits.tokens) return fault('plan.too-large', { what: 'tokens', max: limits.tokens }, [], 0);
    if (shape.deepens(lexeme)) return fault('plan.too-deep', { max: limits.depth }, [], offset);
    for (const token of parser.next(lexeme)) tokens.push(token);
    offset += lexeme === scalarFollows ? 0 : lexeme.length;
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** How deep the text is nested, seen from its indicators alone. */
class Shape {
  #flow = 0;
  #column = 0;
  #content = false;

  /** Takes the next lexeme; true when it goes deeper than a plan may. */
  deepens(lexeme: string): boolean {
    const content = this.#content;
    this.#content = lexeme === scalarFollows;
    if (this.#content) return this.#flow === 0 && this.#column > limits.column && this.#fresh;
    const column = this.#column;
    const ended = lexeme.endsWith('\n');
    this.#column = ended ? 0 : column + lexeme.length;
    if (content) {
      this.#fresh = false;
      return false;
    }
    if (ended) this.#fresh = true;
    if (lexeme === '[' || lexeme === '{') this.#flow += 1;
    if ((lexeme === ']' || lexeme === '}') && this.#flow > 0) this.#flow -= 1;
    if (this.#flow > limits.depth) return true;
    return this.#flow === 0 && column > limits.column && (lexeme === '-' || lexeme === '?');
  }
  /** Nothing but spaces and indicators yet on this line. */
  #fresh = true;
}

const firstLine = (message: string): string => (message.split('\n')[0] as string).slice(0, 300);
