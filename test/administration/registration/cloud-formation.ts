import { randomUUID } from 'node:crypto';
import { aLife, type Death } from './a-life.ts';
import type { Administration, Answer } from './administration.ts';

/** A client as a template has it. */
export interface Wanted {
  readonly client_id: string;
  readonly name: string;
  readonly scope: string;
  readonly hasSecret: boolean;
  readonly takeOver: boolean;
}

/** Logical id -> the client. */
export type Template = Readonly<Record<string, Wanted>>;

/** What goes wrong in a deployment. */
export interface Misfortune {
  /** The step after which another resource fails; absent: none does. */
  readonly failsAfter?: number | undefined;
  /** The step whose answer is lost. */
  readonly lostAt?: number | undefined;
  /** Deaths of the function, one for each invocation from the first. */
  readonly deaths: readonly (Death | undefined)[];
  /** Whether each event comes twice, and the first ones once more at the end. */
  readonly twice: boolean;
}

interface Made {
  readonly physical: string;
  readonly wanted: Wanted;
}

interface Stack {
  readonly id: string;
  readonly made: Map<string, Made>;
  readonly secrets: Map<string, string>;
}

/** CloudFormation, as far as custom resources go: it makes events of templates, and goes by their answers. */
export function cloudFormation(administration: Administration) {
  const stacks = new Map<string, Stack>();

  const stackNamed = (name: string): Stack => {
    const id = `arn:aws:cloudformation:eu-central-1:111122223333:stack/${name}/${randomUUID()}`;
    const stack = stacks.get(name) ?? { id, made: new Map(), secrets: new Map() };
    stacks.set(name, stack);
    return stack;
  };

  return {
    stacks,
    /**
     * Deploys a template into a stack; without one, it deletes the stack.
     * @returns why it failed; undefined: it did not
     */
    async deploy(
      name: string,
      template: Template,
      misfortune: Misfortune = { deaths: [], twice: false },
    ): Promise<string | undefined> {
      const deployment = aDeployment(administration, stackNamed(name), misfortune);
      const reason = await deployment.run(template);
      if (Object.keys(template).length === 0 && reason === undefined) stacks.delete(name);
      if (stacks.get(name)?.made.size === 0) stacks.delete(name);
      return reason;
    },
  };
}

