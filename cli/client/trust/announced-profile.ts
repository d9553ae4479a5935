import { type Profile, profiles } from '../../../functions/oauth/profile.ts';
import { fetchMetadata } from '../../command/metadata-document.ts';
import { NoAnswer } from '../../io/http.ts';
import type { JsonObject } from '../../io/json-answer.ts';

/** What a deployment demands of clients, as far as it can be told. */
export interface AnnouncedProfile {
  readonly profile: Profile;
  /** Why it may demand more; undefined: it does not. */
  readonly doubt: string | undefined;
}

/** Finds the profile of a deployment in its metadata (RFC 8414 §2). */
export async function announcedProfile(issuer: string): Promise<AnnouncedProfile> {
  try {
    return { profile: profileIn(await fetchMetadata(issuer)), doubt: undefined };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const doubt = `the profile of the deployment is not known: for its metadata, ${error.message}`;
    return { profile: profiles.none, doubt };
  }
}

/**
 * The profile by the methods of client authentication: `fapi2` excludes most. By the algorithms alone, a deployment of
 * an older version, which had fewer, would be taken for one that has the profile.
 * @throws NoAnswer when the metadata do not say
 */
function profileIn(metadata: JsonObject): Profile {
  const {
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: algorithms,
  } = metadata;
  if (!Array.isArray(methods) || !Array.isArray(algorithms)) {
    throw new NoAnswer('they do not say how clients authenticate');
  }
  const isStrict = methods.every((method) => profiles.fapi2.authMethods.includes(method));
  const profile: Profile = isStrict ? profiles.fapi2 : profiles.none;
  return {
    ...profile,
    clientAlgorithms: profile.clientAlgorithms.filter((alg) => algorithms.includes(alg)),
  };
}
