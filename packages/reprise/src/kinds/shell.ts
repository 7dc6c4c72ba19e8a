/** A word for a POSIX shell, for the lines that people type (recovery kit); never to build a command that runs. */
export const quote = (word: string): string =>
  /^[A-Za-z0-9_/.,:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
