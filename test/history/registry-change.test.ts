import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientItem } from '../../functions/aws/registry-items.ts';
import { aClient } from '../support/a-client.ts';
import { changesOf, linesOf, streamEvent, writtenAt } from './stream-event.ts';

/** What the stream of the registry becomes: a line for each change, with who made it, and nothing secret. */

const alice = { identity: 'arn:aws:iam::111122223333:user/alice', tool: 'client update' };
const by = (change: string, more: object = {}) => ({ changed_by: { ...alice, change, ...more } });
const client = clientItem(aClient({ client_id: 'billing' }));

describe('who made a change', () => {
  const before = { ...client, ...by('a') };

  test('is who wrote the item, with which tool, when, and where in the stream', async () => {
    expect(await changesOf({ after: { ...client, ...by('a') } })).toMatchObject([
      {
        time: writtenAt,
        subject: 'client',
        id: 'billing',
        action: 'created',
        ...alice,
        sequence: '100000000000000000000',
      },
    ]);
  });

  test.for([
    ['the stamp of the write before', { ...client, ...by('a') }],
    ['no stamp', { ...client }],
    ['a stamp that is none', { ...client, changed_by: 'alice' }],
    ['a stamp without a tool', { ...client, changed_by: { identity: 'alice', change: 'b' } }],
    ['an endless stamp', { ...client, ...by('b', { tool: 'x'.repeat(3000) }) }],
  ] as const)('is not said by %s: something else has made it', async ([, after]) => {
    const [change] = await changesOf({ before, after: { ...after, disabled: true } });
    expect(change).toMatchObject({ action: 'changed', id: 'billing' });
    expect(change).not.toHaveProperty('identity');
    expect(change).not.toHaveProperty('tool');
  });

  test('of a deletion is who announced it, which is told once', async () => {
    const announced = { ...client, ...by('b', { deletes: true, tool: 'client delete' }) };
    const [change, ...others] = await changesOf(
      { before, after: announced },
      { before: announced },
    );
    expect(others).toEqual([]);
    expect(change).toMatchObject({ action: 'deleted', ...alice, tool: 'client delete' });
    expect(change.fields).toContainEqual({ name: 'client_name', before: client.client_name });
  });

  test('of a deletion is not who wrote last', async () => {
    const [change] = await changesOf({ before });
    expect(change).toMatchObject({ action: 'deleted', id: 'billing' });
    expect(change).not.toHaveProperty('identity');
  });

  test('of a write is told though it claims to announce a deletion', async () => {
    const after = { ...client, ...by('b', { deletes: true }), disabled: true };
    expect(await changesOf({ before, after })).toMatchObject([{ fields: [{ name: 'disabled' }] }]);
  });
});

describe('what changed', () => {
  const changed = async (before: object, after: object) => {
    const old = { ...client, ...before, ...by('a') };
    const [change] = await changesOf({ before: old, after: { ...client, ...after, ...by('b') } });
    return { fields: change.fields, untold: change.untold };
  };

  test('is told of what is different alone', async () => {
    const one = { 'urn:a': 'read', 'urn:b': 'read' };
    const grants = { 'urn:a': 'read', 'urn:b': 'read write' };
    expect(await changed({ grants: one, revision: 1, updated_at: 1 }, { grants })).toEqual({
      fields: [{ name: 'grants', before: { 'urn:b': 'read' }, after: { 'urn:b': 'read write' } }],
      untold: [],
    });
  });

  test('is told of a secret without its hash', async () => {
    const secret = { id: 'one', hash: 'sha256:AAAA', created_at: 1, expires_at: 9 };
    const imported = { id: 'two', hash: 'imported:$2b$12$BBBB', created_at: 2 };
    expect(await changed({ secrets: [secret] }, { secrets: [imported] })).toEqual({
      fields: [
        {
          name: 'secrets',
          before: [{ id: 'one', created_at: 1, expires_at: 9, format: 'sha256' }],
          after: [{ id: 'two', created_at: 2, format: 'imported 2b' }],
        },
      ],
      untold: [],
    });
  });

  test('is told by name where it is not told itself', async () => {
    const secret = { id: 'one', hash: 'sha256:AAAA', created_at: 1 };
    const other = { ...secret, hash: 'sha256:BBBB' };
    const long = 'x'.repeat(4000);
    expect(
      await changed({ secrets: [secret] }, { secrets: [other], client_name: long, strange: 1 }),
    ).toEqual({ fields: [], untold: ['client_name', 'secrets', 'strange'] });
  });

  test('of keys is which, by kid and thumbprint (RFC 7638 §3.1)', async () => {
    const key = {
      kty: 'RSA',
      n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
      e: 'AQAB',
      alg: 'RS256',
      kid: '2011-04-29',
      d: 'private',
    };
    const { n: _, e: __, d: ___, ...named } = key;
    const thumbprint = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
    const rule = { issuer: 'https://i.example', jwks: { keys: [key] } };
    expect(
      await changed({ jwks: undefined, trust: [] }, { jwks: { keys: [key] }, trust: [rule] }),
    ).toEqual({
      fields: [
        { name: 'jwks', after: { keys: [{ ...named, thumbprint }] } },
        {
          name: 'trust',
          before: [],
          after: [{ ...rule, jwks: { keys: [{ ...named, thumbprint }] } }],
        },
      ],
      untold: [],
    });
  });

  test('of what nobody knows is told without a value', async () => {
    const [change] = await changesOf({ after: { pk: 'stranger', note: 'hunter2' } });
    expect(change).toMatchObject({
      subject: 'other',
      id: 'stranger',
      fields: [],
      untold: ['note'],
    });
  });

  test.for([
    ['resource#urn:a', { scope: 'read', resource: 'urn:a' }, 'resource_server', 'urn:a'],
    ['default-resource', { resource: 'urn:a' }, 'default_resource_server', 'default-resource'],
    ['signing-keys', { keys: [{ kid: 'k', state: 'active' }] }, 'key_ring', 'signing-keys'],
  ] as const)('is told of %s', async ([pk, item, subject, id]) => {
    const [change] = await changesOf({ after: { pk, ...item } });
    expect(change).toMatchObject({ subject, id, action: 'created', untold: [] });
    expect(change.fields.map(({ name }: { name: string }) => name)).toEqual(
      Object.keys(item).toSorted(),
    );
  });

  test('of the key ring is the state of keys, not what is in them', async () => {
    const key = { kid: 'k', alg: 'ES256', jwk: { x: 'x' }, wrapped_private_key: 'wrapped' };
    const [change] = await changesOf({
      before: { pk: 'signing-keys', keys: [{ ...key, state: 'pending' }] },
      after: { pk: 'signing-keys', keys: [{ ...key, state: 'active' }] },
    });
    expect(change.fields).toEqual([
      {
        name: 'keys',
        before: [{ kid: 'k', alg: 'ES256', state: 'pending' }],
        after: [{ kid: 'k', alg: 'ES256', state: 'active' }],
      },
    ]);
  });
});

