import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isResourceIdentifier,
  isSameResource,
  resourcesNamed,
} from '../../functions/oauth/resource-server.ts';

describe('RFC 3986 §6.2.2, §6.2.3 identifiers of resource servers', () => {
  test.for([
    ['an empty path', 'https://mcp.example.com', 'https://mcp.example.com/'],
    ['the case of the scheme', 'https://a.example/b', 'HTTPS://a.example/b'],
    ['the case of the host', 'https://a.example/b', 'https://A.Example/b'],
    ['the default port', 'https://a.example', 'https://a.example:443'],
    ['the default port of http', 'http://localhost/a', 'http://localhost:80/a'],
    ['an empty port', 'https://a.example/b', 'https://a.example:/b'],
    ['an escape without need', 'https://a.example/~b-c', 'https://a.example/%7Eb%2Dc'],
    ['an escaped letter', 'https://a.example/b', 'https://a.example/%62'],
    ['the case of an escape', 'https://a.example/b%2Fc', 'https://a.example/b%2fc'],
    ['a dot segment', 'https://a.example/b', 'https://a.example/./b'],
    ['two dots', 'https://a.example/b/', 'https://a.example/b/c/..'],
    ['escaped dots', 'https://a.example/b', 'https://a.example/c/%2e%2E/b'],
    ['the case of another scheme', 'urn:example:orders', 'URN:example:orders'],
    ['the host of another scheme', 'api://orders/a', 'API://Orders/a'],
    ['the empty path of another scheme', 'api://orders', 'api://orders/'],
    ['an escape of another scheme', 'urn:example:a%2Fb-c', 'urn:example:a%2fb%2dc'],
  ] as const)('F05: do not differ by %s', ([, one, other]) => {
    expect([isResourceIdentifier(one), isResourceIdentifier(other)]).toEqual([true, true]);
    expect([isSameResource(one, other), isSameResource(other, one)]).toEqual([true, true]);
  });

  test.for([
    ['the slash behind a path', 'https://a.example/mcp', 'https://a.example/mcp/'],
    ['the case of the path', 'https://a.example/b', 'https://a.example/B'],
    ['the scheme', 'https://a.example', 'http://a.example'],
    ['another port', 'https://a.example', 'https://a.example:8443'],
    ["another scheme's default port", 'https://a.example', 'https://a.example:80'],
    ['an escape that is needed', 'https://a.example/b/c', 'https://a.example/b%2Fc'],
    ['a doubled slash', 'https://a.example/b/c', 'https://a.example/b//c'],
    ['a query', 'https://a.example/b', 'https://a.example/b?c'],
    ['an empty query', 'https://a.example/b', 'https://a.example/b?'],
    ['the case of a query', 'https://a.example/?b', 'https://A.example/?b'],
    ['a user', 'https://a.example/', 'https://me@a.example/'],
    ['the case of a user', 'api://me@a/', 'api://Me@a/'],
    ['a dot behind the host', 'https://a.example/', 'https://a.example./'],
    ['the slashes before the host', 'https://a.example', 'https:a.example'],
    ['a broken escape', 'https://a.example/%zz', 'https://A.example/%zz'],
    ['the case of a name', 'urn:example:orders', 'urn:example:Orders'],
    ['the case of the path of another scheme', 'api://orders/a', 'api://orders/A'],
    ['a slash of another scheme', 'urn:example:a', 'urn:example:a/'],
    ['dots of another scheme', 'urn:example:a/b', 'urn:example:a/c/../b'],
    ['a port of another scheme', 'api://orders/', 'api://orders:443/'],
    ['a slash without a host', 'x:/a', 'x:///a'],
  ] as const)('F05: differ by %s', ([, one, other]) => {
    expect([isResourceIdentifier(one), isResourceIdentifier(other)]).toEqual([true, true]);
    expect([isSameResource(one, other), isSameResource(other, one)]).toEqual([false, false]);
  });

  test('F05: the same text counts before what is alike', () => {
    const registered = ['https://a.example', 'https://a.example/', 'https://b.example'];
    expect(resourcesNamed('https://a.example/', registered)).toEqual(['https://a.example/']);
    expect(resourcesNamed('https://A.example', registered)).toEqual(registered.slice(0, 2));
    expect(resourcesNamed('https://B.example', registered)).toEqual(['https://b.example']);
    expect(resourcesNamed('https://c.example', registered)).toEqual([]);
  });

  test('F05: any text can be asked about, and long ones take no time', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(isSameResource(text, text)).toBe(true);
        expect(isSameResource(text, `${text}x`)).toBe(false);
        isSameResource(text, `https://${text}`);
        isSameResource(`api://${text}`, text);
      }),
    );
    for (const text of ['a', '/', '%', '%2e/', '../', '//', '@', ':']) {
      for (const start of ['https://', 'api://', 'urn:', ''])
        isSameResource(start + text.repeat(30_000), 'api://a');
    }
  });
});
