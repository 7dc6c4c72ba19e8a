export type Language = 'en' | 'fr';

/** The reader's language by the usual variables: the first of LC_ALL, LC_MESSAGES, LANG that is set decides. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || 'C';
  return /^fr([_.@-]|$)/i.test(locale) ? 'fr' : 'en';
}
