import { Fn, Token } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ConfigurationError, wrongValue } from './configuration-error.ts';
import {
  checkFormerIssuer,
  checkIssuer,
  checkMtlsOrigin,
  type SettingCheck,
} from './setting-checks.ts';
import { checkTruststore } from './truststore.ts';

/**
 * Where an authorization server is to be found.
 * @internal
 */
export interface OriginProps {
  /**
   * The issuer identifier: the origin of an https URL, without a trailing slash. Whoever sets it
   * alone makes it lead to the HTTP API, by a custom domain.
   * @default the HTTP API's own URL
   */
  readonly issuer?: string;
  /**
   * The issuer that a running deployment has had until now, where `issuer` is meant to be another one from now
   * on. Without it a deployment that would change the issuer fails, and the old one stays: clients, APIs and
   * tokens know it by name.
   * @default none: the issuer stays as it is
   */
  readonly replacesIssuer?: string;
  /**
   * The origin of an https URL, another than `issuer`, at which clients show a certificate (RFC 8705
   * §5). Whoever sets it alone makes it lead to the HTTP API, by a custom domain with mutual TLS,
   * and turns off what leads there without.
   * @default clients cannot authenticate by certificate
   */
  readonly mtlsOrigin?: string;
  /**
   * Path of a PEM file, absolute or relative to the folder that the app runs in, which is that of its
   * cdk.json: the certificates of all
   * authorities, from the root down, that clients' certificates come from, and every self-signed
   * certificate of a client. Such a one must say that it is no authority's (CA:FALSE), or the client
   * could sign for others. A deployment makes a changed file take effect.
   * @default no custom domain is made
   */
  readonly mtlsTruststore?: string;
}

/**
 * The same, and what custom domains are made with.
 * @internal
 */
export interface DomainProps extends OriginProps {
  /**
   * A certificate of ACM, in the Region of the stack, for the host of `issuer`. With it the custom
   * domain is made; the DNS record that leads to it is not.
   * @default no custom domain is made
   */
  readonly issuerCertificate?: ICertificate;
  /**
   * A certificate that ACM has issued (an imported one will not do), in the Region of the stack, for
   * the host of `mtlsOrigin`. With it, `mtlsTruststore` and `issuer` the custom domain is made, and
   * the HTTP API's own URL no longer works.
   * @default no custom domain is made
   */
  readonly mtlsCertificate?: ICertificate;
}

/** A custom domain that is to be made. */
export interface DomainSettings {
  readonly host: string;
  readonly certificate: ICertificate;
  /** Absolute path; absent: clients show no certificate. */
  readonly truststore?: string;
}

/** Where it is to be found, checked. */
export interface Addresses {
  readonly issuer: string | undefined;
  readonly replacesIssuer: string | undefined;
  readonly mtlsOrigin: string | undefined;
  readonly issuerDomain: DomainSettings | undefined;
  readonly mtlsDomain: DomainSettings | undefined;
}

/**
 * Checks where an authorization server is to be found.
 * @throws ConfigurationError when a value is wrong, or one is missing that another needs.
 */
export function addresses(props: DomainProps): Addresses {
  checkTogether(props);
  const issuer = checkedUnlessToken(props, 'issuer', checkIssuer);
  const replacesIssuer = checkedUnlessToken(props, 'replacesIssuer', checkFormerIssuer);
  const mtlsOrigin = checkedUnlessToken(props, 'mtlsOrigin', checkMtlsOrigin);
  if (replacesIssuer !== undefined && replacesIssuer === issuer) {
    throw wrongValue(
      'replacesIssuer',
      replacesIssuer,
      'must be the issuer from before, and is the one that issuer says: leave replacesIssuer out',
    );
  }
  if (issuer !== undefined && issuer === mtlsOrigin) {
    throw wrongValue(
      'mtlsOrigin',
      mtlsOrigin,
      'must be another one than issuer, where no client shows a certificate',
    );
  }
  const domains = { issuerDomain: issuerDomain(props), mtlsDomain: mtlsDomain(props) };
  return { issuer, replacesIssuer, mtlsOrigin, ...domains };
}

