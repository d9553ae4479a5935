import manifest from '../../../package.json' with { type: 'json' };
import type { Command, Step } from '../running/journey.ts';

/** What all journeys have in common. */

export const tarball = `../countersign/countersign-${manifest.version}.tgz`;

/** The versions that the package was tested with. */
export const { 'aws-cdk': cdk } = manifest.devDependencies;

/** The least version of a peer. */
export const least = (peer: keyof typeof manifest.peerDependencies): string =>
  manifest.peerDependencies[peer].replace('^', '');

export const audience = 'https://orders.example.com';
export const routes = '{"GET /orders":["orders:read"]}';

/** A function behind an API, which tells what the authorizer has told it. */
export const backend =
  'exports.handler = async ({ requestContext: { authorizer } }) => ({ statusCode: 200, body: JSON.stringify(authorizer.lambda ?? authorizer) });';

/** Lets a client get tokens for the API. */
export const registering: readonly Command[] = [
  {
    command: `npx countersign resource create ${audience} --scope "orders:read orders:write"`,
    prints: /orders:write/,
  },
  {
    command: 'npx countersign client create --name Billing --scope "orders:read orders:write"',
    gives: { CLIENT_ID: /client_id\W+([\w-]+)/, CLIENT_SECRET: /(countersign_[\w-]+)/ },
  },
];

const token = (scope: string): Command => ({
  command: `curl -s -d grant_type=client_credentials -d client_id=$CLIENT_ID -d client_secret=$CLIENT_SECRET -d scope=${scope} $ISSUER/token`,
  gives: { TOKEN: /"access_token":"([^"]+)"/ },
});

const call = (status: number, header = ''): Command => ({
  command: `curl -s -w '\\n%{http_code}\\n' ${header}$API/orders`,
  prints: new RegExp(`^${status}$`, 'm'),
});

const withToken = '-H "Authorization: Bearer $TOKEN" ';

/** Calls the API without a token, with too little scope, and as it should be. */
export const calling: readonly Command[] = [
  call(401),
  token('orders:write'),
  call(403, withToken),
  token('orders:read'),
  call(200, withToken),
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
