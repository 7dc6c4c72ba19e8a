import { expect, test } from 'vitest';

import { survivesMachine } from './survives.ts';

test.for([
  ['/srv/backup', false],
  ['local:/srv/backup', false],
  ['./backup', false],
  ['backup', false],
  ['rest:http://127.0.0.1:8000/r', false],
  ['rest:http://me@localhost:8000/r', false],
  ['rest:http://[::1]:8000/r', false],
  ['sftp:me@localhost:/r', false],
  ['sftp://localhost/r', false],
  ['rest:https://localhost.example.org/r', true],
  ['sftp:me@nas:/r', true],
  ['s3:s3.example.org/bucket', true],
  ['rclone:remote:r', true],
] as const)(
  '%s survives the loss of this machine: %s, and always where the plan says off-site',
  ([url, away]) => {
    expect(survivesMachine({ url, off_site: false })).toBe(away);
    expect(survivesMachine({ url, off_site: true })).toBe(true);
    expect(survivesMachine({ url: 's3:far/away', writer: { url }, off_site: false })).toBe(away);
  },
);
