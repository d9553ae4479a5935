import type { Kms } from './key-operations.ts';
import { keyArn } from './key-reference.ts';
import type { Key } from './key-store.ts';
import { KmsError } from './kms-error.ts';
import { type KmsRequest, optionalText } from './request.ts';
import { resourceFilter } from './resource-filter.ts';

const members = ['PaginationToken', 'ResourcesPerPage', 'ResourceTypeFilters', 'TagFilters'];
const mostPerPage = 100;

/**
 * GetResources of the Resource Groups Tagging API: the keys that have tags, in any state. They come
 * in the order of their ARNs, so that a page starts behind the one before it even when keys were
 * created or deleted in between.
 */
export function getResources({ keys }: Kms, request: KmsRequest): object {
  const unknown = Object.keys(request).find((name) => !members.includes(name));
  if (unknown) throw new KmsError('InvalidParameterException', `${unknown} is not known here`);
  const size = pageSize(request);
  const start = lastArn(request);
  const left = keys
    .all()
    .filter(resourceFilter(request))
    .map(resource)
    .filter(({ ResourceARN }) => ResourceARN > start)
    .toSorted((one, other) => (one.ResourceARN < other.ResourceARN ? -1 : 1));
  const page = left.slice(0, size);
  const end = left.length > size ? page.at(-1)?.ResourceARN : undefined;
  const PaginationToken = Buffer.from(end ?? '').toString('base64url');
  return { ResourceTagMappingList: page, PaginationToken };
}

function resource({ id, tags }: Key) {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return { ResourceARN: keyArn(id), Tags };
}

function pageSize({ ResourcesPerPage: size = mostPerPage }: KmsRequest): number {
  const number = Number.isInteger(size) ? Number(size) : 0;
  if (number >= 1 && number <= mostPerPage) return number;
  throw new KmsError(
    'InvalidParameterException',
    `ResourcesPerPage is not a whole number from 1 to ${mostPerPage}`,
  );
}

/** The ARN that the page before ended with; before the first page it is empty. */
function lastArn(request: KmsRequest): string {
  const token = optionalText(request, 'PaginationToken') ?? '';
  const arn = Buffer.from(token, 'base64url').toString();
  if (!token || arn.startsWith(keyArn(''))) return arn;
  throw new KmsError('InvalidParameterException', 'PaginationToken is none that was given here');
}
