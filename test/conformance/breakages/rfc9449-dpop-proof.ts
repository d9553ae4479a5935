import { errorWhen, saidAs, tokenWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import type { Breakage, RequestInHand } from './broken-deployment.ts';
import { hasProof, takesProof } from './dpop-breakage.ts';
import { headerOf } from './message-in-hand.ts';

const takesNone: Breakage = errorWhen((_, request) => hasProof(request), 400, 'invalid_dpop_proof');
const proofs = ({ headers }: RequestInHand) => headers.filter(([name]) => /^dpop$/i.test(name));
const aMinute = 60;

const now = () => Date.now() / 1000;
const httpsUri = /^https:\/\/as\.example/;

/** Breaks what RFC 9449 asks of a proof at the token endpoint. */
export const dpopProofBreakages: BreakageTable = {
  'D01: there is one DPoP header': {
    'takes the first of two proofs': tokenWhen((_, request) => proofs(request).length > 1),
    'takes two proofs in one header': tokenWhen((_, request) =>
      headerOf(request, 'dpop').includes(','),
    ),
    'takes no proof': takesNone,
  },
  'D02: a proof is a JWT': {
    'takes what is no JWT': tokenWhen((_, request) => headerOf(request, 'dpop') === 'proof'),
    'takes any typ': takesProof(({ header }) => header.typ !== 'dpop+jwt'),
    'needs no jti': takesProof(({ claims }) => claims.jti === undefined),
    'needs no htm': takesProof(({ claims }) => claims.htm === undefined),
    'needs no htu': takesProof(({ claims }) => claims.htu === undefined),
    'needs no iat': takesProof(({ claims }) => claims.iat === undefined),
    'says invalid_request': saidAs('invalid_dpop_proof', 'invalid_request'),
  },
  'D03: a proof is signed with a key pair': {
    'takes alg none': takesProof(({ header }) => header.alg === 'none'),
    'takes HS256': takesProof(({ header }) => header.alg === 'HS256'),
    'takes no proof': takesNone,
  },
  'D04: a proof verifies': {
    'looks at no signature': takesProof(() => true),
    'takes a proof without signature': takesProof(({ signature }) => signature === ''),
    'needs no jwk': takesProof(({ header }) => header.jwk === undefined),
    'takes a private key': takesProof(({ header }) => JSON.stringify(header).includes('"d"')),
  },
  'D05: htm and htu': {
    'takes any htm': takesProof(({ claims }) => claims.htm !== 'POST'),
    'takes any path': takesProof(({ claims }) => /\/other$/.test(String(claims.htu))),
    'takes the origin': takesProof(({ claims }) => /:\d+$/.test(String(claims.htu))),
    'takes any host': takesProof(({ claims }) => httpsUri.test(String(claims.htu))),
    'takes a path alone': takesProof(({ claims }) => String(claims.htu).startsWith('/')),
    'takes no htu with a query': errorWhen(
      ({ status }) => status === 200,
      400,
      'invalid_dpop_proof',
    ),
  },
  'D07: a proof was made': {
    'takes an old proof': takesProof(({ claims }) => Number(claims.iat) < now() - aMinute * 30),
    'takes a proof of the future': takesProof(
      ({ claims }) => Number(claims.iat) > now() + aMinute * 30,
    ),
    'takes a text for iat': takesProof(({ claims }) => typeof claims.iat === 'string'),
  },
  'D08: a proof is accepted once': {
    'takes a proof again': tokenWhen(({ status }, request) => status === 400 && hasProof(request)),
    'takes no proof': takesNone,
  },
};
