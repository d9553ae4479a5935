import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import {
  AuthorizationServer,
  type AuthorizationServerProps,
  KeyCustody,
  SigningAlgorithm,
} from '../../infra/index.ts';
import { scratchStack } from './synthesis.ts';

/** What is said of the list of a server with these settings. */
function warnings(props: AuthorizationServerProps): readonly unknown[] {
  const stack = scratchStack();
  new AuthorizationServer(stack, 'AuthorizationServer', props);
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('revocation list'))
    .map(({ entry }) => entry.data);
}

test.for<AuthorizationServerProps>([
  { signingAlgorithm: SigningAlgorithm.EDDSA },
  { signingAlgorithm: SigningAlgorithm.ML_DSA_44, experimentalAlgorithms: true },
])('J05: says where KMS cannot sign a list of many clients: %j', (props) => {
  expect(warnings(props)).toEqual([expect.stringMatching(/some 70 clients.*let nobody in/)]);
});

test.for<AuthorizationServerProps>([
  {},
  { signingAlgorithm: SigningAlgorithm.ES384 },
  { signingAlgorithm: SigningAlgorithm.EDDSA, signing: KeyCustody.KMS_WRAPPED },
])('says nothing where it signs any: %j', (props) => {
  expect(warnings(props)).toEqual([]);
});