describe('a line', () => {
  test('stays one line, whatever a value holds', async () => {
    const name = 'a\n{"service":"history"}\r\u2028b\u2029\u0085\u009b\u202e\u0000';
    const after = { ...client, client_name: name, ...by('a') };
    const [line = '', ...others] = await linesOf(streamEvent({ after }));
    expect(others).toEqual([]);
    expect(line).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(line).change.fields).toContainEqual({ name: 'client_name', after: name });
  });

  test.for([[{}], [{ dynamodb: {} }], [{ dynamodb: { Keys: { pk: { S: 'a' } } } }], [null], ['x']])(
    'tells of a record that cannot be read: %j',
    async ([record]) => {
      const event = streamEvent({ after: client });
      const lines = await linesOf({ Records: [record, ...event.Records] });
      expect(lines.map((line) => JSON.parse(line))).toMatchObject([
        { level: 'ERROR', change: { action: 'unreadable' } },
        { level: 'INFO', change: { action: 'created' } },
      ]);
    },
  );

  test('of an event that is none there is not: it fails', async () => {
    await expect(linesOf({})).rejects.toThrow();
  });

  test('is lost for no number that JavaScript has none for', async () => {
    const event = streamEvent({ after: { ...client, ...by('a') } });
    const [record] = event.Records;
    Object.assign(record?.dynamodb.NewImage ?? {}, { tokens_not_before: { N: '1'.repeat(38) } });
    const [line = ''] = await linesOf(event);
    expect(JSON.parse(line).change.fields).toContainEqual({
      name: 'tokens_not_before',
      after: '1'.repeat(38),
    });
  });

  test('is short enough for CloudWatch Logs, however large the items are', async () => {
    const list = (mark: string) => Array.from({ length: 300 }, (_, n) => `${mark}${n}€€€€€€€€`);
    const names = ['client_name', 'grants', 'introspection_resources', 'claims', 'trust'];
    const of = (mark: string) => Object.fromEntries(names.map((name) => [name, list(mark)]));
    const write = { before: { ...client, ...of('a') }, after: { ...client, ...of('b') } };
    const [line = ''] = await linesOf(streamEvent(write));
    expect(Buffer.byteLength(line)).toBeLessThan(10_000);
    expect(JSON.parse(line).change.untold).toEqual(names.toSorted());
  });
});

