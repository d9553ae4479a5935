import type { WhoActs } from '../../functions/aws/changed-by.ts';

/** Somebody who changes a registry, where it is no matter who. */
export const anActor: WhoActs = async () => ({ identity: 'somebody', tool: 'a test' });
