import { type BadInput, create, update } from './wrong-usage.ts';

const jwksUri = 'https://client.example/jwks.json';
const by = (method: string, ...more: readonly string[]) => [
  ...create,
  '--auth-method',
  method,
  ...more,
];
const from = (uri: string) => [...create, '--jwks-uri', uri];
const github = ['--github', 'octo-org/app'];
const role = ['--aws-role', 'arn:aws:iam::123456789012:role/worker'];
const keys = ['--jwks-uri', jwksUri];

/** What a client cannot authenticate with; `billing` has a secret. */
export const wrongCredentials: readonly BadInput[] = [
  ['no keys', by('private_key_jwt'), /^private_key_jwt needs the public keys .* --jwks FILE or/],
  [
    'no certificate key',
    by('self_signed_tls_client_auth'),
    /^self_signed_tls_client_auth needs the/,
  ],
  ['C02: no subject', by('tls_client_auth'), /^tls_client_auth needs the subject .* --tls-subject/],
  [
    'no bundle',
    by('spiffe_jwt', '--spiffe-id', 'spiffe://example.org/billing'),
    /^spiffe_jwt needs to know where .+ --spiffe-bundle-endpoint URL$/,
  ],
  [
    'a bundle of nobody',
    [...create, '--spiffe-bundle-endpoint', 'https://example.org/bundle.json'],
    /^spiffe_jwt needs the SPIFFE ID of the client: give --spiffe-id ID$/,
  ],
  ['no SPIFFE ID', by('spiffe_x509'), /^spiffe_x509 needs the SPIFFE ID of the client/],
  [
    'a whole trust domain',
    [...create, '--spiffe-id', 'spiffe://example.org/*'],
    /^a SPIFFE ID is such as .+; a whole trust domain is too wide$/,
  ],
  ['a SPIFFE ID that is none', [...create, '--spiffe-id', 'https://example.org/a'], /^a SPIFFE ID/],
  [
    'B13: a bundle in a private network',
    [
      ...create,
      '--spiffe-id',
      'spiffe://example.org/billing',
      '--spiffe-bundle-endpoint',
      'https://spire.svc.cluster.local/bundle',
    ],
    /^--spiffe-bundle-endpoint names a host that is known to its own network alone$/,
  ],
  [
    'a SPIFFE ID for keys',
    [...create, '--spiffe-id', 'spiffe://example.org/billing', '--jwks-uri', jwksUri],
    /does not go with/,
  ],
  ['nobody to trust', by('federated'), /^federated needs to know whom to trust: give --trust FILE/],
  ['an audience alone', [...create, '--strict-audience'], /^private_key_jwt needs the public keys/],
  [
    'a change to keys that are not',
    [...update, '--auth-method', 'private_key_jwt'],
    /needs the pub/,
  ],
  [
    'an audience of a secret',
    [...update, '--no-strict-audience'],
    /^--strict-audience does not go with client_secret_basic: a/,
  ],
  [
    'keys for a secret',
    by('client_secret_basic', ...keys),
    '--jwks-uri does not go with --auth-method client_secret_basic: a client authenticates in one way',
  ],
  [
    'a subject for keys',
    by('private_key_jwt', '--tls-san-dns', 'a.example'),
    /^--tls-san-dns does/,
  ],
  [
    'keys for a platform',
    by('federated', ...keys),
    /^--jwks-uri does not go with --auth-method fed/,
  ],
  ['trust for a certificate', by('tls_client_auth', ...github), /^--github does not go with/],
  [
    'an audience for a platform',
    [...create, ...github, '--strict-audience'],
    /^--strict-audience do/,
  ],
  [
    'keys and trust',
    [...create, ...keys, ...github],
    /^--github does not go with --jwks-uri: a cl/,
  ],
  [
    'keys and a subject',
    [...create, ...keys, '--tls-san-ip', '192.0.2.1'],
    /^--tls-san-ip does not/,
  ],
  [
    'keys twice',
    [...create, ...keys, '--jwks', 'a'],
    'give one of --jwks and --jwks-uri, not both',
  ],
  [
    'C02: two subjects',
    [...create, '--tls-san-dns', 'a.example', '--tls-subject-dn', 'CN=a'],
    'give one of --tls-subject-dn and --tls-san-dns, not both',
  ],
  [
    'an issuer without its role',
    [...create, '--aws-issuer', 'https://a.example'],
    /give --aws-role/,
  ],
  [
    'a GitHub without a repository',
    [...create, '--github-issuer', 'https://github.example.com/_services/token'],
    /give --github too/,
  ],
  [
    'another GitHub that is none',
    [...create, ...github, '--github-issuer', 'https://github.example.com'],
    /^--github-issuer is neither .+ nor does it end with \/_services\/token: it is a text such as .+$/,
  ],
  [
    'another GitHub that is empty',
    [...create, ...github, '--github-issuer', ''],
    /^--github-issuer does not begin with https:/,
  ],
  [
    'a role without its issuer',
    [...create, ...role],
    /aws iam get-outbound-web-identity-federation/,
  ],
  [
    'no such trust file',
    [...create, '--trust', '/nowhere/a'],
    /^cannot read \/nowhere\/a: there is/,
  ],
  ['a trust file that is none', [...create, '--trust', '-'], /^the trust file is not JSON$/],
  ['standard input twice', [...create, '--trust', '-', '--trust', '-'], /can be read once only/],
  [
    'a repository that is none',
    [...create, '--github', '@main'],
    /^a repository is written octo-org/,
  ],
  ['C02: no name', [...create, '--tls-subject-dn', 'billing'], /^--tls-subject-dn must be a dist/],
  [
    'C02: a wildcard',
    [...create, '--tls-san-dns', '*.example.com'],
    /^--tls-san-dns must be a DNS/,
  ],
  ['C02: an empty name', [...create, '--tls-subject-dn', 'CN='], /^--tls-subject-dn has no value/],
  ['C02: an empty DNS name', [...create, '--tls-san-dns', ''], /^--tls-san-dns must be a DNS/],
  ['C02: an empty URI', [...create, '--tls-san-uri', ''], /^--tls-san-uri must be an absolute/],
  ['C02: an empty address', [...create, '--tls-san-ip', ''], /^--tls-san-ip must be an IP/],
  ['C02: an empty mailbox', [...create, '--tls-san-email', ''], /^--tls-san-email must be an e/],
  ['C02: a relative URI', [...create, '--tls-san-uri', '/a'], /^--tls-san-uri must be an absolute/],
  [
    'C02: no address',
    [...create, '--tls-san-ip', '192.0.2.256'],
    /^--tls-san-ip must be an IP add/,
  ],
  ['C02: no mailbox', [...create, '--tls-san-email', 'a'], /^--tls-san-email must be an e-mail/],
  ['B13: keys that are no URL', from('client.example/jwks'), /^--jwks-uri is no URL$/],
  ['B13: keys over http', from('http://client.example/jwks'), /^--jwks-uri must be an https URL$/],
  ['B13: keys in a file', from('file:///etc/passwd'), /^--jwks-uri must be an https URL$/],
  ['B13: keys in the URL', from('data:application/json,{}'), /^--jwks-uri must be an https URL$/],
  ['B13: a password', from('https://a:b@client.example/'), /^--jwks-uri must not have a user name/],
  ['B13: a fragment', from(`${jwksUri}?a#b`), /^--jwks-uri must not have .* a fragment$/],
  [
    'B13: an address',
    from('https://169.254.169.254/'),
    /^--jwks-uri must name its host, and not by/,
  ],
  [
    'B13: a name of a private network',
    from('https://keys.shop.svc.cluster.local/jwks.json'),
    /^--jwks-uri names a host that is known to its own network alone$/,
  ],
  ['B13: another notation', from('https://0x7f000001.1/'), /^--jwks-uri /],
  [
    'B13: an IPv6 address',
    from('https://[2001:db8::1]/'),
    /^--jwks-uri must name its host, and not/,
  ],
  [
    'a URL with a space',
    from('https://client.example/a b'),
    /^--jwks-uri must be of visible ASCII/,
  ],
  [
    'a long URL',
    from(`${jwksUri}?${'a'.repeat(1000)}`),
    /^--jwks-uri must not be longer than 1000/,
  ],
  [
    'a loss that nobody confirms',
    [...update, ...keys],
    'this cannot be undone, and there is no terminal to ask: confirm with --yes',
  ],
];
