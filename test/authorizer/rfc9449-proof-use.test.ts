import { describe, expect, test } from 'vitest';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { boundApi, shown } from '../support/bound-api.ts';
import { stageArn } from '../support/rest-authorizer.ts';
import { type Call, calls, restCall } from './possession-events.ts';

const api = await boundApi();
const forms = Object.entries(calls);

/** `GET /orders/7`, which API Gateway gives to another route than it did before. */
const elsewhere = { routeKey: 'GET /nowhere', resource: '/nowhere' };

/** An authorizer in front of an API of each type, and a guard. */
const doors = [
  ...forms.map(([name, form]) => ({ name, form, open: () => api.handler() })),
  { name: 'guard', form: calls.HTTP, open: () => api.guarded().handle },
];

/** A call with a new token and a proof. */
async function provenCall() {
  const { access_token, prove } = await api.bound();
  return { headers: shown(access_token, await prove()) };
}

const outcomes = (count: number) => api.log.slice(-count).map(({ outcome }) => outcome);

describe('RFC 9449 §11.1 a proof counts once, and is used up last', () => {
  test.for(doors)('D08: $name: a denial does not cost the proof', async ({ form, open }) => {
    const call = await provenCall();
    const door = open();
    await door(form({ ...call, changes: elsewhere }));
    await door(form({ ...call, changes: elsewhere }));
    await door(form(call));
    expect(outcomes(3)).toEqual(['denied', 'denied', 'allowed']);
    await Promise.allSettled([door(form(call))]);
    expect(outcomes(1)).toEqual(['refused']);
  });

  test.for(doors)('D08: $name: of two calls at once, one is let in', async ({ form, open }) => {
    const call = await provenCall();
    const door = open();
    await Promise.allSettled([door(form(call)), door(form(call))]);
    expect(outcomes(2).toSorted()).toEqual(['allowed', 'refused']);
  });

  test.for(doors)('D08: $name: between instances, too', async ({ form, open }) => {
    const call = await provenCall();
    await Promise.allSettled([open(), open(), open()].map((door) => door(form(call))));
    expect(outcomes(3).toSorted()).toEqual(['allowed', 'refused', 'refused']);
  });

  test('D08: an answer that is too large does not cost it either', async () => {
    const call = await provenCall();
    const methodArn = `${stageArn}/GET/orders/${'7'.repeat(8000)}`;
    const overgrown = restCall({ ...call, changes: { methodArn } });
    await expect(api.handler()(overgrown)).rejects.toThrow();
    await api.handler()(restCall(call));
    expect(outcomes(2)).toEqual(['failed', 'allowed']);
  });

  test.for(forms)('D08: %s: a denial needs no store', async ([, form]) => {
    const replays = { firstUse: () => Promise.reject(unavailable('table gone')) };
    const call: Call = { ...(await provenCall()), changes: elsewhere };
    await api.handler({ replays })(form(call));
    expect(outcomes(1)).toEqual(['denied']);
  });
});
