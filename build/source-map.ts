/**
 * Takes the sources of other packages out of a source map, of which they would be two thirds. Where in them a line
 * of ours comes from can still be seen.
 */
export function withOwnSources(map: Uint8Array): Uint8Array {
  const { sources, sourcesContent, ...rest }: SourceMap = JSON.parse(Buffer.from(map).toString());
  const contents = sourcesContent.map((content, index) =>
    sources[index]?.includes('/node_modules/') ? null : content,
  );
  return Buffer.from(JSON.stringify({ ...rest, sources, sourcesContent: contents }));
}

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent: readonly (string | null)[];
}
