import { header } from '../../../cli/io/http.ts';
import {
  type ConformanceCase,
  check,
  checkSame,
  Nonconformity,
  NotOffered,
} from '../conformance-case.ts';
import { checkOffered, checkSoon, revoke } from '../protocol/client-endpoint.ts';
import { obtainToken } from '../protocol/obtained-token.ts';
import { checkPublic } from '../protocol/public-document.ts';
import { isSet, placeOf, readRevocationList, readSignedList } from '../protocol/revocation-list.ts';

/** Seconds that a list may be valid for, and that it may be ahead of the clock here. */
const longest = 600;
const ahead = 60;

/** Ours, and draft-ietf-oauth-status-list: what an issuer says is revoked. */
export const revocationListCases: readonly ConformanceCase[] = [
  {
    rule: 'I19',
    section: 'ours, after Token Status List §8.3',
    title: 'the revocation list is signed, for this issuer, and expires soon',
    async run(deployment) {
      await checkOffered(deployment, 'revocation_list_uri');
      const url = deployment.endpoint('revocation_list_uri');
      const first = await readRevocationList(deployment);
      checkSame('typ of the list', first.header.typ, 'revocation-list+jwt');
      const { iss, sub, iat, exp } = first.claims;
      checkSame('iss and sub of the list', [iss, sub], [deployment.issuer, url.href]);
      check(Number(iat) <= deployment.now() + ahead, 'iat of the list is in the future');
      const isBrief = Number(exp) > deployment.now() && Number(exp) - Number(iat) <= longest;
      check(isBrief, 'the list has expired, or is valid for more than ten minutes');
      const names = ['clients', 'resources', 'keys', 'tokens', 'status_lists'];
      const missing = names.find((name) => typeof first.claims[name] !== 'object');
      check(missing === undefined, `the list has no ${missing}`);
      const second = await readRevocationList(deployment);
      check(Number(second.claims.iat) >= Number(iat), 'iat of the list goes back');
    },
  },
  {
    rule: 'I19',
    section: 'RFC 9110 §13.1.2, RFC 9111 §5.2.2',
    title: 'the revocation list can be fetched by anybody, and is kept for seconds',
    async run(deployment) {
      await checkOffered(deployment, 'revocation_list_uri');
      const url = deployment.endpoint('revocation_list_uri');
      await checkUnlessChanged(() => checkPublic(deployment, url));
      const directives = header(await deployment.send({ url }), 'cache-control') ?? '';
      const [, seconds] = /(?:^|[\s,])max-age=(\d+)/i.exec(directives) ?? [];
      check(Number(seconds) <= 5, `the list may be kept for ${seconds} s`);
    },
  },
  {
    rule: 'I19',
    section: 'Token Status List §5.1, §6.2, §8.3',
    title: 'a token names its status list, which says whether it was revoked',
    uses: ['basic'],
    async run(deployment) {
      await checkOffered(deployment, 'revocation_endpoint');
      const revoked = await obtainToken(deployment, 'basic');
      const place = placeOf(revoked);
      if (!place) throw new NotOffered('tokens name no status list');
      const uri = URL.parse(place.uri);
      check(uri !== null, 'uri of the status list is no URL');
      const read = async () => {
        const { header: protectedHeader, claims } = await readSignedList(deployment, uri);
        checkSame('typ of the status list', protectedHeader.typ, 'statuslist+jwt');
        checkSame('sub of the status list', claims.sub, place.uri);
        return claims.status_list;
      };
      check(!isSet(await read(), place.idx), 'the status list has a token that is not revoked');
      await revoke(deployment, 'basic', revoked.text);
      await checkSoon('the status list does not have a revoked token', async () =>
        isSet(await read(), place.idx),
      );
    },
  },
];

/** Makes a check again that fails: somebody may have revoked something in the midst of it, and the list has changed. */
async function checkUnlessChanged(made: () => Promise<void>, again = 4): Promise<void> {
  try {
    await made();
  } catch (error) {
    if (again === 0 || !(error instanceof Nonconformity)) throw error;
    await checkUnlessChanged(made, again - 1);
  }
}
