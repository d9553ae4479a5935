import type { DeclaredClient } from '../../../registry/declared/declaration.ts';
import { declaredClient } from '../../../registry/declared/normal-form.ts';
import { api, issuer } from '../../support/a-client.ts';
import { clientsOfEveryMethod, everyMethod } from '../../support/clients-of-every-method.ts';

/** Where the documents of the clients are published. */
const published = 'https://keys.example.com/jwks';

/** A client of each method, as it would be declared. */
export const declaredByMethod: readonly (readonly [string, DeclaredClient])[] = await Promise.all(
  everyMethod.map(async (name) => {
    const client_id = name.replace(/\W+/g, '-');
    const { client } = await clientsOfEveryMethod[name]({ client_id, issuer, published });
    return [
      name,
      declaredClient({
        ...client,
        grants: new Map([[api, new Set(['read'])]]),
        claims: { tenant: name },
      }),
    ] as const;
  }),
);
