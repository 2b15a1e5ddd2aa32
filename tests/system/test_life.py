"""The promise that matters most: every acknowledged byte reads back, whichever two of six nodes are gone."""

import concurrent.futures
import hashlib
import random
import unittest

from cluster import Cluster, wait_for

KIB, MIB = 1024, 1024 * 1024
EDGES = [0, 1, 2 * KIB, 2 * KIB + 1, 64 * KIB, 64 * KIB + 1, MIB, MIB + 1, 4 * MIB, 16 * MIB - 1, 16 * MIB,
         16 * MIB + 1, 64 * MIB]


def content_of(name, size):
    """The same pseudo-random bytes for the same name."""
    return random.Random(name).randbytes(size)


def sizes(count, seed):
    """`count` sizes from 0 B to 64 MiB: every boundary once, the rest mostly small."""
    rng = random.Random(seed)
    rest = [int(2 ** rng.uniform(0, 21)) for _ in range(count - len(EDGES))]
    return EDGES + rest


class Life(unittest.TestCase):
    def put_all(self, api, files):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda f: api.put(f[0], content_of(*f)), files.items()))

    def check_all(self, api, files):
        def check(file):
            got = api.get(file[0])
            want = content_of(*file)
            self.assertEqual(len(got), len(want), file[0])
            self.assertEqual(hashlib.sha256(got).digest(), hashlib.sha256(want).digest(), file[0])
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(check, files.items()))

    def test_two_of_six_nodes_may_die_twice(self):
        """200 files of 0 B … 64 MiB; kill -9 two nodes, read all, write more; repair; kill two others, read all."""
        with Cluster() as cluster:
            api = cluster.admin
            files = {f"/生命/f{i:03}.bin": size for i, size in enumerate(sizes(200, 1))}
            self.put_all(api, files)
            self.check_all(api, files)

            for name in ("n2", "n5"):
                cluster.kill(name)
            wait_for("both to be seen down", lambda: all(cluster.state_of(n) != "up" for n in ("n2", "n5")), 5)
            self.check_all(api, files)
            more = {f"/more/g{i:03}.bin": size for i, size in enumerate(sizes(30, 2)[:30])}
            self.put_all(api, more)
            files.update(more)
            self.check_all(api, more)

            for name in ("n2", "n5"):
                cluster.revive(name)
            cluster.wait_repaired()
            by_margin = cluster.admin.status()["stripes_by_margin"]
            self.assertEqual([m for m in by_margin if int(m) < 2 and by_margin[m] > 0], [], by_margin)

            for name in ("n1", "n6"):
                cluster.kill(name)
            self.check_all(api, files)

    def test_index_server_killed_during_uploads_keeps_what_it_acknowledged(self):
        """kill -9 the index server while four clients upload; what was answered 2xx is there, whole."""
        with Cluster() as cluster:
            api = cluster.admin
            acknowledged, stopped = {}, []

            def upload(worker):
                for number in range(10_000):
                    if stopped:
                        return
                    name, size = f"/w{worker}/{number}.bin", random.Random(number).choice(EDGES[:8])
                    try:
                        api.put(name, content_of(name, size), timeout=10)
                    except (OSError, AssertionError):
                        return
                    acknowledged[name] = size

            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                running = [pool.submit(upload, w) for w in range(4)]
                wait_for("some uploads", lambda: len(acknowledged) > 20)
                before = len(acknowledged)
                self.assertFalse(any(r.done() for r in running), "uploads ended before the kill")
                cluster.kill("index")
                stopped.append(True)
                for r in running:
                    r.result()
            self.assertGreaterEqual(len(acknowledged), before)
            cluster.command("member", "start", "index", "--data", str(cluster.data))

            def serves():
                try:
                    return api.ok("GET", "/health")["storage_up"] == 6
                except (OSError, AssertionError):
                    return False
            wait_for("the index server to serve again", serves)
            self.check_all(api, acknowledged)
            listed = sum(api.ok("GET", f"/folders/w{w}", query={"limit": 1000})["total"] for w in range(4))
            self.assertGreaterEqual(listed, len(acknowledged))
            for w in range(4):
                for entry in api.ok("GET", f"/folders/w{w}", query={"limit": 1000})["entries"]:
                    self.assertEqual(api.get(entry["path"]), content_of(entry["path"], entry["size"]))


if __name__ == "__main__":
    unittest.main()
