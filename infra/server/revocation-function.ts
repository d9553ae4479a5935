import type { Construct } from 'constructs';
import { NodeFunction } from '../node-function.ts';
import {
  type ClientEndpointProps,
  clientEndpointEnvironment,
  clientEndpointTimeout,
  grantAuthenticate,
} from './client-endpoint.ts';
import { revocationsAccess } from './revocations-access.ts';

/**
 * The function at which clients take back tokens of their own. It verifies these by the key ring, of which it
 * reads what is public, and signs nothing.
 */
export class RevocationFunction extends NodeFunction {
  constructor(scope: Construct, id: string, props: ClientEndpointProps) {
    super(scope, id, {
      description: 'Countersign: POST /revoke',
      entry: 'revocation/index',
      timeout: clientEndpointTimeout,
      environment: clientEndpointEnvironment(props),
    });
    grantAuthenticate(this, props);
    this.addToRolePolicy(revocationsAccess.note(props.revocations.tableArn));
  }
}
