/**
 * The server's encodings under the names that TextDecoder knows; others are read as UTF-8, which tells names apart as
 * long as they are ASCII. Source: PostgreSQL manual, "Character Set Support"; WHATWG Encoding Standard.
 */
const labels: Readonly<Record<string, string>> = {
  LATIN1: 'iso-8859-1',
  LATIN2: 'iso-8859-2',
  LATIN9: 'iso-8859-15',
  ISO_8859_5: 'iso-8859-5',
  WIN1250: 'windows-1250',
  WIN1251: 'windows-1251',
  WIN1252: 'windows-1252',
  KOI8R: 'koi8-r',
  KOI8U: 'koi8-u',
  EUC_JP: 'euc-jp',
  EUC_KR: 'euc-kr',
  EUC_CN: 'gbk',
};
export const decoderFor = (encoding: unknown): string => labels[String(encoding)] ?? 'utf-8';
