import { pairs, table } from '../io/table.ts';
import type { Answer } from '../io/terminal.ts';
import type { Plan } from './plan.ts';

/** What came of a plan. */
export interface Adoption {
  readonly table: string;
  readonly plan: Plan;
  /** Whether its steps were taken. */
  readonly isDone: boolean;
  /** Of the table's stream, as far as it is on. */
  readonly streamArn: string | undefined;
}

/** The settings with which a deployment works on the table. */
const settingsOf = ({ streamArn, plan: { adoptedKeys } }: Adoption) => ({
  registryTableStreamArn: streamArn,
  ...(adoptedKeys.length > 0 && { adoptedKeys }),
});

/** What `adopt` answers. */
export function adoptionView(adoption: Adoption): Answer {
  const { table: name, plan, isDone } = adoption;
  const { clients, resource_servers } = plan.contents;
  const keys = plan.keys.map(({ key, standing, deletes_at }) => ({
    kid: key.kid,
    key_id: key.key_id,
    alg: key.alg,
    state: key.state,
    standing,
    deletes_at,
  }));
  const steps = plan.steps.map(({ what }) => what);
  const settings = isDone ? settingsOf(adoption) : undefined;
  return {
    json: { table: name, clients, resource_servers, keys, done: isDone, steps, settings },
    text: [
      pairs({
        table: name,
        clients: String(clients),
        'resource servers': String(resource_servers),
      }),
      ...(keys.length > 0 ? ['', keyTable(keys)] : []),
      '',
      ...stepsText(steps, isDone),
      ...(settings ? ['', advice, '', JSON.stringify(settings, undefined, 2)] : []),
    ].join('\n'),
  };
}

const keyTable = (
  keys: readonly { readonly kid: string; readonly state: string; readonly standing: string }[],
): string =>
  table(
    ['KID', 'STATE', 'IN KMS'],
    keys.map(({ kid, state, standing }) => [kid, state, standing]),
  );

function stepsText(steps: readonly string[], isDone: boolean): readonly string[] {
  if (steps.length === 0) return ['Nothing has to be done: a deployment can work on it.'];
  return [isDone ? 'Done:' : 'To be done:', ...steps.map((what) => `- ${what}`)];
}

const advice =
  'Deploy with these settings. Once that has worked, adoptedKeys may be left out of later deployments:';
