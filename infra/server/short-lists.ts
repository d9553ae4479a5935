import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { signingAlgorithm } from '../../functions/aws/signing-algorithms.ts';
import type { SigningSettings } from '../settings/signing-settings.ts';

/** Warns of keys with which KMS signs 4,096 bytes and no more: a revocation list is soon longer. */
export function warnOfShortLists(
  scope: IConstruct,
  { algorithm, custody }: Pick<SigningSettings, 'algorithm' | 'custody'>,
): void {
  const entry = signingAlgorithm(algorithm);
  if (custody !== 'kms' || entry?.MessageType !== 'RAW') return;
  const remedy = entry.wrapped ? 'KeyCustody.KMS_WRAPPED, or ' : '';
  Annotations.of(scope).addWarningV2(
    'countersign:short-revocation-list',
    `signingAlgorithm is "${algorithm}", with which KMS signs 4,096 bytes and no more. A revocation list is longer when ` +
      'some 70 clients had tokens revoked within a day, and then there is none: APIs with refuseRevokedWithin let ' +
      `nobody in. For such APIs take ${remedy}an RSA or ECDSA algorithm.`,
  );
}