function aDeployment(administration: Administration, stack: Stack, misfortune: Misfortune) {
  const deaths = [...misfortune.deaths];
  const sent: object[] = [];
  const undo: (() => Promise<void>)[] = [];
  const cleanUp: (() => Promise<void>)[] = [];
  let steps = 0;

  const invoke = async (event: object): Promise<void> => {
    // Lambda tries an event three times. Whoever died thrice never answers, and CloudFormation would give up.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      administration.life = aLife(attempt === 2 ? undefined : deaths.shift());
      const isDone = await administration.invoke(event).then(
        () => true,
        () => false,
      );
      if (isDone) return;
    }
  };

  /** Sends an event; undefined: no answer came. */
  const ask = async (event: object): Promise<Answer | undefined> => {
    const RequestId = randomUUID();
    const whole = { ...event, RequestId, StackId: stack.id, ResponseURL: 'https://s3/answer' };
    sent.push(whole);
    const step = steps;
    steps += 1;
    await invoke(whole);
    if (misfortune.twice) await invoke(whole);
    const answer = administration.received.find((one) => one.RequestId === RequestId);
    return misfortune.lostAt === step ? undefined : answer;
  };

  const eventOf = (RequestType: string, logical: string, wanted: Wanted) => ({
    RequestType,
    ResourceType: 'Custom::CountersignClient',
    LogicalResourceId: logical,
    ResourceProperties: propertiesOf(stack, logical, wanted),
  });

  const remove = async (logical: string, { physical, wanted }: Made): Promise<void> => {
    const answer = await ask({
      ...eventOf('Delete', logical, wanted),
      PhysicalResourceId: physical,
    });
    if (answer && answer.Status !== 'SUCCESS') throw new Error(`undeletable: ${answer.Reason}`);
  };

  const create = async (logical: string, wanted: Wanted): Promise<string | undefined> => {
    if (wanted.hasSecret && !stack.secrets.has(logical)) {
      stack.secrets.set(logical, await administration.newSecret());
    }
    const answer = await ask(eventOf('Create', logical, wanted));
    const [, stackName] = /:stack\/([^/]+)\//.exec(stack.id) ?? [];
    const physical = answer?.PhysicalResourceId ?? `${stackName}-${logical}-A1B2C3D4E5F6`;
    undo.push(async () => {
      stack.made.delete(logical);
      await remove(logical, { physical, wanted });
      await forgetSecret(logical);
    });
    if (answer?.Status !== 'SUCCESS') return answer?.Reason ?? 'no answer';
    stack.made.set(logical, { physical, wanted });
    return undefined;
  };

  const forgetSecret = async (logical: string): Promise<void> => {
    const arn = stack.secrets.get(logical);
    stack.secrets.delete(logical);
    if (arn !== undefined) await administration.deleteSecret(arn);
  };

  const update = async (
    logical: string,
    before: Made,
    wanted: Wanted,
  ): Promise<string | undefined> => {
    const isNewSecret = wanted.hasSecret && !stack.secrets.has(logical);
    if (isNewSecret) stack.secrets.set(logical, await administration.newSecret());
    const old = propertiesOf(stack, logical, before.wanted);
    const answer = await ask({
      ...eventOf('Update', logical, wanted),
      PhysicalResourceId: before.physical,
      OldResourceProperties: old,
    });
    const isDone = answer?.Status === 'SUCCESS';
    const physical = isDone ? answer.PhysicalResourceId : before.physical;
    undo.push(async () => {
      const back = await ask({
        ...eventOf('Update', logical, before.wanted),
        PhysicalResourceId: physical,
        OldResourceProperties: propertiesOf(stack, logical, wanted),
      });
      if (back && back.Status !== 'SUCCESS') throw new Error(`not rolled back: ${back.Reason}`);
      stack.made.set(logical, before);
      if (physical !== before.physical) await remove(logical, { physical, wanted });
      if (isNewSecret) await forgetSecret(logical);
    });
    if (!isDone) return answer?.Reason ?? 'no answer';
    stack.made.set(logical, { physical, wanted });
    cleanUp.push(async () => {
      if (physical !== before.physical) await remove(logical, before);
      if (!wanted.hasSecret) await forgetSecret(logical);
    });
    return undefined;
  };

  const carryOut = async (logical: string, wanted: Wanted): Promise<string | undefined> => {
    const before = stack.made.get(logical);
    if (!before) return create(logical, wanted);
    const isAsBefore = JSON.stringify(before.wanted) === JSON.stringify(wanted);
    return isAsBefore ? undefined : update(logical, before, wanted);
  };

  const forward = async (template: Template): Promise<string | undefined> => {
    for (const [step, [logical, wanted]] of Object.entries(template).entries()) {
      const reason = await carryOut(logical, wanted);
      if (reason !== undefined) return reason;
      if (misfortune.failsAfter === step) return 'another resource failed';
    }
    return undefined;
  };

  const removeOthers = async (template: Template): Promise<void> => {
    for (const [logical, made] of [...stack.made]) {
      if (logical in template) continue;
      stack.made.delete(logical);
      await remove(logical, made);
      await forgetSecret(logical);
    }
  };

  const rollBack = async (): Promise<void> => {
    administration.rollingBack.add(stack.id);
    for (const act of undo.toReversed()) await act();
    administration.rollingBack.delete(stack.id);
  };

  return {
    async run(template: Template): Promise<string | undefined> {
      const reason = await forward(template);
      if (reason !== undefined) await rollBack();
      else {
        for (const act of cleanUp) await act();
        await removeOthers(template);
      }
      if (misfortune.twice) for (const event of sent) await invoke(event);
      return reason;
    },
  };
}

function propertiesOf(stack: Stack, logical: string, wanted: Wanted): object {
  const { client_id, name, scope, hasSecret, takeOver } = wanted;
  const declared = {
    client_id,
    client_name: name,
    grants: { 'https://orders.example.com': scope },
    ...(!hasSecret && {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'billing.example.com',
    }),
  };
  return {
    ServiceToken: 'arn:aws:lambda:eu-central-1:111122223333:function:administration',
    Declaration: JSON.stringify(declared),
    ...(hasSecret && { SecretArn: stack.secrets.get(logical) }),
    ...(takeOver && { TakeOver: 'true' }),
  };
}
