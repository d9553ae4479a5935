/**
 * Reads the body of an answer.
 * @throws Error as soon as it is larger than that, or says that it will be
 */
export async function limitedBody(response: Response, maxBytes: number): Promise<Buffer> {
  if (Number(response.headers.get('content-length')) > maxBytes) tooMuch();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) tooMuch();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooMuch(): never {
  throw new Error('the server answers too much');
}
