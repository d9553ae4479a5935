import { type ConformanceCase, check, type Deployment } from '../conformance-case.ts';
import { authMethod, grantType, unofferedCase } from '../protocol/announcement.ts';
import { obtainToken } from '../protocol/obtained-token.ts';
import { checkInvalidClient, requestToken } from '../protocol/token-request.ts';
import { attemptEndpoint, attemptGrant } from '../protocol/unoffered-attempt.ts';

const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** What else there is for machines. */
export const extensionCases: readonly ConformanceCase[] = [
  unofferedCase({
    rule: 'N',
    section: 'RFC 8693 §2.1',
    title: 'a token may be exchanged for another one',
    uses: ['basic'],
    what: 'token exchange',
    announcements: [grantType(tokenExchange)],
    attempt: attemptExchange,
  }),
  unofferedCase({
    rule: 'N',
    section: 'RFC 9396 §2, §10',
    title: 'a request may ask for more than scope can say',
    uses: ['basic'],
    what: 'authorization_details',
    announcements: [['authorization_details_types_supported']],
    attempt: attemptDetails,
  }),
  unofferedCase({
    rule: 'N',
    section: 'RFC 7591 §3',
    title: 'a client may register itself',
    what: 'client registration',
    announcements: [['registration_endpoint']],
    attempt: (deployment) =>
      attemptEndpoint(deployment, '/register', '{"grant_types":["client_credentials"]}'),
  }),
  unofferedCase({
    rule: 'N',
    section: 'Internet-Drafts of the OAuth working group',
    title: 'a client may be known by a document or an attestation',
    what: 'client metadata documents or client attestation',
    announcements: [
      ['client_id_metadata_document_supported'],
      authMethod('attest_jwt_client_auth'),
    ],
    attempt: attemptClientDocument,
  }),
];

async function attemptExchange(deployment: Deployment): Promise<void> {
  const { text } = await obtainToken(deployment, 'basic');
  await attemptGrant(deployment, tokenExchange, {
    subject_token: text,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  });
}

async function attemptDetails(deployment: Deployment): Promise<void> {
  const details = ['authorization_details', '[{"type":"payment","amount":"1"}]'] as const;
  const { claims, response } = await obtainToken(deployment, 'basic', [details]);
  const echoed = [claims, response].some((members) => 'authorization_details' in members);
  check(!echoed, 'authorization_details are granted, though they are not announced');
}

async function attemptClientDocument(deployment: Deployment): Promise<void> {
  const form = [['client_id', 'https://client.example/metadata.json']] as const;
  const answer = await requestToken(deployment, { form });
  checkInvalidClient('a client_id that is a URL', answer);
}
