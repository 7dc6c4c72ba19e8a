import type { FilesSpec } from './spec.ts';

const config = [
  '.env',
  '.env.*',
  '*.env',
  'compose*.yml',
  'compose*.yaml',
  'docker-compose*.yml',
  'docker-compose*.yaml',
  'Dockerfile*',
  'Caddyfile',
  'Makefile',
  '*.conf',
  '*.cfg',
  '*.ini',
  '*.toml',
  '*.service',
  '*.timer',
  'reprise.yaml',
];
const secrets = [
  '.env',
  '.env.*',
  '*.env',
  '*.pem',
  '*.key',
  '*.crt',
  '*.p12',
  '*.pfx',
  'acme.json',
  '.pgpass',
  'secrets',
  'id_*',
  '.htpasswd',
];

/** What each preset adds to `includes`. Files that a preset names need not exist. */
export const presets: Readonly<Record<FilesSpec['preset'], readonly string[]>> = {
  none: [],
  config,
  secrets,
};

/**
 * Never captured, whatever the plan says: Reprise's own keys and journal, and what a restore of ours left half-done.
 */
export const never: readonly string[] = ['.reprise', '.reprise-restoring*'];
