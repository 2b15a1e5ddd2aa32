"""Bad input gets its documented error and changes nothing."""

import json
import pathlib
import socket
import struct
import unittest

from cluster import Api, Cluster


def talk(port, request, host="127.0.0.1"):
    """Raw bytes to a port; what comes back until it closes, or 5 s."""
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(request)
        got = b""
        try:
            while chunk := connection.recv(65536):
                got += chunk
                head, _, body = got.partition(b"\r\n\r\n")
                for line in head.split(b"\r\n"):
                    name, _, value = line.partition(b":")
                    if name.lower() == b"content-length" and len(body) >= int(value):
                        return got
        except (TimeoutError, ConnectionResetError):
            pass
        return got


def status_of(answer):
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else None


def problem_of(answer):
    return json.loads(answer.partition(b"\r\n\r\n")[2])


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()
        cls.cluster.__enter__()
        cls.api = cls.cluster.admin
        cls.api.put("/keep/me.txt", b"as I was")

    @classmethod
    def tearDownClass(cls):
        cls.cluster.__exit__(None, None, None)

    def tearDown(self):
        """Nothing was changed, and everything still works."""
        root = [e["name"] for e in self.api.ok("GET", "/folders/")["entries"]]
        self.assertEqual(root, ["home", "keep"])
        self.assertEqual(self.api.get("/keep/me.txt"), b"as I was")

    def refused(self, status, method, path, body=None, api=None, **more):
        got = (api or self.api).call(method, path, body, **more)
        self.assertEqual(got.status, status, got.body[:200])
        self.assertEqual(got.headers["Content-Type"], "application/problem+json")
        problem = got.json()
        for name in ("type", "title", "status", "code", "request_id"):
            self.assertIn(name, problem)
        self.assertEqual(problem["status"], status)
        self.assertEqual(got.headers["X-Request-Id"], problem["request_id"])
        return problem

    def test_wrong_password(self):
        for user in ("admin", "nobody-here"):
            problem = self.refused(401, "POST", "/login", {"user": user, "password": "wrong"}, api=Api(self.cluster.port))
            self.assertNotIn("nobody", json.dumps(problem))

    def test_forged_and_missing_token(self):
        self.refused(401, "GET", "/me", api=Api(self.cluster.port))
        self.refused(401, "GET", "/me", api=Api(self.cluster.port, "0" * 64))
        self.refused(401, "PUT", "/files/x", b"x", api=Api(self.cluster.port, self.api.token[:-1] + "x"))

    def test_paths_that_are_none(self):
        for path in ("/api/v1/files/../etc/passwd", "/api/v1/files/a/../b", "/api/v1/files/a%00b", "/api/v1/files/%2e%2e/x",
                     "/api/v1/files/%ff%fe", "/api/v1/files/a%2", "/api/v1/files/" + "a/" * 4000 + "x",
                     "/api/v1/files/" + "n" * 256):
            got = self.api.call("PUT", path, b"x", raw=True)
            self.assertIn(got.status, (400, 414, 431), f"{path[:40]}: {got.status}")
            self.assertIn(b"request_id", got.body)

    def test_name_of_255_bytes_is_fine(self):
        name = "名" * 85
        self.api.put(f"/keep/{name}", b"long")
        self.assertEqual(self.api.get(f"/keep/{name}"), b"long")
        self.api.ok("DELETE", f"/files/keep/{name}")

    def test_unknown_method_and_path(self):
        got = self.api.call("PATCH", "/api/v1/files/keep/me.txt", raw=True)
        self.assertEqual(got.status, 405)
        self.assertIn("PUT", got.headers["Allow"])
        self.refused(404, "GET", "/nothing/here")
        self.refused(404, "GET", "/files/nothing")

    def test_oversized_header_is_answered_431(self):
        head = b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n"
        answer = talk(self.cluster.port, head)
        self.assertEqual(status_of(answer), 431)

    def test_nonsense_is_answered_400(self):
        self.assertEqual(status_of(talk(self.cluster.port, b"\x00\x03\x01 hello\r\n\r\n")), 400)
        # The first byte of TLS: the answer is an alert, and the port lives.
        self.assertEqual(talk(self.cluster.port, b"\x16\x03\x01\x00\x05hello")[:2], b"\x15\x03")
        self.assertEqual(self.cluster.admin.call("GET", "/health").status, 200)

    def test_truncated_body_leaves_nothing(self):
        head = (f"PUT /api/v1/files/half.bin HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.api.token}\r\n"
                "Content-Length: 3000000\r\n\r\n").encode()
        with socket.create_connection(("127.0.0.1", self.cluster.port)) as connection:
            connection.sendall(head + b"x" * 1_500_000)
        self.refused(404, "GET", "/files/half.bin")

    def test_body_that_is_no_json(self):
        got = self.api.call("POST", "/move", b"{nonsense", headers={"Content-Type": "application/json"})
        self.assertEqual(got.status, 400)
        self.refused(400, "POST", "/move", {"from": 3, "to": "/x"})
        self.refused(400, "POST", "/move", {"from": "/keep"})

    def test_refused_upload_is_answered_although_the_body_was_not_read(self):
        api = Api(self.cluster.port, "0" * 64)
        got = api.call("PUT", "/files/big", b"x" * 20_000_000)
        self.assertEqual(got.status, 401)

    def test_folder_into_itself_and_taken_names(self):
        self.refused(400, "POST", "/move", {"from": "/keep", "to": "/keep/inside"})
        self.refused(409, "POST", "/move", {"from": "/keep/me.txt", "to": "/home"})
        self.refused(409, "POST", "/folders/keep")
        self.refused(409, "PUT", "/files/keep", b"a file where a folder is")
        self.refused(412, "PUT", "/files/keep/me.txt", b"x", headers={"If-None-Match": "*"})
        self.refused(412, "PUT", "/files/keep/me.txt", b"x", headers={"If-Match": '"0000"'})

    def test_ranges(self):
        got = self.api.call("GET", "/files/keep/me.txt", headers={"Range": "bytes=3-4"})
        self.assertEqual((got.status, got.body), (206, b"I "))
        got = self.api.call("GET", "/files/keep/me.txt", headers={"Range": "bytes=99-"})
        self.assertEqual(got.status, 416)
        self.assertEqual(got.headers["Content-Range"], "bytes */8")

    def test_bad_queries(self):
        self.refused(400, "GET", "/search", query={"q": "(open"})
        self.refused(400, "GET", "/search")
        self.refused(400, "GET", "/folders/", query={"limit": "many"})
        self.refused(400, "GET", "/nodes/abc")
        self.refused(404, "GET", "/nodes/99999999")

    def test_frames_of_strangers_change_nothing(self):
        """Nonsense behind the magic, and a frame whose checksum is wrong, on a storage node's port."""
        node = self.cluster.members()["n1"]
        host, port = node["address"].split(":")
        fixture = pathlib.Path(__file__).resolve().parents[1] / "fixtures" / "wire"
        frames = [b"DGF1" + b"\xff" * 200, b"DGF1" + struct.pack("<IIII", 0xFFFFFFFF, 0xFFFFFFFF, 0, 0) * 4]
        self.assertTrue(fixture.is_dir())
        for frame in frames:
            talk(int(port), frame, host)
        self.assertEqual(self.cluster.state_of("n1"), "up")

    def test_member_routes_refuse_strangers(self):
        for token in ("", "wrong"):
            body = {"token": token, "role": "storage", "address": "127.0.0.99:1", "disk_id": "x" * 32}
            got = Api(self.cluster.port).call("POST", "/cluster/v1/join", body, raw=True)
            self.assertIn(got.status, (400, 403), got.body)
        got = Api(self.cluster.port).call("POST", "/cluster/v1/work/lease", {"count": 1}, raw=True)
        self.assertEqual(got.status, 403)


if __name__ == "__main__":
    unittest.main()
