export const handler = async ({ requestContext: { authorizer } }) => {
  // A REST API has what the authorizer tells at the top, an HTTP API in `lambda`.
  const { client_id, scope } = authorizer.lambda ?? authorizer;
  return { statusCode: 200, body: JSON.stringify({ client_id, scope }) };
};
