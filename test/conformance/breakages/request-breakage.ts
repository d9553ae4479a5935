import type { Breakage, RequestInHand } from './broken-deployment.ts';
import { credentialsOf, headerOf, isTokenRequest, setHeader } from './message-in-hand.ts';

/** Reads something else than what was sent to the token endpoint. */
export function tokenRequest(change: (request: RequestInHand) => void): Breakage {
  return {
    request: (request) => {
      if (isTokenRequest(request)) change(request);
    },
  };
}

/** Reads another body. */
export function body(change: (text: string) => string): Breakage {
  return tokenRequest((request) => {
    request.body = Buffer.from(change(request.body.toString()));
  });
}

/** Reads other parameters. */
export function form(
  change: (parameters: URLSearchParams, request: RequestInHand) => void,
): Breakage {
  return tokenRequest((request) => {
    const parameters = new URLSearchParams(request.body.toString());
    change(parameters, request);
    request.body = Buffer.from(parameters.toString());
  });
}

/** Reads another value of a parameter, each time that it is there. */
export function parameter(wanted: string, change: (value: string) => string): Breakage {
  return body((text) => {
    const read = new URLSearchParams();
    for (const [name, value] of new URLSearchParams(text)) {
      read.append(name, name === wanted ? change(value) : value);
    }
    return read.toString();
  });
}

/** Takes the first of a repeated parameter. */
export function firstOf(name: string): Breakage {
  return form((parameters) => {
    const first = parameters.get(name);
    if (first !== null) parameters.set(name, first);
  });
}

/** Reads as if parameters were not there. */
export function overlooked(names: readonly string[]): Breakage {
  return form((parameters) => {
    for (const name of names) parameters.delete(name);
  });
}

/** Reads another `client_id:client_secret` in Basic credentials. */
export function credentials(change: (text: string) => string): Breakage {
  return tokenRequest((request) => {
    const before = credentialsOf(request);
    const after = change(before);
    if (after === before) return;
    setHeader(request, 'Authorization', `Basic ${Buffer.from(after).toString('base64')}`);
  });
}

/** Reads another Content-Type. */
export function contentType(change: (type: string) => string): Breakage {
  return tokenRequest((request) => {
    setHeader(request, 'Content-Type', change(headerOf(request, 'content-type')));
  });
}
