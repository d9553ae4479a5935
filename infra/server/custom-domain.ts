import { Stack, Token } from 'aws-cdk-lib';
import {
  ApiMapping,
  DomainName,
  type HttpApi,
  type IStage,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { ConfigurationError } from '../settings/configuration-error.ts';
import type { DomainSettings } from '../settings/domain-settings.ts';

/** What a custom domain is, and what it leads to. */
interface CustomDomainProps extends DomainSettings {
  readonly httpApi: HttpApi;
  readonly stage: IStage;
}

/**
 * Makes a custom domain of an HTTP API, TLS 1.2 or newer: with a truststore, for clients with a
 * certificate of it and nobody else. The truststore is an asset, named for its contents, so that a
 * change of the file is a change of the domain.
 * @throws ConfigurationError when the certificate is in another Region than the stack.
 */
export function customDomain(
  parent: Construct,
  id: string,
  { host, certificate, truststore, httpApi, stage }: CustomDomainProps,
): DomainName {
  checkRegion(host, certificate, Stack.of(parent).region);
  const scope = new Construct(parent, id);
  const asset = truststore && new Asset(scope, 'Truststore', { path: truststore });
  const domainName = new DomainName(scope, 'DomainName', {
    domainName: host,
    certificate,
    securityPolicy: SecurityPolicy.TLS_1_2,
    ...(asset && { mtls: { bucket: asset.bucket, key: asset.s3ObjectKey } }),
  });
  new ApiMapping(scope, 'Mapping', { api: httpApi, domainName, stage });
  return domainName;
}

function checkRegion(host: string, { certificateArn }: ICertificate, region: string): void {
  if (Token.isUnresolved(certificateArn) || Token.isUnresolved(region)) return;
  const [, , , found] = certificateArn.split(':');
  if (found === region) return;
  throw new ConfigurationError(
    `the certificate for ${host} is in ${found}, and the stack in ${region}: API Gateway takes one of the same Region.`,
  );
}
