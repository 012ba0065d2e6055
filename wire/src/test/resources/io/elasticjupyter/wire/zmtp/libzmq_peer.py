# SPDX-License-Identifier: Apache-2.0
"""libzmq for LibzmqInteropIT and ZmtpBench: a ROUTER that does what it is asked, a PUB and an XPUB.

Usage: libzmq_peer.py HEARTBEAT_MS ROUTER_ENDPOINT PUB_ENDPOINT XPUB_ENDPOINT
Says "ready" and the three endpoints on one line. Its requests are described in InteropPeer.java; besides:
  REPEAT count parts...  so many messages of these parts
  BIG_AND_DIE size       one message of that size, and the end before it can have left
"""

import os
import signal
import sys

import zmq


def bind(context, kind, endpoint, heartbeat_ms):
    socket = context.socket(kind)
    socket.sndhwm = 0
    socket.rcvhwm = 0
    socket.linger = 0
    if heartbeat_ms:
        socket.heartbeat_ivl = heartbeat_ms
        socket.heartbeat_timeout = 20 * heartbeat_ms
    if kind == zmq.ROUTER:
        socket.router_handover = 1
    socket.bind(endpoint)
    return socket


def answer(router, publishers, subscriptions, message):
    client, request, *arguments = message
    if request == b"ECHO":
        router.send_multipart([client, *arguments])
    elif request == b"WHO":
        router.send_multipart([client, client])
    elif request == b"FLOOD":
        body = bytes(int(arguments[1]))
        for number in range(int(arguments[0])):
            router.send_multipart([client, b"%d" % number, body])
    elif request == b"REPEAT":
        for _ in range(int(arguments[0])):
            router.send_multipart([client, *arguments[1:]])
    elif request == b"PUBLISH":
        body = bytes(int(arguments[2]))
        for number in range(int(arguments[0])):
            for publisher in publishers:
                publisher.send_multipart([arguments[1], b"%d" % number, body])
        router.send_multipart([client, b"published"])
    elif request == b"SUBSCRIPTIONS":
        router.send_multipart([client, b"", *subscriptions])
    elif request == b"BIG_AND_DIE":
        router.send_multipart([client, bytes(int(arguments[0]))])
        os.kill(os.getpid(), signal.SIGKILL)
    else:
        raise ValueError(f"unknown request {request!r}")


def main():
    heartbeat_ms = int(sys.argv[1])
    context = zmq.Context()
    router = bind(context, zmq.ROUTER, sys.argv[2], heartbeat_ms)
    pub = bind(context, zmq.PUB, sys.argv[3], heartbeat_ms)
    xpub = bind(context, zmq.XPUB, sys.argv[4], heartbeat_ms)
    endpoints = [s.getsockopt_string(zmq.LAST_ENDPOINT) for s in (router, pub, xpub)]
    print("ready", *endpoints, "libzmq", zmq.zmq_version(), flush=True)
    poller = zmq.Poller()
    poller.register(router, zmq.POLLIN)
    poller.register(xpub, zmq.POLLIN)
    subscriptions = []
    while True:
        ready = dict(poller.poll())
        if xpub in ready:
            subscription = xpub.recv()
            subscriptions.append(subscription)
            if subscription[:1] == b"\x01":
                xpub.send_multipart([subscription[1:], b"welcome"])
        if router in ready:
            answer(router, (pub, xpub), subscriptions, router.recv_multipart())


if __name__ == "__main__":
    main()
