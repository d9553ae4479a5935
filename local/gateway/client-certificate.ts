import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** A client's certificate as an event describes it (payload format 2.0, `clientCert`). */
export interface ClientCertificate {
  readonly clientCertPem: string;
  /** The parts in the certificate's order, joined by commas. */
  readonly subjectDN: string;
  readonly issuerDN: string;
  /** Octets in lower-case hexadecimal, joined by colons. */
  readonly serialNumber: string;
  /** Such as `May 28 12:30:02 2019 GMT`. */
  readonly validity: { readonly notBefore: string; readonly notAfter: string };
}

/** Describes the client certificate of a connection; undefined when it has none. */
export function clientCertificateOf(socket: Socket): ClientCertificate | undefined {
  const certificate = socket instanceof TLSSocket && socket.getPeerX509Certificate();
  return certificate ? describe(certificate) : undefined;
}

function describe(certificate: X509Certificate): ClientCertificate {
  const { subject, issuer, serialNumber, validFrom, validTo } = certificate;
  return {
    clientCertPem: certificate.toString(),
    subjectDN: onOneLine(subject),
    issuerDN: onOneLine(issuer),
    serialNumber: serialNumber.toLowerCase().match(/../g)?.join(':') ?? '',
    validity: { notBefore: validFrom, notAfter: validTo },
  };
}

// Node writes one part a line, and nothing for an empty subject (a name in an extension alone).
const onOneLine = (name: string | undefined): string => (name ?? '').split('\n').join(',');
