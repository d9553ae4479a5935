/** What the help of commands with `--trust` says of the file. */
export const trustHelp = `
A trust file holds one rule or an array of them; one that agrees is enough. A rule is written out
with issuer, subject or subject_glob, audience, claims, single_use and max_lifetime, or names a
platform, of which the rest is known:
  {"platform": "github", "repository": "octo-org/app", "ref": "main"}
    also environment, repository_id, repository_owner_id; without ref, jobs of pull requests get in too;
    with it, jobs that name an environment do not
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
spiffe, google and entra, whose workloads show one JWT for longer. max_lifetime is in seconds: 3600,
for kubernetes and entra 86400, which is the most.`;
