import type { Construct } from 'constructs';
import { NodeFunction, type NodeFunctionProps } from '../node-function.ts';
import { EphemeraTable } from '../server/tables.ts';
import { constantOf, profileName } from '../settings/choices/security-profile.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';
import {
  type AcceptedTokens,
  accessTokenEnvironment,
  warnOfAudience,
} from './access-token-settings.ts';
import { type BoundTokensProps, boundTokenEnvironment, grantPossession } from './bound-tokens.ts';
import { grantRevocations } from './revocation-settings.ts';
import { routesTable } from './routes.ts';

/** Whose tokens an authorizer takes, and whether it takes bound ones. */
export type AuthorizerFunctionProps = AcceptedTokens & { readonly boundTokens?: BoundTokensProps };

/**
 * The function of an authorizer. One that takes no bound tokens needs nothing but the issuer; one that
 * does has a table of the proofs that were used.
 */
export class AuthorizerFunction extends NodeFunction {
  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, { boundTokens, ...props }: AuthorizerFunctionProps) {
    if (boundTokens === undefined) {
      super(scope, id, forUnboundTokens(props));
      grantRevocations(this, props.revoked);
      warnOfAudience(this, props);
      return;
    }
    const ephemera = new EphemeraTable(scope, 'Ephemera');
    super(scope, id, {
      description,
      entry: 'authorizer/bound-tokens',
      environment: { ...boundTokenEnvironment({ ...props, boundTokens }, ephemera) },
      files: routesTable(props.routes).files,
    });
    grantPossession(this, ephemera, boundTokens);
    grantRevocations(this, props.revoked);
    warnOfAudience(this, props);
  }
}

const description = 'Countersign: access token authorizer';

function forUnboundTokens(props: AcceptedTokens): NodeFunctionProps {
  const environment = { ...accessTokenEnvironment(props) };
  checkUnbound(props);
  const { files } = routesTable(props.routes);
  // What the table is read with makes the bundle seven times as large.
  const entry = props.revoked?.table ? 'authorizer/revocation-table' : 'authorizer/index';
  return { description, entry, environment, files };
}

function checkUnbound(props: AcceptedTokens): void {
  const profile = profileName(props.profile);
  if (profile === 'none') return;
  throw new ConfigurationError(
    `the profile is ${constantOf(profile)}, which lets in no token that is bound to nothing: set boundTokens, too.`,
  );
}
