import manifest from '../../package.json' with { type: 'json' };

/** The version of this package, which a template tells: `countersign doctor` compares it. */
export const { version } = manifest;
