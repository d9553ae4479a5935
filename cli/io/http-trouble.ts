/** What Node's sockets, TLS and HTTP parser call their troubles, and what each means. */
const troubles: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'nothing listens there'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'its name does not resolve'],
  [/^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/, 'it cannot be reached'],
  [/^(ECONNRESET|EPIPE)$/, 'it hung up before it had answered'],
  [/^CERT_HAS_EXPIRED$/, 'its TLS certificate has expired'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'its TLS certificate is for another name'],
  [
    /SELF_SIGNED|^UNABLE_TO_(VERIFY|GET_ISSUER)|^CERT_/,
    'its TLS certificate is not signed by an authority that this computer trusts',
  ],
  [/ALERT_.*(CERTIFICATE|UNKNOWN_CA)/, 'it does not accept the certificate that it was shown'],
  [/^(EPROTO|ERR_SSL)/, 'it does not speak TLS there'],
  [/^HPE_/, 'it answered something that is not HTTP'],
];

/** Says in a sentence without a full stop why a request got no answer. */
export function troubleText(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed for a reason that Node does not tell';
  const code = 'code' in error ? String(error.code) : '';
  const known = troubles.find(([pattern]) => pattern.test(code));
  return known ? `${known[1]} (${code})` : (error.message.split('\n', 1)[0] ?? code);
}
