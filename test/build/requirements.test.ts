import { describe, expect, test } from 'vitest';
import { unmetRequirement } from '../../infra/requirements.ts';

const manifest = {
  engines: { node: '>=22.12' },
  peerDependencies: { 'aws-cdk-lib': '^2.224.0', constructs: '^10.0.0' },
};

/** What is found, where only what a test is about differs. */
const found = (versions: Readonly<Record<string, string | undefined>>) => {
  const all: Readonly<Record<string, string | undefined>> = {
    node: 'v24.21.0',
    'aws-cdk-lib': '2.276.0',
    constructs: '10.8.1',
    ...versions,
  };
  return {
    node: all.node ?? '',
    find: (name: string) => {
      const version = all[name];
      return version === undefined ? undefined : { version, folder: `/app/node_modules/${name}` };
    },
  };
};

describe('what the package needs', () => {
  test.for([
    [{}],
    [{ node: 'v22.12.0' }],
    [{ 'aws-cdk-lib': '2.224.0' }],
    [{ 'aws-cdk-lib': '2.224.1' }],
    [{ 'aws-cdk-lib': '3.0.0' }],
    [{ constructs: '10.0.0' }],
  ])('is there with %j', ([versions = {}]) => {
    expect(unmetRequirement(manifest, found(versions))).toBeUndefined();
  });

  test.for([
    [{ node: 'v20.20.2' }, 'countersign needs Node 22.12 or newer, and was started by v20.20.2.'],
    [{ node: 'v22.11.0' }, 'countersign needs Node 22.12 or newer, and was started by v22.11.0.'],
    [
      { 'aws-cdk-lib': '2.223.9' },
      'countersign needs aws-cdk-lib 2.224.0 or newer, and found 2.223.9 in /app/node_modules/aws-cdk-lib: update it with npm install aws-cdk-lib@latest.',
    ],
    [
      { 'aws-cdk-lib': undefined },
      'countersign needs aws-cdk-lib 2.224.0 or newer, and found none: install it with npm install aws-cdk-lib.',
    ],
    [
      { constructs: '3.4.344' },
      'countersign needs constructs 10.0.0 or newer, and found 3.4.344 in /app/node_modules/constructs: update it with npm install constructs@latest.',
    ],
  ] as const)('is one sentence when it is %j', ([versions, sentence]) => {
    expect(unmetRequirement(manifest, found(versions))).toBe(sentence);
  });
});
