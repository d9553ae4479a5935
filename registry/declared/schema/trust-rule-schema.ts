import { ruleLifetimes } from '../../../functions/oauth/trust-rule.ts';
import { platforms, presetMembers } from '../../trust/presets.ts';

const text = (description: string) => ({ type: 'string', description });

/** The JSON Schema of a trust rule, or of a preset for a platform, which trust/rule-members.ts looks at more closely. */
export function trustRuleSchema(): object {
  const ofPresets = [...presetMembers()].map(([name, such]) => [name, text(`Such as ${such}.`)]);
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(ofPresets),
      platform: {
        description: 'The platform whose preset it is. Without one, the rule is written out.',
        enum: platforms,
      },
      issuer: text("The platform's issuer, byte for byte."),
      subject: text('The subject of the JWT.'),
      subject_glob: text('The subject; each * stands for one or more characters.'),
      audience: text("The audience of the JWT. Default: the deployment's issuer."),
      claims: { type: 'object', description: 'Claims that the JWT must have.' },
      single_use: {
        type: 'boolean',
        description: 'Whether each JWT counts once. Default: true.',
      },
      max_lifetime: {
        type: 'integer',
        minimum: ruleLifetimes.least,
        maximum: ruleLifetimes.most,
        description: 'Seconds that a JWT lives at most. Default: 3600.',
      },
      jwks: { type: 'object', description: 'The keys of the issuer themselves.' },
      jwks_uri: text('Where the keys of the issuer are fetched.'),
      jwks_ca: text('The authorities that vouch for that server, in PEM.'),
    },
    additionalProperties: false,
  };
}
