"""Users, groups, grants, quota: nobody sees what they may not see."""

import unittest

from cluster import Cluster, wait_for


class People(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("--storage-nodes", "3", "--analysis-processes", "0")
        cls.cluster.__enter__()
        cls.admin = cls.cluster.admin
        for name in ("bob", "eve"):
            cls.admin.ok("POST", "/users", {"name": name, "password": f"{name}-password-1"})
        cls.bob = cls.admin.login("bob", "bob-password-1")
        cls.eve = cls.admin.login("eve", "eve-password-1")

    @classmethod
    def tearDownClass(cls):
        cls.cluster.__exit__(None, None, None)

    def names(self, api, path="/"):
        return [e["name"] for e in api.ok("GET", "/folders" + path)["entries"]]

    def test_home_is_ones_own(self):
        self.bob.put("/home/bob/diary.txt", b"dear diary")
        self.assertEqual(self.bob.get("/home/bob/diary.txt"), b"dear diary")
        self.assertEqual(self.eve.call("GET", "/files/home/bob/diary.txt").status, 404)
        self.assertEqual(self.names(self.eve, "/home"), ["eve"])
        self.assertIn(self.eve.call("PUT", "/files/home/bob/x", b"x").status, (403, 404))
        self.assertIn(self.eve.call("DELETE", "/files/home/bob/diary.txt").status, (403, 404))
        self.assertIn(self.eve.call("PUT", "/files/x", b"x").status, (403, 404))

    def test_grants_are_inherited_and_end(self):
        self.admin.put("/team/plans/2026/a.txt", b"plan")
        self.assertEqual(self.bob.call("GET", "/files/team/plans/2026/a.txt").status, 404)
        self.admin.ok("POST", "/grants", {"path": "/team/plans", "principal": "user:bob", "read": True})
        self.assertEqual(self.bob.get("/team/plans/2026/a.txt"), b"plan")
        self.assertEqual(self.names(self.bob, "/team"), ["plans"])
        self.assertEqual(self.bob.call("PUT", "/files/team/plans/b.txt", b"x").status, 403)
        self.admin.ok("POST", "/grants", {"path": "/team/plans", "principal": "user:bob", "read": True, "write": True})
        self.bob.put("/team/plans/b.txt", b"x")
        self.admin.ok("DELETE", "/grants", query={"path": "/team/plans", "principal": "user:bob"})
        self.assertEqual(self.bob.call("GET", "/files/team/plans/2026/a.txt").status, 404)

    def test_a_group_gives_rights_to_its_members(self):
        self.admin.ok("POST", "/groups", {"name": "lab"})
        self.admin.put("/lab/data.csv", b"1,2")
        self.admin.ok("POST", "/grants", {"path": "/lab", "principal": "group:lab", "read": True})
        self.assertEqual(self.eve.call("GET", "/files/lab/data.csv").status, 404)
        self.admin.ok("PUT", "/groups/lab/members/eve")
        self.assertEqual(self.eve.get("/lab/data.csv"), b"1,2")
        self.admin.ok("DELETE", "/groups/lab/members/eve")
        self.assertEqual(self.eve.call("GET", "/files/lab/data.csv").status, 404)

    def test_search_counts_only_what_one_may_see(self):
        self.admin.put("/secret/zebra-merger.txt", b"the zebra merger")
        self.bob.put("/home/bob/zebra.txt", b"a zebra")

        def found(api):
            answer = api.ok("GET", "/search", query={"q": "zebra"})
            return answer["total"], [h["path"] for h in answer["hits"]]
        wait_for("the index to follow", lambda: found(self.admin)[0] == 2)
        self.assertEqual(found(self.bob), (1, ["/home/bob/zebra.txt"]))
        self.assertEqual(found(self.eve), (0, []))
        paths = [n.get("path", "") for n in self.eve.ok("GET", "/graph")["nodes"]]
        self.assertFalse(any("zebra" in p or "secret" in p for p in paths), paths)

    def test_quota_is_exact(self):
        self.admin.ok("POST", "/users", {"name": "tiny", "password": "tiny-password-1", "quota_bytes": 10_000})
        tiny = self.admin.login("tiny", "tiny-password-1")
        tiny.put("/home/tiny/a", b"x" * 6_000)
        got = tiny.call("PUT", "/files/home/tiny/b", b"x" * 4_001)
        self.assertEqual(got.status, 507)
        tiny.put("/home/tiny/b", b"x" * 4_000)
        self.assertEqual(tiny.ok("GET", "/me")["used_bytes"], 10_000)

    def test_only_administrators_make_users(self):
        self.assertEqual(self.bob.call("POST", "/users", {"name": "x", "password": "x-password-12"}).status, 403)
        self.assertEqual(self.admin.call("POST", "/users", {"name": "bob", "password": "x-password-12"}).status, 409)
        self.assertEqual(self.admin.call("POST", "/users", {"name": "short", "password": "short"}).status, 400)
        self.assertEqual([u["name"] for u in self.bob.ok("GET", "/users")["users"]], ["bob"])

    def test_first_password_file_goes_when_it_is_changed(self):
        with Cluster("--storage-nodes", "1", "--analysis-processes", "0") as cluster:
            file = cluster.data / "admin-password"
            old = file.read_text().strip()
            cluster.admin.ok("PUT", "/me/password", {"old": old, "new": "a new long password"})
            wait_for("the file to go", lambda: not file.exists(), 5)
            cluster.admin.login("admin", "a new long password")

    def test_trash_gives_back_and_versions_stay(self):
        self.bob.put("/home/bob/v.txt", b"one")
        entry = self.bob.put("/home/bob/v.txt", b"two")
        self.assertEqual(entry["version"], 2)
        self.assertEqual(self.bob.call("GET", "/files/home/bob/v.txt", query={"version": 1}).body, b"one")
        self.bob.ok("DELETE", "/files/home/bob/v.txt")
        self.assertEqual(self.bob.call("GET", "/files/home/bob/v.txt").status, 404)
        thrown = next(t for t in self.bob.ok("GET", "/trash")["entries"] if t["from"] == "/home/bob/v.txt")
        self.assertEqual(self.eve.ok("GET", "/trash")["entries"], [])
        self.bob.ok("POST", f"/trash/{thrown['entry']['id']}/restore")
        self.assertEqual(self.bob.get("/home/bob/v.txt"), b"two")
        versions = self.bob.ok("GET", f"/nodes/{entry['id']}/versions")["versions"]
        self.assertEqual([v["version"] for v in versions], [2, 1])
        back = self.bob.ok("POST", f"/nodes/{entry['id']}/versions/1/restore")
        self.assertEqual(back["version"], 3)
        self.assertEqual(self.bob.get("/home/bob/v.txt"), b"one")
        for number, status in ((9, 404), ("x", 400)):
            self.assertEqual(self.bob.call("POST", f"/nodes/{entry['id']}/versions/{number}/restore").status, status)


if __name__ == "__main__":
    unittest.main()
