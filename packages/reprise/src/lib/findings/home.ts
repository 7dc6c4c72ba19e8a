import { homeHelp, type HomeHelp } from '../errors/home.ts';
import { finding } from './define.ts';

/** What `doctor` judges of `$REPRISE_HOME`. */
export const homeFindings = {
  'doctor.home-writable': finding<{ path: string; owner: string; why: string; help: HomeHelp }>(
    (p) => [
      p.verdict === 'pass'
        ? `${p.path} can be written`
        : `${p.path} cannot be written: ${p.why}; nothing could be backed up or recovered. → ${homeHelp.en(p.help, p.path, p.owner)}`,
      null,
    ],
    (p) => [
      p.verdict === 'pass'
        ? `${p.path} est accessible en écriture`
        : `${p.path} n’est pas accessible en écriture : ${p.why} ; rien ne pourrait être sauvegardé ni repris. → ${homeHelp.fr(p.help, p.path, p.owner)}`,
      null,
    ],
  ),
  'doctor.signing-key': finding<{
    path: string;
    mode: string;
    problem: 'absent' | 'unsafe' | 'unreadable' | '';
  }>(
    (p) => [
      {
        '': `Signing key ${p.path} (mode ${p.mode})`,
        absent: `The signing key ${p.path} is missing: no state and no evidence can be signed. → reprise bootstrap <repository>`,
        unsafe: `The signing key ${p.path} has mode ${p.mode}: it is not used. → chmod 600 ${p.path}`,
        unreadable: `The signing key ${p.path} cannot be read as an Ed25519 key. → reprise bootstrap <repository>`,
      }[p.problem],
      null,
    ],
    (p) => [
      {
        '': `Clé de signature ${p.path} (mode ${p.mode})`,
        absent: `La clé de signature ${p.path} est absente : ni état ni preuve ne peuvent être signés. → reprise bootstrap <dépôt>`,
        unsafe: `La clé de signature ${p.path} a le mode ${p.mode} : elle n’est pas utilisée. → chmod 600 ${p.path}`,
        unreadable: `La clé de signature ${p.path} n’est pas lisible comme clé Ed25519. → reprise bootstrap <dépôt>`,
      }[p.problem],
      null,
    ],
  ),
} as const;
