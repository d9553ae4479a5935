import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { clientMembers, resourceServerMembers } from './members.ts';

/**
 * The JSON Schema of a file of clients and resource servers, for editors: names, types and limits. What goes with
 * what, and how the rules of the registry look at a value, it cannot say.
 */
export function declarationSchema(): object {
  const file = v.strictObject({
    $schema: v.optional(v.string()),
    resource_servers: v.optional(listOf(resourceServerMembers, 'The APIs that tokens are for.')),
    clients: v.optional(listOf(clientMembers, 'The machines that get tokens.')),
  });
  const { $schema, ...schema } = toJsonSchema(file, { errorMode: 'ignore' });
  return { $schema, title: 'Clients and resource servers of Countersign', ...schema };
}

const listOf = (members: v.ObjectEntries, description: string) =>
  v.pipe(v.array(v.strictObject(members)), v.description(description));
