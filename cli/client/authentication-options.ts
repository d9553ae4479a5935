import { type Command, Option } from 'commander';
import { authMethods } from '../../functions/oauth/client.ts';
import {
  type CheckedSubject,
  expectedSubjectProblem,
} from '../../functions/oauth/expected-subject.ts';
import { readSubjectName } from '../../registry/distinguished-names/read-name.ts';
import { parseSpiffeId } from '../../registry/spiffe-workload.ts';
import { CliError } from '../io/cli-error.ts';

/** Adds the options that say how a client authenticates, as AuthenticationOptions has them. */
export function addAuthenticationOptions(command: Command): Command {
  command
    .addOption(
      new Option(
        '--auth-method <method>',
        'how it authenticates; the options below imply it',
      ).choices(authMethods),
    )
    .option(
      '--jwks <file>',
      'its public keys: a JWK Set, a JWK, or PEM (keys, certificates); - is standard input; a URL is as --jwks-uri',
    )
    .option('--jwks-uri <url>', 'where it publishes them')
    .option('--strict-audience', 'its assertions must be made out to the issuer, to no other URL');
  addSubjectOptions(command);
  return command
    .option('--spiffe-id <id>', 'its SPIFFE ID, or those below a path: .../*', parseSpiffeId)
    .option('--spiffe-bundle-endpoint <url>', 'where its trust domain publishes its bundle')
    .option(
      '--trust <file>',
      'trust rules or presets in JSON; repeatable; - is standard input',
      listed,
    )
    .option('--github <owner/repo[@ref]>', 'workflows of GitHub Actions; repeatable', listed)
    .option('--github-issuer <url>', 'the issuer of another GitHub than github.com')
    .option('--aws-role <arn>', 'what runs in this IAM role; repeatable', listed)
    .option('--aws-issuer <url>', 'the issuer of the AWS account of that role')
    .option('--kubernetes <issuer:namespace:name>', 'a service account; repeatable', listed);
}

const subjectOptions: readonly (readonly [string, CheckedSubject, string])[] = [
  ['--tls-san-dns <name>', 'tls_client_auth_san_dns', 'a DNS name'],
  ['--tls-san-uri <uri>', 'tls_client_auth_san_uri', 'a URI'],
  ['--tls-san-ip <address>', 'tls_client_auth_san_ip', 'an IP address'],
  ['--tls-san-email <address>', 'tls_client_auth_san_email', 'an e-mail address'],
];

function addSubjectOptions(command: Command): void {
  command
    .option(
      '--tls-subject-dn <dn>',
      'the subject of its certificate, by RFC 4514 or as openssl prints it',
      readSubjectName,
    )
    .option('--tls-certificate <file>', 'a certificate of it, PEM or DER, that has the subject');
  for (const [flags, name, what] of subjectOptions) {
    command.option(flags, `${what} of its certificate`, (value: string) => {
      const problem = expectedSubjectProblem(name, value);
      if (problem === undefined) return value;
      throw new CliError(`${flags.replace(/ .*/, '')} ${problem}`, 2);
    });
  }
}

function listed(text: string, before: readonly string[] = []): readonly string[] {
  if (text === '-' && before.includes('-')) {
    throw new CliError('standard input can be read once only', 2);
  }
  return [...before, text];
}
