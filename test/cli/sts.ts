import { text } from 'node:stream/consumers';
import { serving } from './doctor-deployment.ts';

/** Who the operator is, as AWS says it. */
export const operator = 'arn:aws:sts::111122223333:assumed-role/Operators/alice@example.com';

const answer = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${operator}</Arn><UserId>AROA:alice@example.com</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

/** An STS that listens, and how often it was asked. A `refusal` is what it answers instead. */
export async function securityTokenService() {
  const state = { asked: 0, refusal: undefined as { status: number; body: string } | undefined };
  const endpoint = await serving(async (request, response) => {
    const action = new URLSearchParams(await text(request)).get('Action');
    state.asked += 1;
    const { status, body } = state.refusal ?? { status: 200, body: answer };
    const isKnown = action === 'GetCallerIdentity';
    response.writeHead(isKnown ? status : 400, { 'content-type': 'text/xml' });
    response.end(isKnown ? body : '');
  });
  return { endpoint, state };
}
