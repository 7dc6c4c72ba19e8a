import type { FileStat } from '../hosts/host.ts';
import type { Said } from '../lib/language.ts';

/** What is there is of another type than what is to be restored there. */
export const somethingElse = (type: FileStat['type'], path: string): Said => ({
  en: `${names[type].en} at ${path}`,
  fr: `${names[type].fr} : ${path}`,
});
const names = {
  file: { en: 'a file', fr: 'un fichier' },
  directory: { en: 'a folder', fr: 'un dossier' },
  symlink: { en: 'a symbolic link', fr: 'un lien symbolique' },
  other: { en: 'a special file', fr: 'un fichier spécial' },
} as const satisfies Readonly<Record<FileStat['type'], Said>>;
