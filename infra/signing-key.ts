import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * The KMS key of RS256 (RFC 7518 §3.3), which never leaves KMS. It outlives its stack: a deleted
 * key cannot be had back.
 */
export function signingKey(scope: Construct, id: string): Key {
  const { stackName } = Stack.of(scope);
  return new Key(scope, id, {
    description: `Signs the access tokens of ${stackName}`,
    alias: `${stackName}/signing-key`,
    keySpec: KeySpec.RSA_2048,
    keyUsage: KeyUsage.SIGN_VERIFY,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
