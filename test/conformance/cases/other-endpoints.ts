import type { ConformanceCase } from '../conformance-case.ts';
import { unofferedCase } from '../protocol/announcement.ts';
import { attemptEndpoint } from '../protocol/unoffered-attempt.ts';

/** RFC 7009, RFC 7662: endpoints for tokens that are out already. */
export const otherEndpointCases: readonly ConformanceCase[] = [
  unofferedCase({
    rule: 'J01-J05',
    section: 'RFC 7009 §2',
    title: 'a client may revoke a token',
    what: 'revocation',
    announcements: [['revocation_endpoint']],
    attempt: (deployment) => attemptEndpoint(deployment, '/revoke', 'token=any'),
  }),
  unofferedCase({
    rule: 'K01-K06',
    section: 'RFC 7662 §2',
    title: 'a resource server may ask whether a token is active',
    what: 'introspection',
    announcements: [['introspection_endpoint']],
    attempt: (deployment) => attemptEndpoint(deployment, '/introspect', 'token=any'),
  }),
];
