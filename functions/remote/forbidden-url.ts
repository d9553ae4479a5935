/**
 * A URL that is never asked: it is none, not an https one, or leads elsewhere than to the public internet.
 * No later try helps as long as it is the registered one.
 */
export class ForbiddenUrl extends Error {
  override readonly name = 'ForbiddenUrl';
}
