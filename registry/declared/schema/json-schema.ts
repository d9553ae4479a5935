import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { clientMembers, resourceServerMembers } from '../members.ts';
import { clientDescriptions, resourceServerDescriptions } from './descriptions.ts';
import { trustRuleSchema } from './trust-rule-schema.ts';

/**
 * The JSON Schema of a file of clients and resource servers, for editors: names, types and limits. What goes with
 * what, and how the rules of the registry look at a value, it cannot say.
 */
export function declarationSchema(): object {
  const clients = properties(clientMembers, clientDescriptions);
  const trust = { ...clients.trust, items: trustRuleSchema() };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Clients and resource servers of Countersign',
    ...object({
      $schema: { type: 'string' },
      resource_servers: {
        description: 'The APIs that tokens are for.',
        type: 'array',
        items: object(properties(resourceServerMembers, resourceServerDescriptions), [
          'resource',
          'scope',
        ]),
      },
      clients: {
        description: 'The machines that get tokens.',
        type: 'array',
        items: object({ ...clients, trust }, ['client_id']),
      },
    }),
  };
}

const object = (members: Readonly<Record<string, object>>, required: readonly string[] = []) => ({
  type: 'object',
  properties: members,
  required,
  additionalProperties: false,
});

function properties<Members extends Readonly<Record<string, v.GenericSchema>>>(
  members: Members,
  descriptions: { readonly [Name in keyof Members]: string },
): Readonly<Record<string, object>> {
  const schemas = Object.entries(members).map(([name, schema]) => [
    name,
    { description: descriptions[name], ...bodyOf(schema) },
  ]);
  return Object.fromEntries(schemas);
}

function bodyOf(schema: v.GenericSchema): object {
  const { $schema: _, ...body } = toJsonSchema(schema, { errorMode: 'ignore' });
  return body;
}
