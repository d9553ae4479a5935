import type { X509Certificate } from 'node:crypto';
import type { AssertionKeys } from '../../oauth/assertion-keys.ts';
import { type CertifiedKey, certifiedKey, isKeyOf } from '../../oauth/certificate-key.ts';
import { matchesExpectedSubject } from '../../oauth/certificate-subject.ts';
import {
  certificateThumbprint,
  readClientCertificate,
  validityProblem,
} from '../../oauth/client-certificate.ts';
import { type KeyFault, keyFaults, readPublicKey } from '../../oauth/foreign-key.ts';
import { invalidClient, noKeyFits } from '../../oauth/oauth-error.ts';
import { ExplainedRefusal } from './explained-refusal.ts';
import type { Authenticate, Authentication, CredentialsBy } from './method.ts';
import { keysOf } from './private-key-jwt.ts';

/** What a certificate says by itself, whoever shows it and whenever. */
interface JudgedCertificate {
  readonly certified: CertifiedKey;
  readonly isSelfSigned: boolean;
  /** What is wrong with its key; undefined: nothing. */
  readonly fault: KeyFault | undefined;
}

/** A certificate that may authenticate a client, if it has no `problem`. */
export interface ShownCertificate extends Omit<JudgedCertificate, 'fault'> {
  readonly certificate: X509Certificate;
  /** What is wrong with its dates; undefined: nothing. */
  readonly problem: string | undefined;
}

type AuthenticateByCertificate = Authenticate<CredentialsBy<'client_certificate'>>;

/**
 * `tls_client_auth` (RFC 8705 §2.1): a certificate of an authority that the truststore has, with the
 * one subject that is registered.
 */
export const authenticateBySubject: AuthenticateByCertificate = async (
  { certificate: shown },
  client,
) => {
  checkAuthority(shown);
  if (!matchesExpectedSubject(shown.certificate, client)) {
    throw invalidClient('the certificate has another subject');
  }
  checkForClients(shown);
  return authenticationBy(shown);
};

/** `self_signed_tls_client_auth` (RFC 8705 §2.2): a certificate for one of the client's keys. */
export const authenticateByCertifiedKey: AuthenticateByCertificate = async (
  { certificate: shown },
  client,
  { publishedKeys },
) => {
  const find = keysOf(client, publishedKeys);
  const isAmong = ({ keys }: AssertionKeys) => keys.some((jwk) => isKeyOf(shown.certified, jwk));
  const cached = await find();
  const newest = isAmong(cached) ? cached : await find(cached);
  if (isAmong(newest)) return authenticationBy(shown);
  throw noKeyFits(newest.reason ?? 'the key of the certificate is none of the client');
};

/**
 * Reads the certificate of a connection: its dates, its key, and who has signed it.
 * @param now NumericDate
 * @throws OAuthError `invalid_client`
 */
export function readCertificate(pem: string, now: number): ShownCertificate {
  const certificate = readClientCertificate(pem);
  if (!certificate) throw invalidClient('a malformed certificate');
  const { fault, ...judged } = judgedOnce(certificate);
  // By a weak key anybody could have shown that the certificate is his.
  if (fault) throw invalidClient(`the key of the certificate ${keyFaults[fault]}`);
  return { certificate, ...judged, problem: validityProblem(certificate, now) };
}

/** To judge one takes a verification; the same text is read as the same object, as long as it is cached. */
const judgements = new WeakMap<X509Certificate, JudgedCertificate>();

function judgedOnce(certificate: X509Certificate): JudgedCertificate {
  const judged = judgements.get(certificate) ?? judge(certificate);
  judgements.set(certificate, judged);
  return judged;
}

function judge(certificate: X509Certificate): JudgedCertificate {
  const certified = certifiedKey(certificate);
  const read = readPublicKey({ ...certified.key });
  if (typeof read === 'string') return { certified, isSelfSigned: false, fault: read };
  // Not `checkIssued`, which says no where the key usage lacks certificate signing.
  const isSelfSigned = certificate.verify(certificate.publicKey);
  return { certified, isSelfSigned, fault: undefined };
}

/**
 * Checks that an authority vouches for the names in a certificate.
 * @throws OAuthError `invalid_client`
 */
export function checkAuthority({ isSelfSigned }: ShownCertificate): void {
  // The truststore also contains the certificates of `self_signed_tls_client_auth` clients, and whoever
  // signs his own certificate chooses its subject.
  if (isSelfSigned) throw invalidClient('the certificate is self-signed');
}

/**
 * Checks that a certificate is for a client, after its name was found to be the client's.
 * @throws ExplainedRefusal
 */
export function checkForClients({ certificate }: ShownCertificate): void {
  if (!isForClients(certificate))
    throw new ExplainedRefusal({ text: 'the certificate is not for TLS clients' });
}

const clientAuth = '1.3.6.1.5.5.7.3.2';

/** RFC 5280 §4.2.1.9, §4.2.1.12: not an authority's certificate, and not one for servers alone. */
function isForClients({ ca, keyUsage }: X509Certificate): boolean {
  // Node's `keyUsage` is the extended key usage.
  const purposes: readonly string[] | undefined = keyUsage;
  return !ca && (purposes === undefined || purposes.includes(clientAuth));
}

/**
 * How a client has authenticated that has shown a certificate.
 * @throws ExplainedRefusal for one that is not valid now
 */
export function authenticationBy({ certificate, problem }: ShownCertificate): Authentication {
  if (problem !== undefined) throw new ExplainedRefusal({ text: problem });
  return { entry: { 'x5t#S256': certificateThumbprint(certificate) } };
}
