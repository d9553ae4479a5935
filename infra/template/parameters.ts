import { CfnCondition, CfnParameter, Fn, type ICfnRuleConditionExpression } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ConfigurationError } from '../settings/configuration-error.ts';

/** What a parameter may be. */
export interface ParameterLimits {
  readonly description: string;
  /** Absent: it has to be given. */
  readonly default?: string;
  readonly allowedValues?: readonly string[];
  /** Of all of it. */
  readonly allowedPattern?: string;
  /** What the pattern demands: `must be ...`. */
  readonly constraintDescription?: string;
  readonly maxLength?: number;
}

/** The parameters of a template, and the conditions that they make. They have their names, and no prefix. */
export class Parameters extends Construct {
  readonly #conditions = new Map<string, CfnCondition>();

  /** @throws ConfigurationError when the default value is not one that may be given */
  add(name: string, { allowedValues, ...limits }: ParameterLimits): void {
    const { default: value, allowedPattern = '' } = limits;
    if (value !== undefined && !new RegExp(allowedPattern).test(value)) {
      throw new ConfigurationError(
        `the parameter ${name} of a template cannot have ${JSON.stringify(value)} as its default: it ` +
          `${limits.constraintDescription}.`,
      );
    }
    new CfnParameter(this, name, {
      ...limits,
      ...(allowedValues && { allowedValues: [...allowedValues] }),
    }).overrideLogicalId(name);
  }

  /** The condition that a parameter is not empty, or whatever else stands for none. */
  isSet(name: string, none = ''): CfnCondition {
    return this.#condition(`Has${name}`, Fn.conditionNot(Fn.conditionEquals(Fn.ref(name), none)));
  }

  /** The condition that a parameter is `true`. */
  isTrue(name: string): CfnCondition {
    return this.#condition(`Is${name}`, Fn.conditionEquals(Fn.ref(name), 'true'));
  }

  #condition(name: string, expression: ICfnRuleConditionExpression): CfnCondition {
    const known = this.#conditions.get(name);
    if (known) return known;
    const condition = new CfnCondition(this, name, { expression });
    condition.overrideLogicalId(name);
    this.#conditions.set(name, condition);
    return condition;
  }
}

/** Where a template looks for its files. */
export const assetParameters = { bucket: 'AssetsBucket', prefix: 'AssetsPrefix' } as const;

/** Adds these, which have to be there for any file. */
export function addAssetParameters(parameters: Parameters): void {
  parameters.add(assetParameters.bucket, {
    description: 'The S3 bucket, in the Region of the stack, that has the files of this template',
    allowedPattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
    constraintDescription: 'must be the name of a bucket',
  });
  parameters.add(assetParameters.prefix, {
    description: 'What the keys of these files begin with: empty, or with a slash at its end',
    default: 'countersign/',
    allowedPattern: "^(?:[A-Za-z0-9!_.*'()-]+/)*$",
    constraintDescription: 'must be empty, or names with a slash behind each',
  });
}
