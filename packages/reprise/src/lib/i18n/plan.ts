import { messages, plural } from './define.ts';

type Hold = { how: 'pause' | 'stop'; services: string; max: string } | null;

/** What `plan check` and `plan explain` print. Values come ready to print. */
export const planMessages = messages(
  {
    'plan.errors': (p: { file: string; count: number }) =>
      `${p.file}: ${p.count} ${plural('en', p.count, 'error', 'errors')}`,
    'plan.judged': (p: { pass: number; fail: number; unable: number }) =>
      `${p.pass} kept, ${p.fail} not kept, ${p.unable} could not be judged`,
    'explain.objectives': (p: { rpo: string; rto: string }) => `RPO ${p.rpo}, RTO ${p.rto}`,
    'explain.availability': (p: { share: string }) => `in service ${p.share} of the time`,
    'explain.host': (p: { host: string }) => `Host ${p.host}`,
    'explain.covers': (p: { list: string }) => `Covers: ${p.list}`,
    'explain.excludes': (p: { list: string }) => `Does not cover: ${p.list}`,
    'explain.no-data': 'no data of its own',
    'explain.no-captures': 'NOT captured: would be lost',
    'explain.capture': (p: {
      protection: string;
      schedule: string;
      timezone: string;
      method: string;
      next: string;
      into: string;
    }) =>
      `captured for ${p.protection} (${p.schedule}, ${p.timezone}; ${p.method}) into ${p.into}; next ${p.next}`,
    'explain.restore': (p: { time: string; basis: string }) => `restore in ${p.time} (${p.basis})`,
    'explain.measured': 'measured',
    'explain.extrapolated': 'extrapolated',
    'explain.check': (p: { name: string; kind: string; owner: string }) =>
      `check ${p.name} (${p.kind}), answered for by ${p.owner}`,
    'explain.no-checks': 'no checks: nobody can say whether it works',
    'explain.depends': (p: { list: string }) => `after ${p.list}`,
    'explain.group': (p: { group: string; members: string; hold: Hold }) =>
      `group ${p.group}: ${p.members}, captured together${
        p.hold === null
          ? ''
          : `; meanwhile ${p.hold.how === 'stop' ? 'stopped' : 'paused'}: ${p.hold.services}, ${p.hold.max} at most`
      }`,
    'explain.order': (p: { parallel: number }) => `Recovery order (at most ${p.parallel} at a time):`,
    'explain.scenario': (p: { name: string; title: string; severity: string }) =>
      `Scenario ${p.name}${p.severity}: ${p.title}`,
    'explain.everything': 'recover everything',
    'explain.person': (p: { role: string; names: string }) => `${p.role}: ${p.names}`,
    'explain.supplier': (p: { text: string }) => `Supplier: ${p.text}`,
    'explain.document': (p: { text: string }) => `Document: ${p.text}`,
    'explain.escalation': (p: { after: string; who: string }) => `After ${p.after}, tell ${p.who}`,
  },
  {
    'plan.errors': (p) => `${p.file} : ${p.count} ${plural('fr', p.count, 'erreur', 'erreurs')}`,
    'plan.judged': (p) =>
      `${p.pass} ${plural('fr', p.pass, 'tenu', 'tenus')}, ${p.fail} non ${plural('fr', p.fail, 'tenu', 'tenus')}, ${p.unable} non ${plural('fr', p.unable, 'jugé', 'jugés')}`,
    'explain.objectives': (p) => `RPO (PDMA) ${p.rpo}, RTO (DMIA) ${p.rto}`,
    'explain.availability': (p) => `en service ${p.share} du temps`,
    'explain.host': (p) => `Hôte ${p.host}`,
    'explain.covers': (p) => `Couvre : ${p.list}`,
    'explain.excludes': (p) => `Ne couvre pas : ${p.list}`,
    'explain.no-data': 'pas de données propres',
    'explain.no-captures': 'PAS capturé : serait perdu',
    'explain.capture': (p) =>
      `capturé pour ${p.protection} (${p.schedule}, ${p.timezone} ; ${p.method}) dans ${p.into} ; prochain ${p.next}`,
    'explain.restore': (p) => `restauré en ${p.time} (${p.basis})`,
    'explain.measured': 'mesuré',
    'explain.extrapolated': 'extrapolé',
    'explain.check': (p) => `contrôle ${p.name} (${p.kind}), sous la responsabilité de ${p.owner}`,
    'explain.no-checks': 'aucun contrôle : personne ne peut dire s’il fonctionne',
    'explain.depends': (p) => `après ${p.list}`,
    'explain.group': (p) =>
      `groupe ${p.group} : ${p.members}, capturés ensemble${
        p.hold === null
          ? ''
          : ` ; ${p.hold.how === 'stop' ? 'à l’arrêt' : 'en pause'} pendant ce temps : ${p.hold.services}, ${p.hold.max} au plus`
      }`,
    'explain.order': (p) => `Ordre de reprise (${p.parallel} à la fois au plus) :`,
    'explain.scenario': (p) => `Scénario ${p.name}${p.severity} : ${p.title}`,
    'explain.everything': 'tout reprendre',
    'explain.person': (p) => `${p.role} : ${p.names}`,
    'explain.supplier': (p) => `Fournisseur : ${p.text}`,
    'explain.document': (p) => `Document : ${p.text}`,
    'explain.escalation': (p) => `Après ${p.after}, prévenir ${p.who}`,
  },
);
