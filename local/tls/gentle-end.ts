import type { Socket } from 'node:net';

/** Milliseconds that a client has to read why its connection ends. */
const patience = 1000;

/**
 * Ends a connection gently when TLS gives it up: what was sent, such as the alert of a failed handshake, is
 * followed by the end, and what the client still sends is read for a while. A connection that is closed with
 * octets unread is reset, and the client may never see the alert: TLS does not wait for a client that is in the
 * middle of its messages.
 * @param socket as the server has accepted it, before the handshake
 * @returns ends it at once
 */
export function endGently(socket: Socket): () => void {
  const destroy = socket.destroy.bind(socket);
  let isEnding = false;
  socket.destroy = (error) => {
    if (!isEnding) {
      isEnding = true;
      socket.end();
      setTimeout(() => destroy(error), patience).unref();
    }
    return socket;
  };
  return () => void destroy();
}
