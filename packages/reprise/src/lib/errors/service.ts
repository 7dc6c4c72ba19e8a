import { error, quoted } from './define.ts';

export const serviceErrors = {
  'service.unsupported': error(
    3,
    (p: { service: string; kind: string }) => [
      `This version cannot act on services of kind ${p.kind} (${p.service}).`,
      'Until then describe it as `kind: command`, with its start, stop and ready commands.',
    ],
    (p) => [
      `Cette version ne sait pas agir sur les services de type ${p.kind} (${p.service}).`,
      'En attendant, décrivez-le en `kind: command`, avec ses commandes start, stop et ready.',
    ],
  ),
  'service.command-missing': error(
    2,
    (p: { service: string; command: string }) => [
      `The service ${p.service} cannot be asked to ${p.command}: the plan gives it no such command.`,
      `Add services.${p.service}.${p.command} to the plan; then: reprise plan check`,
    ],
    (p) => [
      `Le service ${p.service} n’a pas de commande ${p.command} dans le plan.`,
      `Ajoutez services.${p.service}.${p.command} au plan ; puis : reprise plan check`,
    ],
  ),
  'service.command-failed': error(
    1,
    (p: { service: string; command: string; how: string; stderr: string }) => [
      `The ${p.command} command of the service ${p.service} failed (${p.how}): ${p.stderr}`,
      `Run services.${p.service}.${p.command} of the plan by hand and look at what it says.`,
    ],
    (p) => [
      `La commande ${p.command} du service ${p.service} a échoué (${p.how})${quoted(p.stderr)}`,
      `Lancez services.${p.service}.${p.command} du plan à la main et regardez ce qu’elle dit.`,
    ],
  ),
  'service.state-unknown': error(
    1,
    (p: { service: string }) => [
      `It cannot be told if the service ${p.service} is running; nothing is captured that would have to be held.`,
      `Its state or ready command cannot be run: look at services.${p.service} in the plan, then: reprise doctor`,
    ],
    (p) => [
      `Impossible de savoir si le service ${p.service} tourne ; rien n’est capturé de ce qu’il faudrait figer.`,
      `Sa commande state ou ready ne peut pas être lancée : voyez services.${p.service} dans le plan, puis : reprise doctor`,
    ],
  ),
  'service.not-ready': error(
    1,
    (p: { service: string; seconds: number; last: string }) => [
      `The service ${p.service} was started but did not answer within ${p.seconds} s (${p.last}).`,
      `Look at the service’s own log; more time: services.${p.service}.start.timeout in the plan.`,
    ],
    (p) => [
      `Le service ${p.service} a été démarré mais n’a pas répondu en ${p.seconds} s (${p.last}).`,
      `Consultez le journal du service ; pour plus de temps : services.${p.service}.start.timeout dans le plan.`,
    ],
  ),
  'service.not-stopped': error(
    1,
    (p: { service: string; seconds: number }) => [
      `The service ${p.service} still answers ${p.seconds} s after its stop command.`,
      `Is another copy of it running? More time: services.${p.service}.stop.timeout in the plan.`,
    ],
    (p) => [
      `Le service ${p.service} répond encore ${p.seconds} s après sa commande d’arrêt.`,
      `Une autre copie tourne-t-elle ? Pour plus de temps : services.${p.service}.stop.timeout dans le plan.`,
    ],
  ),
} as const;
