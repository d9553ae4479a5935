/** A function that does nothing: its start is that of Node. */
export const handler = async () => ({ statusCode: 200 });