/** Checks an origin, unless only the deployment will know it. */
function checkedUnlessToken(
  props: DomainProps,
  name: 'issuer' | 'replacesIssuer' | 'mtlsOrigin',
  check: SettingCheck<string>,
): string | undefined {
  const value = props[name];
  return value === undefined || Token.isUnresolved(value) ? value : check(value, name);
}

/** What is given of an authorization server's addresses, by the names that whoever gave it has for them. */
type Given = readonly (readonly [name: string, value: unknown, needs: readonly string[]])[];

/**
 * Checks that nothing is given without what it needs.
 * @param certificate how the one who gives certificates calls them: `issuerCertificate` becomes
 *   `issuerCertificateArn` where it is by ARN
 * @throws ConfigurationError
 */
export function checkTogether(props: Together, certificate = (name: string) => name): void {
  const { issuer, issuerCertificate, mtlsOrigin, mtlsCertificate, mtlsTruststore } = props;
  const [ofIssuer, ofMtls] = [certificate('issuerCertificate'), certificate('mtlsCertificate')];
  checkNeeds([
    ['issuer', issuer, []],
    [ofIssuer, issuerCertificate, ['issuer']],
    ['mtlsOrigin', mtlsOrigin, []],
    [ofMtls, mtlsCertificate, ['mtlsOrigin', 'mtlsTruststore', 'issuer']],
    ['mtlsTruststore', mtlsTruststore, ['mtlsOrigin', ofMtls, 'issuer']],
  ]);
}

/** What is needed together, whatever its form. */
type Together = OriginProps & {
  readonly issuerCertificate?: unknown;
  readonly mtlsCertificate?: unknown;
};

function checkNeeds(given: Given): void {
  const isGiven = (wanted: string) =>
    given.some(([name, value]) => name === wanted && value !== undefined);
  for (const [name, value, needs] of given) {
    if (value === undefined) continue;
    const missing = needs.filter((other) => !isGiven(other));
    if (missing.length === 0) continue;
    throw new ConfigurationError(
      `${name} is set, which needs ${missing.join(' and ')}, too: set that as well, or leave ${name} out.`,
    );
  }
}

function issuerDomain({ issuer, issuerCertificate }: DomainProps): DomainSettings | undefined {
  if (issuer === undefined || !issuerCertificate) return undefined;
  return {
    host: hostOf(issuer, 'issuer'),
    certificate: checkCertificate(issuerCertificate, 'issuerCertificate'),
  };
}

function mtlsDomain(props: DomainProps): DomainSettings | undefined {
  const { mtlsOrigin, mtlsCertificate, mtlsTruststore } = props;
  if (mtlsOrigin === undefined || !mtlsCertificate || mtlsTruststore === undefined)
    return undefined;
  return {
    host: hostOf(mtlsOrigin, 'mtlsOrigin'),
    certificate: checkCertificate(mtlsCertificate, 'mtlsCertificate'),
    truststore: checkTruststore(mtlsTruststore),
  };
}

/** Those who write JavaScript have no compiler to tell them. */
function checkCertificate(certificate: ICertificate, name: string): ICertificate {
  if (typeof certificate.certificateArn === 'string') return certificate;
  throw wrongValue(name, certificate, 'must be what Certificate.fromCertificateArn() gives');
}

/**
 * API Gateway serves a custom domain on port 443 alone, and ACM has no certificate for an address. What only
 * the deployment will know, they refuse by themselves.
 */
function hostOf(origin: string, name: string): string {
  if (Token.isUnresolved(origin)) return Fn.select(1, Fn.split('://', origin));
  const [, host] = /^https:\/\/((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*)$/.exec(origin) ?? [];
  if (host !== undefined) return host;
  throw wrongValue(
    name,
    origin,
    'must be https with a host name and without a port for a custom domain to be made: change it, or leave its certificate out',
  );
}
