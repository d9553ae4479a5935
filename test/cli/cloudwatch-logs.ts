import { text } from 'node:stream/consumers';
import { serving } from './doctor-deployment.ts';

/** Pages of FilterLogEvents, or the error that is answered in place of them. */
type Pages = readonly (readonly string[])[];

/** A CloudWatch Logs that listens: what it was asked, and what it has. */
export async function cloudWatchLogs() {
  const state = {
    asked: [] as Readonly<Record<string, unknown>>[],
    pages: [] as Pages,
    refusal: undefined as { readonly type: string; readonly message: string } | undefined,
  };
  const endpoint = await serving(async (request, response) => {
    const asked = JSON.parse(await text(request));
    state.asked.push({ ...asked, target: request.headers['x-amz-target'] });
    const page = Number(asked.nextToken ?? 0);
    const nextToken = page + 1 < state.pages.length ? `${page + 1}` : undefined;
    const events = (state.pages[page] ?? []).map((message) => ({ message, timestamp: 1 }));
    const { refusal } = state;
    response.writeHead(refusal ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(
      JSON.stringify(
        refusal ? { __type: refusal.type, message: refusal.message } : { events, nextToken },
      ),
    );
  });
  return { endpoint, state };
}
