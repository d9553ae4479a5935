import type { ThrottleSettings } from '../gateway/throttle.ts';
import { malformed, type Resource } from './resource.ts';
import { placeName } from './stack-template.ts';

/** What a stage lets through to a route; undefined: as much as comes. */
export type StageThrottles = (routeKey: string) => ThrottleSettings | undefined;

/**
 * The throttles of a stage. Its default is for each route by itself, as AWS has it for the methods of a
 * REST API; a route's own settings take its place whole. The throttle of an account is not modelled.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 * @param routeKeys of its API
 * @throws Error for settings of another kind, and for those of a route that is not there
 */
export function throttlesOf(stage: Resource, routeKeys: readonly string[]): StageThrottles {
  const { DefaultRouteSettings, RouteSettings = {} } = stage.properties;
  const others = throttleOf(stage, 'DefaultRouteSettings', DefaultRouteSettings);
  if (!isRecord(RouteSettings)) throw malformed(stage, 'RouteSettings');
  const own = new Map(
    Object.entries(RouteSettings).map(([key, settings]) => [
      key,
      throttleOf(stage, 'RouteSettings', settings),
    ]),
  );
  const stranger = [...own.keys()].find((key) => !routeKeys.includes(key));
  if (stranger !== undefined) {
    throw new Error(`RouteSettings of ${placeName(stage)} name ${stranger}, which is no route`);
  }
  return (routeKey) => own.get(routeKey) ?? others;
}

/** Both limits or none: one alone is filled in by AWS, with what it does not say. */
function throttleOf(
  stage: Resource,
  property: string,
  settings: unknown,
): ThrottleSettings | undefined {
  if (settings === undefined) return undefined;
  if (!isRecord(settings)) throw malformed(stage, property);
  const { ThrottlingRateLimit, ThrottlingBurstLimit, ...others } = settings;
  const [rate, burst] = [limit(ThrottlingRateLimit), limit(ThrottlingBurstLimit)];
  if (rate !== undefined && burst !== undefined && Object.keys(others).length === 0) {
    return { rate, burst };
  }
  throw new Error(
    `${malformed(stage, property).message}; the local stack knows only ThrottlingRateLimit and ThrottlingBurstLimit, together`,
  );
}

/** A number, or a text of one, as CloudFormation takes both. */
function limit(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= 0 ? number : undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
