"""Runs a printed producer before a broker that only gets to the token, and prints that."""

import os
import runpy
import socketserver
import struct
import sys
import threading
import time

found = []


def versions(_):
    supported = [(3, 0, 1), (17, 0, 1), (18, 0, 0), (36, 0, 0)]
    return struct.pack(">hi", 0, len(supported)) + b"".join(struct.pack(">hhh", *one) for one in supported)


def handshake(_):
    mechanism = b"OAUTHBEARER"
    return struct.pack(">hih", 0, 1, len(mechanism)) + mechanism


def authenticate(body):
    # RFC 7628, section 3.1
    found.append(body.split(b"auth=Bearer ")[1].split(b"\x01")[0].decode())
    return struct.pack(">hhi", 58, -1, 0)


answers = {17: handshake, 18: versions, 36: authenticate}


class Broker(socketserver.StreamRequestHandler):
    def handle(self):
        while size := self.rfile.read(4):
            request = self.rfile.read(struct.unpack(">i", size)[0])
            api, version, correlation = struct.unpack(">hhi", request[:8])
            # UNSUPPORTED_VERSION makes the client ask in the oldest one.
            unsupported = struct.pack(">hi", 35, 0)
            body = unsupported if api == 18 and version > 0 else answers[api](request[8:])
            self.wfile.write(struct.pack(">ii", len(body) + 4, correlation) + body)


with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Broker) as server:
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["BOOTSTRAP_SERVERS"] = f"127.0.0.1:{server.server_address[1]}"
    producer = runpy.run_path(sys.argv[1])["producer"]
    latest = time.monotonic() + 10
    while not found and time.monotonic() < latest:
        producer.poll(0.1)
    if found:
        print(found[0], flush=True)
    os._exit(0 if found else 1)
