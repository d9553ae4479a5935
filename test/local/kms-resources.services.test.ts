import { KMS } from '@aws-sdk/client-kms';
import {
  type GetResourcesCommandInput,
  paginateGetResources,
  ResourceGroupsTaggingAPI,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startKms } from '../../local/kms/endpoint.ts';
import { accessKeyId, testAccount } from '../support/test-account.ts';

const start = 1_700_000_000;

/** A KMS and the Resource Groups Tagging API of one account, at one endpoint. */
async function account() {
  const clock = { now: start };
  const service = await startKms({ accessKeyId, now: () => clock.now });
  const settings = { ...testAccount, endpoint: service.endpoint };
  const [kms, tagging] = [new KMS(settings), new ResourceGroupsTaggingAPI(settings)];
  onTestFinished(async () => {
    kms.destroy();
    tagging.destroy();
    await service[Symbol.asyncDispose]();
  });
  const createKey = async (tags: Readonly<Record<string, string>>) => {
    const { KeyMetadata } = await kms.createKey({
      KeySpec: 'ECC_NIST_EDWARDS25519',
      KeyUsage: 'SIGN_VERIFY',
      Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
    });
    return String(KeyMetadata?.Arn);
  };
  const find = async (request: GetResourcesCommandInput) => {
    const { ResourceTagMappingList = [] } = await tagging.getResources(request);
    return ResourceTagMappingList.map(({ ResourceARN }) => String(ResourceARN));
  };
  return { kms, tagging, clock, createKey, find };
}

describe('GetResources', () => {
  test('finds a key by its tags, and gives all of them', async () => {
    const { tagging, createKey } = await account();
    await createKey({ registry: 'two' });
    const ResourceARN = await createKey({ registry: 'one', algorithm: 'Ed25519' });
    const TagFilters = [{ Key: 'registry', Values: ['one'] }];
    expect(await tagging.getResources({ TagFilters })).toMatchObject({
      ResourceTagMappingList: [
        {
          ResourceARN,
          Tags: [
            { Key: 'registry', Value: 'one' },
            { Key: 'algorithm', Value: 'Ed25519' },
          ],
        },
      ],
      PaginationToken: '',
    });
  });

  test.for<[string, GetResourcesCommandInput, readonly string[]]>([
    ['no filter finds whatever has a tag', {}, ['one', 'two']],
    ['a tag filter without values asks for the key alone', tag('registry'), ['one', 'two']],
    ['any of the values of a tag filter will do', tag('registry', '1', '2'), ['one', 'two']],
    ['a value must be the whole of it', tag('registry', '', '11'), []],
    ['a tag that nothing has finds nothing', tag('Registry'), []],
    ['all tag filters must match', tags(tag('registry'), tag('spare')), ['two']],
    ['the type kms has the keys', { ResourceTypeFilters: ['kms'] }, ['one', 'two']],
    ['the type kms:key has the keys', { ResourceTypeFilters: ['s3', 'kms:key'] }, ['one', 'two']],
    ['another type finds nothing', { ResourceTypeFilters: ['kms:alias', 'dynamodb'] }, []],
  ])('%s', async ([, request, names]) => {
    const { createKey, find } = await account();
    await createKey({});
    const arns: Record<string, string> = {
      one: await createKey({ registry: '1' }),
      two: await createKey({ registry: '2', spare: '' }),
    };
    const expected = names.map((name) => String(arns[name])).toSorted();
    expect(await find(request)).toEqual(expected);
  });

  test('finds a tag that was added, and no longer the value that it took the place of', async () => {
    const { kms, createKey, find } = await account();
    const KeyId = await createKey({ state: 'new' });
    await kms.tagResource({ KeyId, Tags: [{ TagKey: 'state', TagValue: 'old' }] });
    expect(await find(tag('state', 'old'))).toEqual([KeyId]);
    expect(await find(tag('state', 'new'))).toEqual([]);
  });

  test('finds a key that is pending deletion, until it is deleted', async () => {
    const { kms, clock, createKey, find } = await account();
    const KeyId = await createKey({ registry: 'one' });
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    expect(await find(tag('registry'))).toEqual([KeyId]);
    clock.now = start + 7 * 86_400;
    expect(await find(tag('registry'))).toEqual([]);
  });
});

describe('a page of GetResources', () => {
  test('has 100 keys, unless fewer are asked for', async () => {
    const { tagging, createKey } = await account();
    const arns = await Promise.all(Array.from({ length: 101 }, () => createKey({ a: 'tag' })));
    const found: string[][] = [];
    for await (const page of paginateGetResources({ client: tagging }, tag('a'))) {
      found.push((page.ResourceTagMappingList ?? []).map((key) => String(key.ResourceARN)));
    }
    expect(found.map((page) => page.length)).toEqual([100, 1]);
    expect(found.flat().toSorted()).toEqual(arns.toSorted());
  });

  test('is the last one when nothing is left, even when it is full', async () => {
    const { tagging, createKey } = await account();
    for (let made = 0; made < 4; made += 1) await createKey({ a: 'tag' });
    const first = await tagging.getResources({ ResourcesPerPage: 2 });
    expect(first.ResourceTagMappingList).toHaveLength(2);
    const { PaginationToken } = first;
    expect(PaginationToken).not.toBe('');
    const second = await tagging.getResources({ ResourcesPerPage: 2, PaginationToken });
    expect(second.ResourceTagMappingList).toHaveLength(2);
    expect(second.PaginationToken).toBe('');
  });

  test('goes on where the one before it ended, though that key is gone', async () => {
    const { kms, clock, createKey, find, tagging } = await account();
    const made = [await createKey({ a: 'tag' }), await createKey({ a: 'tag' })];
    const [first, second] = made.toSorted();
    await kms.scheduleKeyDeletion({ KeyId: first, PendingWindowInDays: 7 });
    const { PaginationToken } = await tagging.getResources({ ResourcesPerPage: 1 });
    clock.now = start + 7 * 86_400;
    expect(await find({ ResourcesPerPage: 1, PaginationToken })).toEqual([second]);
  });
});

test.for<[string, GetResourcesCommandInput]>([
  ['no key on a page', { ResourcesPerPage: 0 }],
  ['more than 100 keys on a page', { ResourcesPerPage: 101 }],
  ['half a key on a page', { ResourcesPerPage: 1.5 }],
  ['a token of somebody else', { PaginationToken: 'AAAA' }],
  ['a tag filter without a key', { TagFilters: [{ Values: ['one'] }] }],
  ['what it does not know', { ResourceARNList: ['arn:aws:kms:us-east-1:000000000000:key/1'] }],
])('GetResources refuses %s', async ([, request]) => {
  const { find } = await account();
  await expect(find(request)).rejects.toMatchObject({
    name: 'InvalidParameterException',
    $metadata: { httpStatusCode: 400 },
  });
});

function tag(Key: string, ...Values: string[]): GetResourcesCommandInput {
  return { TagFilters: [Values.length > 0 ? { Key, Values } : { Key }] };
}

function tags(...filters: readonly GetResourcesCommandInput[]): GetResourcesCommandInput {
  return { TagFilters: filters.flatMap(({ TagFilters = [] }) => TagFilters) };
}
