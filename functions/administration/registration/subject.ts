import * as v from 'valibot';
import type { Declaration } from '../../../registry/declared/declaration.ts';
import { placeOf } from '../../../registry/declared/problem.ts';
import { readDeclaration } from '../../../registry/declared/read-declaration.ts';
import { RegistryError } from '../../../registry/registry-error.ts';
import type { ItemKey } from '../../../registry/registry-store.ts';
import { registryKey } from '../../aws/registry-items.ts';
import { registeredIdentifier } from '../../oauth/resource-server.ts';

/** The properties of our custom resources, as CloudFormation hands them on. */
export interface SubjectProperties {
  /** The JSON of one record, as registry/declared has it. */
  readonly Declaration?: string | undefined;
  /** The ARN of the secret that keeps a client's secret; absent: it has none. */
  readonly SecretArn?: string | undefined;
  /** `true`: whoever has the record may lose it. */
  readonly TakeOver?: string | undefined;
}

/** Reads them. What is not as we write it reads as nothing, which is refused with a reason. */
export const subjectProperties: v.GenericSchema<unknown, SubjectProperties> = v.fallback(
  v.object({
    Declaration: v.optional(v.string()),
    SecretArn: v.optional(v.string()),
    TakeOver: v.optional(v.string()),
  }),
  {},
);

/** A client or resource server that CloudFormation is to have. */
export interface Subject {
  readonly kind: 'client' | 'resource_server';
  /** What CloudFormation knows it by. */
  readonly id: string;
  readonly key: ItemKey;
  readonly record: unknown;
  readonly secretArn: string | undefined;
  readonly takeOver: boolean;
}

interface Kind {
  readonly kind: Subject['kind'];
  /** The list of a declaration that has such records. */
  readonly list: keyof Declaration;
  /** The member that tells one from another. */
  readonly member: string;
  readonly registered: (id: string) => string;
  readonly keyOf: (id: string) => ItemKey;
}

/** The types of our custom resources. */
const kinds: Readonly<Record<string, Kind>> = {
  'Custom::CountersignClient': {
    kind: 'client',
    list: 'clients',
    member: 'client_id',
    registered: (id) => id,
    keyOf: registryKey.client,
  },
  'Custom::CountersignResourceServer': {
    kind: 'resource_server',
    list: 'resource_servers',
    member: 'resource',
    registered: registeredIdentifier,
    keyOf: registryKey.resourceServer,
  },
};

/** Whether a type of custom resources is one of ours. */
export const isOurs = (type: string): boolean => Object.hasOwn(kinds, type);

/** Tells what a custom resource is about; undefined: its properties do not tell. */
export function subjectOf(type: string, properties: SubjectProperties): Subject | undefined {
  const kind = kinds[type];
  const record = recordIn(properties);
  const id = kind && record?.[kind.member];
  if (!kind || typeof id !== 'string') return undefined;
  const takeOver = properties.TakeOver === 'true';
  const subject = { kind: kind.kind, record, secretArn: properties.SecretArn, takeOver };
  return withId(kind, subject, kind.registered(id));
}

/** The same subject under another name, by which CloudFormation knows it. */
export const subjectNamed = (type: string, subject: Subject, id: string): Subject => {
  const kind = kinds[type];
  return kind ? withId(kind, subject, id) : subject;
};

const withId = (kind: Kind, subject: Omit<Subject, 'id' | 'key'>, id: string): Subject => ({
  ...subject,
  id,
  key: kind.keyOf(id),
});

function recordIn({ Declaration = '' }: SubjectProperties): Record<string, unknown> | undefined {
  try {
    const record: unknown = JSON.parse(Declaration);
    return typeof record === 'object' && record !== null ? { ...record } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads what is declared of a subject, by the rules of the registry.
 * @param issuer the deployment's
 * @throws RegistryError with all that is wrong
 */
export async function declarationOf(
  type: string,
  { record }: Subject,
  issuer: string,
): Promise<Declaration> {
  const list = kinds[type]?.list ?? 'clients';
  const { declaration, problems } = await readDeclaration({ [list]: [record] }, issuer);
  if (problems.length === 0) return declaration;
  const words = problems.map(({ path, sentence }) => `${placeOf(path.slice(2))} ${sentence}`);
  throw new RegistryError('input', words.join('; '));
}
