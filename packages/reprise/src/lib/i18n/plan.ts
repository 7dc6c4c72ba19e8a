import { messages } from './define.ts';

type Hold = { how: 'pause' | 'stop'; services: string; max: string } | null;

export const planMessages = messages(
  {
    'plan.explain.title': (p: { system: string }) => `What happens to ${p.system}, and when`,
    'plan.explain.none': 'none',
    'plan.explain.objectives': (p: { rpo: string; rto: string }) => `RPO ${p.rpo}, RTO ${p.rto}`,
    'plan.explain.where': (p: { host: string; service: string }) => `host ${p.host}, service ${p.service}`,
    'plan.explain.no-data': 'no data of its own: rebuilt',
    'plan.explain.no-captures': 'NOT captured: would be lost',
    'plan.explain.captured': (p: {
      protection: string;
      method: string;
      schedule: string;
      timezone: string;
    }) => `captured by ${p.protection}: ${p.method}, "${p.schedule}" ${p.timezone}`,
    'plan.explain.next': (p: { next: string }) => `next: ${p.next}`,
    'plan.explain.for-ever': 'kept for ever',
    'plan.explain.last': 'newest',
    'plan.explain.hourly': 'hourly',
    'plan.explain.daily': 'daily',
    'plan.explain.weekly': 'weekly',
    'plan.explain.monthly': 'monthly',
    'plan.explain.yearly': 'yearly',
    'plan.explain.after': (p: { names: string }) => `recovered after ${p.names}`,
    'plan.explain.checks': (p: { names: string }) => `checks: ${p.names}`,
    'plan.explain.no-checks': 'no checks: nobody can say whether it works',
    'plan.explain.group': (p: { group: string; members: string; hold: Hold }) =>
      `Group ${p.group}: ${p.members}, captured together${
        p.hold === null
          ? ''
          : `; meanwhile ${p.hold.services} ${p.hold.how === 'stop' ? 'is stopped' : 'is paused'}, ${p.hold.max} at most`
      }`,
    'plan.explain.order': 'Order of recovery (those on one line at the same time):',
    'plan.explain.recover': (p: { what: string }) =>
      p.what === 'all' ? 'Recover everything' : `Recover ${p.what}`,
  },
  {
    'plan.explain.title': (p) => `Ce qui arrive à ${p.system}, et quand`,
    'plan.explain.none': 'aucun',
    'plan.explain.objectives': (p) => `RPO (PDMA) ${p.rpo}, RTO (DMIA) ${p.rto}`,
    'plan.explain.where': (p) => `hôte ${p.host}, service ${p.service}`,
    'plan.explain.no-data': 'sans données propres : reconstruit',
    'plan.explain.no-captures': 'PAS capturé : serait perdu',
    'plan.explain.captured': (p) =>
      `capturé par ${p.protection} : ${p.method}, « ${p.schedule} » ${p.timezone}`,
    'plan.explain.next': (p) => `prochaines : ${p.next}`,
    'plan.explain.for-ever': 'gardé sans limite',
    'plan.explain.last': 'derniers',
    'plan.explain.hourly': 'horaires',
    'plan.explain.daily': 'quotidiens',
    'plan.explain.weekly': 'hebdomadaires',
    'plan.explain.monthly': 'mensuels',
    'plan.explain.yearly': 'annuels',
    'plan.explain.after': (p) => `repris après ${p.names}`,
    'plan.explain.checks': (p) => `contrôles : ${p.names}`,
    'plan.explain.no-checks': 'aucun contrôle : personne ne peut dire s’il fonctionne',
    'plan.explain.group': (p) =>
      `Groupe ${p.group} : ${p.members}, capturés ensemble${
        p.hold === null
          ? ''
          : ` ; pendant ce temps ${p.hold.services} est ${p.hold.how === 'stop' ? 'arrêté' : 'en pause'}, ${p.hold.max} au plus`
      }`,
    'plan.explain.order': 'Ordre de reprise (une ligne : en même temps) :',
    'plan.explain.recover': (p) => (p.what === 'all' ? 'Tout reprendre' : `Reprendre ${p.what}`),
  },
);
