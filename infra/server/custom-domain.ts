import {
  ApiMapping,
  DomainName,
  type HttpApi,
  type IStage,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
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
 */
export function customDomain(
  parent: Construct,
  id: string,
  { host, certificate, truststore, httpApi, stage }: CustomDomainProps,
): DomainName {
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
