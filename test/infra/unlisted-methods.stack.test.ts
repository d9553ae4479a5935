import { describe, expect, test } from 'vitest';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { synthesizeApp } from './http-attachments.ts';
import { inStage, restAttachments } from './rest-attachments.ts';
import { scratchStack } from './synthesis.ts';

const props = {
  issuer: 'https://auth.example.com',
  audience: 'https://api.example.com',
  routes: { 'GET /orders/{id}': ['read'] },
};

describe('I16: TOKEN: a policy would let in to a method that is not listed', () => {
  test.for(Object.entries(restAttachments))('it fails the synthesis %s', ([, attach]) => {
    const stack = scratchStack();
    attach(stack, new AccessTokenAuthorizer(stack, 'Authorizer', props), '/orders/{id}/payments');
    expect(() => synthesizeApp(stack)).toThrow(
      'routes does not list "GET /orders/{id}/payments", which this authorizer guards: list it.',
    );
  });

  test.for(Object.entries(restAttachments))('one that is listed does not, %s', ([, attach]) => {
    const stack = scratchStack();
    attach(stack, new AccessTokenAuthorizer(stack, 'Authorizer', props), '/orders/{id}');
    expect(() => synthesizeApp(stack)).not.toThrow();
  });

  test('in one of several stages', () => {
    const stack = inStage(scratchStack().node.root);
    const made = new AccessTokenAuthorizer(stack, 'Authorizer', props);
    restAttachments['by resources alone']?.(stack, made, '/orders');
    expect(() => synthesizeApp(stack)).toThrow('routes does not list "GET /orders"');
  });
});
