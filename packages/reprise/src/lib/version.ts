import manifest from '../../package.json' with { type: 'json' };

/** Of this program; stands in the journal and in `--version`. */
export const version: string = manifest.version;
