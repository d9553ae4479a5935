import { requiredScope } from '../../../functions/authorizer/routes.ts';
import type { Scope } from '../../../functions/oauth/scope.ts';
import type { Guardian, Guardians } from '../apis/guardians.ts';
import { openWay } from '../apis/ways.ts';
import { type Comparison, isMeant, takesFrom } from './misplaced-routes.ts';
import { anyMethodOf, isWithin } from './route-overlap.ts';
import { type Served, servedApis } from './served-apis.ts';

/** A listed route that is guarded, and one that takes other ways to ask for it. */
interface Variant {
  readonly listed: string;
  readonly scope: Scope;
  /** What a person calls the API. */
  readonly api: string;
  readonly taker: Served;
}

/** Finds all pairs in which the taker has another guardian, or none. */
export const variantsOf = (comparison: Comparison): readonly Variant[] =>
  servedApis(comparison).flatMap(({ path: api, routes }) =>
    [...comparison.routes]
      .filter(([listed]) => !isWithin('ANY /{all+}', listed))
      .filter(([listed]) => routes.some((route) => route.isGuarded && isMeant(listed, route)))
      .flatMap(([listed, scope]) =>
        routes
          .filter((route) => !route.isGuarded && takesVariants(listed, route))
          .map((taker) => ({ listed, scope, api, taker })),
      ),
  );

/** Most servers answer HEAD as they would GET. */
function takesVariants(listed: string, route: Served): boolean {
  const head = listed.replace(/^GET /, 'HEAD ');
  const isHead = head !== listed && route.key === head;
  return isHead || [listed, head].some((key) => takesFrom(key, route));
}

/**
 * Finds variants that another guardian lets in for less.
 * @returns one sentence for each
 */
export const cheaperVariants = (
  variants: readonly Variant[],
  { own, others }: Guardians,
): string[] =>
  variants.flatMap(({ listed, scope, api, taker }) => {
    const guards = others.filter((other) => other.guards(taker));
    const [less, ...more] = guards.map((guard) => lessOf({ listed, scope, taker }, guard, own));
    if (less === undefined || more.includes(undefined)) return [];
    return [`other ways to ask for "${listed}" go by "${taker.key}" of "${api}", ${less}.`];
  });

/** In what a guardian asks for less; undefined: in nothing. */
function lessOf(
  { listed, scope, taker }: Omit<Variant, 'api'>,
  guardian: Guardian,
  own: Guardian | undefined,
): string | undefined {
  if (!asksFor(scope, taker, guardian, listed)) {
    return `which "${guardian.path}" guards with less: list "${listed}" there, too, with at least this scope`;
  }
  if (guardian.refusesUnbound || !own?.refusesUnbound) return undefined;
  return (
    `where "${guardian.path}" takes tokens that are bound to nothing: set boundTokens.required there, too, or ` +
    'let one of the two guard both'
  );
}

/** By what it asks of the route, and of what it lists for the path that is meant. */
function asksFor(
  scope: Scope,
  { key }: { readonly key: string },
  { routes }: Guardian,
  meant: string,
): boolean {
  const needed = requiredScope(key, routes);
  const also = routes.get(meant) ?? routes.get(anyMethodOf(meant)) ?? new Set();
  return needed === undefined || scope.isSubsetOf(needed.union(also));
}

/** Tells which routes another guardian lets in to for no less than a scope. */
export const guardedElsewhere =
  ({ others }: Guardians): Comparison['isGuardedElsewhere'] =>
  (route, scope) =>
    others
      .filter((other) => other.guards(route))
      .some((other) => asksFor(scope, route, other, route.key));

/**
 * Finds routes that need no token and take other ways to ask for one that does. Whether their backend takes
 * these for that one, nobody can see.
 * @returns one warning for each route
 */
export const openVariants = (variants: readonly Variant[], { others }: Guardians): string[] =>
  [...Map.groupBy(variants, ({ api, taker }) => `"${taker.key}" of "${api}"`)]
    .filter(([, [first]]) => first && isOpen(first, others))
    .map(
      ([route, [first]]) =>
        `${route} needs no token, and takes other ways to ask for "${first?.listed}", such as by HEAD, or with an ` +
        'escape or capitals in the path: have its backend take none of them for that one, or guard this route, too.',
    );

const isOpen = ({ taker }: Variant, others: readonly Guardian[]): boolean =>
  taker.ways.includes(openWay) && !others.some((other) => other.guards(taker));
