import type { Point } from '@reprise/contracts';

import type { HandStep } from '../kind.ts';
import { quote } from '../shell.ts';
import { itemsOf } from './inspect.ts';
import { conninfo } from './names.ts';
import type { PostgresSpec } from './spec.ts';

/**
 * Without Reprise: roles first, then each database, created as it was. `{{path:<part>}}` is the file in the snapshot.
 */
export function byHand(point: Point, spec: PostgresSpec): readonly HandStep[] {
  const { host, port, user } = spec.connection;
  const server = `-h ${quote(host)} -p ${port} -U ${quote(user)}`;
  const as = spec.run_as === undefined ? '' : `sudo -u ${quote(spec.run_as)} `;
  return [
    {
      en: `Roles and their passwords, into an empty server. That the role ${user} exists already is no harm.`,
      fr: `Les rôles et leurs mots de passe, dans un serveur vide. Que le rôle ${user} existe déjà est sans gravité.`,
      shell: `${dump('globals')} | ${as}psql -X -q ${server} -d postgres`,
    },
    ...itemsOf(point.inventory, 'database').map((d): HandStep => {
      const exists = d.name === 'postgres' || d.name === 'template1';
      const target = exists ? quote(conninfo(d.name)) : 'postgres';
      const create = exists ? '' : ' --create';
      return {
        en: `Database ${d.name}${exists ? '' : ', which is created'}. If it fails half-way: ${exists ? 'empty it' : 'drop or rename it'}, then again; what exists is never overwritten. (Quicker for a large one: write the dump to a file, and give pg_restore --jobs=${spec.jobs} and that file.)`,
        fr: `La base ${d.name}${exists ? '' : ', qui est créée'}. En cas d’échec à mi-chemin : ${exists ? 'videz-la' : 'supprimez-la ou renommez-la'}, puis recommencez ; ce qui existe n’est jamais écrasé. (Plus rapide si elle est grosse : écrire la sauvegarde dans un fichier, puis pg_restore --jobs=${spec.jobs} et ce fichier.)`,
        shell: `${dump(String(d.values['part']))} | ${as}pg_restore --exit-on-error${create} ${server} -d ${target}`,
      };
    }),
  ];
}

const dump = (part: string): string => `{{restic}} dump {{snapshot:${part}}} {{path:${part}}}`;
