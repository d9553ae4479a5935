/** The subject of the demo client's certificate (RFC 4514). */
export const demoClientSubject = 'CN=demo-client,O=Countersign demo';

/** A certificate and its private key, in PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** The throw-away authority, and the certificates that it has signed. */
export interface Identities {
  readonly authority: Identity;
  readonly server: Identity;
  readonly demoClient: Identity;
}
