import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { RevocationListEnvironment } from '../../functions/revocation-list/environment.ts';
import type { KeyRotation } from '../key-rotation/key-rotation.ts';
import { NodeFunction } from '../node-function.ts';
import { revocationsAccess } from './revocations-access.ts';

/** What the lists of what was taken back are made of. */
export interface RevocationListFunctionProps {
  readonly issuer: string;
  readonly registry: ITable;
  readonly revocations: ITable;
  readonly keyRotation: KeyRotation;
}

/** The function that publishes what was taken back: one list for our authorizers, and the status lists. */
export class RevocationListFunction extends NodeFunction {
  constructor(scope: Construct, id: string, props: RevocationListFunctionProps) {
    const { issuer, registry, revocations, keyRotation } = props;
    super(scope, id, {
      description: 'Countersign: revocation list and status lists',
      entry: 'revocation-list/index',
      environment: {
        ISSUER: issuer,
        REGISTRY_TABLE: registry.tableName,
        REVOCATIONS_TABLE: revocations.tableName,
      } satisfies RevocationListEnvironment,
    });
    this.addToRolePolicy(revocationsAccess.read(revocations.tableArn));
    this.addToRolePolicy(revocationsAccess.readNumbers(revocations.tableArn));
    keyRotation.grantReadKeyRing(this);
    keyRotation.grantSign(this);
  }
}
