import { addresses } from '../settings/domain-settings.ts';
import { expirySettings } from '../settings/expiry-settings.ts';
import { issuanceSettings } from '../settings/issuance-settings.ts';
import { registrySettings } from '../settings/registry-settings.ts';
import { securitySettings } from '../settings/security-settings.ts';
import { signingSettings } from '../settings/signing-settings.ts';
import { throttleSettings } from '../settings/throttle-settings.ts';
import type { AuthorizationServerProps } from './authorization-server-props.ts';

/**
 * What an authorization server does, by its properties.
 * @throws ConfigurationError when one of them is wrong
 */
export const serverSettings = (props: AuthorizationServerProps) => ({
  issuance: issuanceSettings(props),
  signing: signingSettings(props),
  security: securitySettings(props),
  throttles: throttleSettings(props),
  origins: addresses(props),
  adopted: registrySettings(props),
  expiryWarning: expirySettings(props),
});
