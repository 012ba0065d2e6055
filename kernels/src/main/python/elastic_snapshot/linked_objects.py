"""Objects of a store to which a gateway gives links: one for each request, good for a while and for that request alone.

So nothing in the kernel has a key of the store, and no byte of an object goes through the gateway.
"""

import json

from elastic_snapshot.failure import SnapshotFailure
from elastic_snapshot.http_objects import HttpObjects


class LinkedObjects(HttpObjects):
    """The same as its base, at the store itself; `links` is the connection to the gateway."""

    who = "the object store"
    # It refuses a HEAD without saying why. That nothing is there is what it means where keys may not list the bucket; and
    # if it means another thing, it says so when the object is put.
    absent = (403, 404)

    def __init__(self, origin, context, deadline, links):
        super().__init__(origin, None, context, deadline)
        links.who = "the gateway"
        self.links = links

    def _target(self, method, name, length, digest):
        question = {"method": method}
        if method == "PUT":
            question.update(size=length, sha256=digest())
        self.links.last = self.last  # where the time is over, it is the store that took it
        raw = self.links.told(name, json.dumps(question).encode())
        try:
            answer = json.loads(raw)
            # The length, which is signed as well, is sent with every object.
            return answer["target"], {each: value for each, value in answer["headers"].items() if each != "content-length"}
        except (ValueError, KeyError, TypeError) as trouble:
            raise SnapshotFailure("store", "the gateway gave no link to %s" % name) from trouble

    def disconnect(self):
        super().disconnect()
        self.links.disconnect()

    def close(self):
        self.links.is_closed = True
        super().close()