describe('who may write into the table cannot hide a change', () => {
  const after = { ...client, secrets: [{ id: 'mine', hash: 'sha256:AAAA', created_at: 1 }] };

  test('behind a thousand others, in a line that is cut', async () => {
    const junk = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => [`${'\u0085'.repeat(40)}${n}`, 1]),
      );
    const [line = ''] = await linesOf(streamEvent({ after: { ...after, ...junk(2600) } }));
    expect(Buffer.byteLength(line)).toBeLessThan(100_000);
    const { fields, untold } = JSON.parse(line).change;
    expect(fields).toContainEqual({
      name: 'secrets',
      after: [expect.objectContaining({ id: 'mine' })],
    });
    expect(untold).toHaveLength(101);
    expect(untold.at(-1)).toBe('2500 more');
  });

  test('by values that grow when they are escaped', async () => {
    const names = [
      ...['client_name', 'tls_client_auth_subject_dn', 'tls_client_auth_san_dns', 'jwks_uri'],
      ...['tls_client_auth_san_uri', 'tls_client_auth_san_ip', 'tls_client_auth_san_email'],
      ...['spiffe_id', 'spiffe_bundle_endpoint', 'token_endpoint_auth_method', 'disabled'],
      ...['grant_types', 'grants', 'introspection_resources', 'claims', 'created_at', 'managed_by'],
      ...['tokens_not_before', 'access_token_lifetime', 'strict_assertion_audience'],
    ];
    const of = (end: string) =>
      Object.fromEntries(names.map((name) => [name, '\u0085'.repeat(1700) + end]));
    const [line = ''] = await linesOf(
      streamEvent({ before: of('a'), after: { ...after, ...of('b') } }),
    );
    expect(Buffer.byteLength(line)).toBeLessThan(200_000);
    expect(JSON.parse(line).change.untold).toEqual(expect.arrayContaining([...names, 'secrets']));
  });

  test('in what an item inherits', async () => {
    const event = streamEvent({ before: client, after: client });
    const images = event.Records.map(({ dynamodb }) => dynamodb.NewImage ?? {});
    const disabled = { M: { disabled: { BOOL: true } } };
    for (const image of images)
      Object.defineProperty(image, '__proto__', { value: disabled, enumerable: true });
    const [line = ''] = await linesOf(event);
    expect(JSON.parse(line).change).toMatchObject({ action: 'changed', untold: ['__proto__'] });
  });

  test('by a hash that is no text', async () => {
    const secrets = [{ id: 'mine', hash: { toString: 'sha256:' } }];
    expect(await changesOf({ after: { ...client, secrets } })).toMatchObject([
      {
        fields: expect.arrayContaining([
          { name: 'secrets', after: [{ id: 'mine', format: 'unknown' }] },
        ]),
      },
    ]);
  });

  test('by lists that would take minutes to compare', async () => {
    const list = (mark: string) => Array.from({ length: 12_000 }, (_, n) => `${mark}${n}`);
    const of = (mark: string) => ({ ...client, grant_types: list(mark) });
    expect(await changesOf({ before: of('a'), after: of('b') })).toMatchObject([
      { untold: ['grant_types'] },
    ]);
  });

  test('by what nobody has thought of: the rest of a batch is told', async () => {
    const event = streamEvent({ after: client }, { after });
    const odd = {
      get id(): string {
        throw new Error('odd');
      },
    };
    Object.assign(event.Records[0]?.dynamodb.NewImage ?? {}, { secrets: { L: [{ B: odd }] } });
    const lines = await linesOf(event);
    expect(lines.map((line) => JSON.parse(line).change.action)).toEqual(['unreadable', 'created']);
  });
});

describe('nothing secret is in any line', () => {
  const mark = 'MARK';
  const marked = fc.string().map((text) => `${mark}${text}`);
  const secret = fc.record({
    id: fc.string(),
    created_at: fc.nat(),
    expires_at: fc.option(fc.nat()),
    hash: fc.oneof(
      marked,
      fc
        .tuple(
          fc.constantFrom(
            'sha256:',
            'imported:$2b$12$',
            'imported:$argon2id$',
            'imported:$sha256$',
          ),
          marked,
        )
        .map(([format, value]) => format + value),
    ),
    plain: marked,
  });
  const key = fc.record({
    kty: fc.constantFrom('RSA', 'EC', 'OKP', 'oct'),
    kid: fc.string(),
    d: marked,
    p: marked,
    k: marked,
    n: marked,
    x: marked,
  });
  const item = fc.record({
    pk: fc.constantFrom('client#a', 'resource#a', 'signing-keys', 'default-resource', 'other'),
    client_name: fc.string(),
    secrets: fc.oneof(fc.array(secret), marked, secret, fc.array(marked)),
    jwks: fc.oneof(fc.record({ keys: fc.array(key) }), fc.array(key), marked),
    trust: fc.array(fc.record({ issuer: fc.string(), jwks: fc.record({ keys: fc.array(key) }) })),
    keys: fc.array(fc.record({ kid: fc.string(), wrapped_private_key: marked, jwk: key })),
    plans: fc.array(fc.record({ id_hash: marked, alg: fc.string() })),
    client_secret: marked,
    changed_by: fc.record({
      identity: fc.string(),
      tool: fc.string(),
      change: fc.string(),
      note: marked,
    }),
  });

  test('of items as odd as may be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.option(item), fc.option(item), async (before, after) => {
        const pk = (after ?? before)?.pk;
        const write = {
          ...(before && { before: { ...before, pk } }),
          ...(after && { after: { ...after, pk } }),
        };
        if (pk === undefined) return;
        for (const line of await linesOf(streamEvent(write))) expect(line).not.toContain(mark);
      }),
      { numRuns: 500 },
    );
  });
});
