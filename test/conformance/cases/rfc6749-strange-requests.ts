import { header } from '../../../cli/io/http.ts';
import { type ConformanceCase, check } from '../conformance-case.ts';
import {
  basic,
  checkIssued,
  checkNotAuthenticated,
  checkRefused,
  formText,
  requestToken,
  type TokenRequest,
} from '../protocol/token-request.ts';

const right = formText([['grant_type', 'client_credentials']]);
const formType = 'application/x-www-form-urlencoded';

const typed = (type: string, form = right): TokenRequest => ({
  form,
  headers: [['Content-Type', type]],
});

/** RFC 6749 §4.4.2: whatever reaches the token endpoint, it answers. */
export const strangeRequestCases: readonly ConformanceCase[] = [
  {
    rule: 'A23',
    section: 'RFC 6749 §4.4.2, §5.2, RFC 9110 §15.5.14',
    title:
      'a body that is no form in UTF-8 is refused with invalid_request, and a huge one is refused',
    uses: ['basic'],
    async run(deployment) {
      const authorization = basic(deployment.client('basic'));
      for (const [what, request] of Object.entries(strangeBodies)) {
        const answer = await requestToken(deployment, { ...request, authorization });
        checkRefused(what, answer, [400, 'invalid_request']);
      }
      const huge = await requestToken(deployment, { ...hugeBody, authorization });
      check(!huge.body.includes('access_token'), 'a body of 20 KB gets a token');
      // RFC 9110 §15.5.14: whatever is in front of the endpoint may say so, in its own words.
      if (huge.status !== 413) checkRefused('a body of 20 KB', huge, [400, 'invalid_request']);
      checkIssued(await requestToken(deployment, { authorization }));
    },
  },
  {
    rule: 'A23',
    section: 'RFC 6749 §4.4.2, RFC 9110 §8.3.1',
    title: 'the media type of the form is compared without case, with or without its charset',
    uses: ['basic'],
    async run(deployment) {
      const authorization = basic(deployment.client('basic'));
      for (const type of [
        'Application/X-WWW-Form-URLEncoded',
        `${formType}; charset=UTF-8`,
        `${formType};CHARSET="utf-8"`,
        `${formType}; charset=ISO-8859-1`,
      ]) {
        checkIssued(await requestToken(deployment, { ...typed(type), authorization }));
      }
    },
  },
  {
    rule: 'A23',
    section: 'RFC 9110 §5.3, RFC 6749 §5.2',
    title: 'two Authorization headers are not taken for one',
    uses: ['basic', 'post'],
    async run(deployment) {
      const [one, other] = [basic(deployment.client('basic')), basic(deployment.client('post'))];
      for (const [first, second] of [
        [one, one],
        [one, other],
        [other, one],
      ] as const) {
        const headers = [['Content-Type', formType] as const, ['Authorization', second] as const];
        const answer = await requestToken(deployment, { authorization: first, headers });
        checkNotAuthenticated('two headers', answer);
        const type = header(answer, 'content-type') ?? 'nothing';
        check(/json/i.test(type), `the answer to two headers comes as ${type}`);
      }
      checkIssued(await requestToken(deployment, { authorization: one }));
    },
  },
];

const boundary = 'conformance';
const multipart = [
  `--${boundary}`,
  'Content-Disposition: form-data; name="grant_type"',
  '',
  'client_credentials',
  `--${boundary}--`,
  '',
].join('\r\n');

const utf16 = (text: string): string => [...text].map((letter) => `${letter}\0`).join('');

const strangeBodies: Readonly<Record<string, TokenRequest>> = {
  'multipart/form-data': typed(`multipart/form-data; boundary=${boundary}`, multipart),
  JSON: typed('application/json', JSON.stringify({ grant_type: 'client_credentials' })),
  'JSON that breaks off': typed('application/json', '{"grant_type":'),
  'text/plain': typed('text/plain'),
  'a form without Content-Type': { form: right, headers: [] },
  'a form in UTF-16': typed(`${formType}; charset=UTF-16`, utf16(right)),
  'a form in UTF-16 that does not say so': typed(formType, utf16(right)),
  'a byte order mark': typed(formType, `\u{FEFF}${right}`),
  'an empty body': typed(formType, ''),
  'percent signs that encode nothing': typed(formType, '%zz=%&grant_type%=client_credentials%E2'),
};

const hugeBody = typed(formType, `${right}&filler=${'x'.repeat(20 * 1024)}`);
