import { createHash, createHmac } from 'node:crypto';
import type { Call } from '../support/aws-stub.ts';

/** What a call is signed for, as its Authorization header says. */
export interface SignedCall {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  /** Whether the signature is the one that this secret makes of this call. */
  isBy(secretAccessKey: string): boolean;
}

/**
 * Reads the signature of a call, without the SDK (AWS Signature Version 4, for a POST).
 * @param path as it is in the request
 */
export function signatureV4({ headers, body }: Omit<Call, 'operation'>, path = '/'): SignedCall {
  const parts = /^AWS4-HMAC-SHA256 Credential=(.+), SignedHeaders=(.+), Signature=(.+)$/.exec(
    headers.authorization ?? '',
  );
  const [, credential = '', names = '', signature] = parts ?? [];
  const [accessKeyId = '', date = '', region = '', service = '', end = ''] = credential.split('/');
  const signedHeaders = names.split(';');
  const lines = signedHeaders.map((name) => `${name}:${headers[name]}\n`).join('');
  const uri = encodeURIComponent(path).replaceAll('%2F', '/');
  const request = ['POST', uri, '', lines, names, sha256(body)].join('\n');
  const scope = [date, region, service, end].join('/');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(request)].join('\n');
  return {
    accessKeyId,
    region,
    service,
    signedHeaders,
    isBy: (secret) => {
      const start: Buffer = Buffer.from(`AWS4${secret}`);
      const key = [date, region, service, end].reduce(hmac, start);
      return hmac(key, toSign).toString('hex') === signature;
    },
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
