import manifest from '../../../package.json' with { type: 'json' };
import type { Command, Step } from '../running/journey.ts';

/** What all journeys have in common. */

/** The package's file, which is beside the folder. */
export const tarball = `../countersign-${manifest.version}.tgz`;

/** The versions that the package was tested with. */
export const { 'aws-cdk': cdk } = manifest.devDependencies;

/** The least version of a peer. */
export const least = (peer: keyof typeof manifest.peerDependencies): string =>
  manifest.peerDependencies[peer].replace('^', '');

export const audience = 'https://api.example.com';
export const routes = '{"GET /orders":["read"],"POST /orders":["write"]}';

/** A function behind an API, which tells what the authorizer has told it. */
export const backend =
  'exports.handler = async ({ requestContext: { authorizer } }) => ({ statusCode: 200, body: JSON.stringify(authorizer.lambda ?? authorizer) });';

/** Lets a client get tokens for the API. */
export const registering: readonly Command[] = [
  {
    command: `npx countersign resource create ${audience} --scope "read write"`,
    prints: /read write/,
  },
  {
    command: 'npx countersign client create --name Billing --scope read',
    gives: { CLIENT_ID: /client_id\W+([\w-]+)/, CLIENT_SECRET: /(countersign_[\w-]+)/ },
  },
];

const call = (status: number, options = ''): Command => ({
  command: `curl -s -w '\\n%{http_code}\\n' ${options}$API/orders`,
  prints: new RegExp(`^${status}$`, 'm'),
});

const withToken = '-H "Authorization: Bearer $TOKEN" ';

/** Gets a token, and calls the API: without it, with it, and where its scope is too little. */
export const calling: readonly Command[] = [
  {
    command:
      'curl -s -d grant_type=client_credentials -d client_id=$CLIENT_ID -d client_secret=$CLIENT_SECRET $ISSUER/token',
    gives: { TOKEN: /"access_token":"([^"]+)"/ },
  },
  call(401),
  call(200, withToken),
  call(403, `-X POST ${withToken}`),
];

/** Makes the templates, and uploads what they name. */
export const templates: readonly Step[] = [
  { command: 'npm init -y' },
  { command: `npm install ${tarball}` },
  { command: 'npx countersign template --out templates' },
  { command: 'aws s3 mb s3://my-assets' },
  { command: 'aws s3 sync templates/assets s3://my-assets/countersign/', prints: /upload:/ },
];

export const bootstrap: Command = { command: 'npx cdk bootstrap' };
export const synth: Command = { command: 'npx cdk synth --quiet' };
/** Without a question, for nobody is there to answer. */
export const deploying = 'npx cdk deploy --require-approval never';
export const destroy: Command = { command: 'npx cdk destroy --all --force' };
