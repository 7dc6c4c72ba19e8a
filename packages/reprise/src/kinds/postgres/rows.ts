import { keyOf } from './sql.ts';

export interface Counted {
  /** Rows by `keyOf(schema.table)`. */
  readonly tables: ReadonlyMap<string, number>;
  readonly sequences: number;
  readonly largeObjects: number;
  /** A zero byte was met: the server's text has none, a damaged archive may. */
  readonly zeros: boolean;
}

const newline = 10;
const backslash = 92;
const dot = 46;
const copyHeader =
  /^COPY (?:"(?:[^"]|"")+"|[^\s".(]+)\.(?:"(?:[^"]|"")+"|[^\s".(]+) (?: ?\((?:"(?:[^"]|"")*"|[^")])*\))? ?FROM stdin;\n/;
const longestHeader = 256 * 1024;

/**
 * Counts the rows of each COPY block in the script that `pg_restore --data-only -f -` prints, in flat memory whatever
 * the size of a table or of a row. A block ends with a line `\.`; a row never contains a bare newline.
 * Source: PostgreSQL manual, "COPY", Text Format.
 */
export class RowCounter {
  readonly #tables = new Map<string, number>();
  readonly #decode: (bytes: Buffer) => string;
  #sequences = 0;
  #largeObjects = 0;
  #zeros = false;
  /** The table whose rows are being read. */
  #table: string | undefined;
  #rows = 0;
  /**
   * The start of the current line, as far as it is needed to tell what it is; undefined: the line is not of interest.
   */
  #line: Buffer | undefined = Buffer.alloc(0);

  constructor(encoding = 'utf-8') {
    const decoder = new TextDecoder(encoding);
    this.#decode = (bytes) => decoder.decode(bytes);
  }

  push(chunk: Buffer): void {
    this.#zeros ||= chunk.includes(0);
    let at = 0;
    while (at < chunk.length) at = this.#table === undefined ? this.#script(chunk, at) : this.#row(chunk, at);
  }

  end(): Counted {
    // A block without its end was cut: what was counted of it does not count.
    return {
      tables: this.#tables,
      sequences: this.#sequences,
      largeObjects: this.#largeObjects,
      zeros: this.#zeros,
    };
  }

  #row(chunk: Buffer, at: number): number {
    const line = this.#line;
    if (line === undefined) {
      const end = chunk.indexOf(newline, at);
      if (end < 0) return chunk.length;
      this.#endOfRow();
      return end + 1;
    }
    const byte = chunk[at];
    if (line.length === 2 && byte === newline) {
      this.#tables.set(this.#table ?? '', this.#rows);
      this.#table = undefined;
      this.#line = Buffer.alloc(0);
    } else if (byte === newline) this.#endOfRow();
    else if ((line.length === 0 && byte === backslash) || (line.length === 1 && byte === dot))
      this.#line = Buffer.concat([line, chunk.subarray(at, at + 1)]);
    else this.#line = undefined;
    return at + 1;
  }

  #endOfRow(): void {
    this.#rows++;
    this.#line = empty;
  }

  #script(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(newline, at);
    const stop = end < 0 ? chunk.length : end + 1;
    if (this.#line !== undefined) this.#line = Buffer.concat([this.#line, chunk.subarray(at, stop)]);
    if (
      this.#line !== undefined &&
      this.#line.length >= 5 &&
      this.#line.toString('latin1', 0, 5) === 'COPY '
    ) {
      if (end >= 0) this.#header(this.#line);
    } else if (this.#line !== undefined && (end >= 0 || this.#line.length > 64)) {
      this.#statement(this.#line.toString('latin1', 0, 64));
      this.#line = undefined;
    }
    if (end >= 0 && this.#line === undefined) this.#line = empty;
    return stop;
  }

  #header(line: Buffer): void {
    const text = this.#decode(line);
    const match = copyHeader.exec(text);
    if (match === null) {
      // A name with a newline in it goes on in the next line.
      if (line.length > longestHeader) this.#line = undefined;
      return;
    }
    this.#table = keyOf(text.slice('COPY '.length));
    this.#rows = 0;
    this.#line = empty;
  }

  #statement(start: string): void {
    if (start.startsWith('SELECT pg_catalog.setval(')) this.#sequences++;
    else if (start.startsWith('SELECT pg_catalog.lo_open(')) this.#largeObjects++;
  }
}
const empty = Buffer.alloc(0);
