/** What the help of commands with `--trust` says of the file. */
const trustHelp = `
A trust file holds one rule or an array of them; one that agrees is enough. A rule is written out
with issuer, subject or subject_glob, audience, claims, single_use and max_lifetime, or names a
platform, of which the rest is known:
  {"platform": "github", "repository": "octo-org/app", "ref": "main"}
    also environment, repository_id, repository_owner_id; without ref, jobs of pull requests get in too;
    with it, jobs that name an environment do not; issuer is that of another GitHub:
    https://HOST/_services/token, https://token.actions.SUBDOMAIN.ghe.com, or either github.com's or
    that one with /ENTERPRISE
  {"platform": "gitlab", "project": "my-group/my-project", "ref": "main"}
    also project_id, ref_type (tag), issuer (of another GitLab than gitlab.com)
  {"platform": "kubernetes", "issuer": "https://...", "namespace": "shop",
   "service_account": "billing"}
  {"platform": "spiffe", "issuer": "https://...", "spiffe_id": "spiffe://example.com/billing"}
  {"platform": "aws", "issuer": "https://EXAMPLE.tokens.sts.global.api.aws",
   "role": "arn:aws:iam::123456789012:role/Billing"}, also organization
  {"platform": "google", "subject": "UNIQUE ID"}, also email
  {"platform": "entra", "tenant": "ID", "subject": "OBJECT ID", "audience": "api://billing"}
    also version (v1)
  {"platform": "oidc", "issuer": "https://...", "subject": "billing"}
The audience is this deployment's issuer unless a rule says otherwise. Each * of a subject_glob
stands for one or more characters. single_use is true (a JWT counts once) but for gitlab, kubernetes,
spiffe, google and entra, whose workloads show one JWT for longer. max_lifetime is in seconds: 3600, for
gitlab, spiffe and entra 86400, for kubernetes 172800; the most is 2592000, a month.
Any of them may have jwks, a JWK Set with the keys of its issuer, which is then not asked for them, or
jwks_uri, where they are, with jwks_ca, the PEM certificates of its authority: for a Kubernetes cluster
that cannot be reached from the internet, what \`kubectl get --raw /openid/v1/jwks\` prints.
A rule that may let in others, as a glob does at an issuer that is not known, is a risk: you are asked
whether to take it, and a script takes it with --yes.`;

/** What the help of commands with `--claim` says of its value. */
const claimHelp = `A claim's value is JSON where it is valid JSON (42, true, ["a"], {"a":1}), and else a text: plan=gold. A text
that looks like JSON is written plan='"42"'. It counts over a claim of the same name of the resource server.`;

/** What follows the options in the help of `client create`. */
export const createExamples = `
A client authenticates in one way. Without any of the options for it, that is a secret, which it
may send by Basic or in the body: whichever of client_secret_basic (the default) and
client_secret_post it is registered with. A deployment with strictClientSecretMethod takes it in the
registered way alone.
--jwks and --jwks-uri are for private_key_jwt, and with --auth-method also for
self_signed_tls_client_auth; --tls-... is tls_client_auth; --trust, --github, --aws-role and
--kubernetes are federated: the JWT that its platform gives it is the assertion.
A file of --jwks is a JWK Set, a JWK, or PEM with public keys or certificates. Keys of PEM have no kid, so
that assertions may have any; more than three of them get their thumbprints (RFC 7638), which are told. A URL
is registered, as by --jwks-uri: the keys are fetched from there, and a new one counts by itself.
--spiffe-id with --spiffe-bundle-endpoint is spiffe_jwt, and without it spiffe_x509; the client_id is the
SPIFFE ID unless another is named, or the ID is for all below a path.
--dpop and --mtls-bound make its tokens useless to whoever steals them; each may go with any of these.
A client with neither --scope nor --grant gets tokens that say who it is, without scope; with --introspection
it gets none, and asks what tokens for these resource servers are worth.
${claimHelp}
${trustHelp}

Examples:
  $ countersign client create --name "Billing" --scope "read write"
  $ countersign client create --name "Billing" --grant "https://api.example.com=read"
  $ countersign client create --name "Billing" --scope read --claim tenant=acme --claim 'roles=["ops"]'
  $ countersign client create --name "Gateway" --introspection https://api.example.com
  $ countersign keypair --out billing.pem > billing.json
  $ countersign client create --name "Billing" --scope read --jwks billing.json
  $ countersign client create --name "Billing" --scope read --jwks billing-certificate.pem
  $ countersign client create --name "Billing" --jwks-uri https://billing.example.com/jwks.json
  $ countersign client create --name "Release" --github octo-org/app@main
  $ countersign client create --name "Release" --github octo-org/app@main \\
      --github-issuer https://github.example.com/_services/token
  $ countersign client create --name "Worker" --aws-role arn:aws:iam::123456789012:role/worker \\
      --aws-issuer https://EXAMPLE.tokens.sts.global.api.aws
  $ countersign client create --name "Pod" --trust rules.json
  $ countersign client create --name "Meter" --tls-certificate meter.pem
  $ countersign client create --name "Meter" --tls-subject-dn "CN=meter-17,O=Example"
  $ countersign client create --name "Meter" --jwks meter.json \\
      --auth-method self_signed_tls_client_auth
  $ countersign client create --name "Billing" --spiffe-id spiffe://example.org/shop/billing \\
      --spiffe-bundle-endpoint https://spire.example.org/bundle.json
  $ countersign client create --name "Vault" --scope read --jwks vault.json --dpop`;

/** What follows the options in the help of `client update`. */
export const updateExamples = `
New keys, a new subject and new trust rules take the place of all that the client had of them.
A client that changes its method loses what the new one does not use, its secrets too; you are
asked first. One that changes to a secret gets a new one.

Examples:
  $ countersign client update s6BhdRkqt3 --scope "read" --token-lifetime default
  $ countersign client update s6BhdRkqt3 --remove-grant https://api.example.com
  $ countersign client update s6BhdRkqt3 --jwks new-keys.json
  $ countersign client update s6BhdRkqt3 --dpop
  $ countersign client update s6BhdRkqt3 --claim plan=gold --remove-claim tenant
  $ countersign client update s6BhdRkqt3 --auth-method client_secret_basic --yes`;
