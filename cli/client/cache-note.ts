/** What the help of commands says that take something from a client. */
export const clientCacheNote =
  '\nThe token endpoint may go on with the client as it was for as long as clientCache says, 30 seconds by default.';
