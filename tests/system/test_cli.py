"""The command line, as a person in a terminal uses it."""

import hashlib
import http.client
import json
import os
import pathlib
import ssl
import stat
import tempfile
import unittest

from cluster import Cluster


class Cli(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("--storage-nodes", "3", "--analysis-processes", "0")
        cls.cluster.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.cluster.__exit__(None, None, None)

    def run_ok(self, *words, **more):
        return self.cluster.command(*words, **more).stdout.decode()

    def test_put_get_list_move_remove(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name) / "书"
            (folder / "deep").mkdir(parents=True)
            (folder / "a.txt").write_bytes(b"alpha")
            (folder / "deep" / "空.bin").write_bytes(b"")
            self.run_ok("put", "-r", str(folder), "/lib")
            self.assertEqual([e["name"] for e in json.loads(self.run_ok("ls", "--json", "/lib"))], ["a.txt", "deep"])
            self.run_ok("put", str(folder / "a.txt"), "/lib/deep/")
            self.run_ok("get", "/lib/deep/a.txt", str(folder / "back"))
            self.assertEqual((folder / "back").read_bytes(), b"alpha")
        self.assertEqual(self.run_ok("get", "/lib/a.txt", "-"), "alpha")
        self.run_ok("put", "-", "/lib/piped.txt", stdin=b"from a pipe")
        self.assertEqual(self.run_ok("get", "/lib/piped.txt", "-"), "from a pipe")
        self.run_ok("mkdir", "/lib/new/deep")
        self.run_ok("mv", "/lib/a.txt", "/lib/new")
        self.assertEqual([e["name"] for e in json.loads(self.run_ok("ls", "--json", "/lib/new"))], ["a.txt", "deep"])
        self.run_ok("rm", "/lib/new")
        self.assertEqual(self.cluster.command("ls", "/lib/new", check=False).returncode, 3)

    def test_exit_statuses_are_as_documented(self):
        command = self.cluster.command
        self.assertEqual(command("get", "/nothing", "-", check=False).returncode, 3)
        self.assertEqual(command("mkdir", "/home", check=False).returncode, 5)
        self.assertEqual(command("ls", "--no-such-option", check=False).returncode, 2)
        self.assertEqual(command("login", f"http://127.0.0.1:{self.cluster.port}", "--user", "admin", "--password-file", "-",
                                 stdin=b"wrong\n", check=False).returncode, 4)
        self.assertEqual(command("login", "http://127.0.0.1:1", "--user", "admin", "--password-file", "-",
                                 stdin=b"x\n", check=False).returncode, 6)
        said = command("get", "/nothing", "-", check=False).stderr.decode()
        self.assertIn("request ", said)

    def test_https_is_believed_by_its_fingerprint_only(self):
        command, address = self.cluster.command, f"https://127.0.0.1:{self.cluster.port}"
        certificate = (self.cluster.data / "index" / "tls-certificate.pem").read_text()
        shown = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()
        self.assertEqual(stat.S_IMODE((self.cluster.data / "index" / "tls-key.pem").stat().st_mode), 0o600)
        password = (self.cluster.data / "admin-password").read_bytes()
        login = ["login", address, "--user", "admin", "--password-file", "-"]
        refused = command(*login, stdin=password, check=False)
        self.assertEqual(refused.returncode, 4)
        self.assertIn(shown, refused.stderr.decode())
        other = command(*login, "--fingerprint", "0" * 64, stdin=password, check=False)
        self.assertEqual(other.returncode, 4)
        self.assertEqual(command(*login, "--fingerprint", "xyz", stdin=password, check=False).returncode, 2)
        with tempfile.TemporaryDirectory() as home:
            kept = {"XDG_CONFIG_HOME": home, "DISGRAFS_URL": "", "DISGRAFS_TOKEN": ""}
            command(*login, "--fingerprint", shown, stdin=password, environment=kept)
            command("put", "-", "/secret.txt", stdin=b"by TLS", environment=kept)
            self.assertEqual(command("get", "/secret.txt", "-", environment=kept).stdout, b"by TLS")

    def test_the_cookie_of_https_is_secure(self):
        trust = ssl.create_default_context(cafile=str(self.cluster.data / "index" / "tls-certificate.pem"))
        body = json.dumps({"user": "admin", "password": (self.cluster.data / "admin-password").read_text().strip()})
        connection = http.client.HTTPSConnection("127.0.0.1", self.cluster.port, context=trust, timeout=30)
        connection.request("POST", "/api/v1/login", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertIn("; Secure", answer.getheader("Set-Cookie"))
        connection.close()

    def test_find_status_and_help(self):
        self.run_ok("put", "-", "/find/penguin.txt", stdin=b"a penguin")
        for _ in range(50):
            hits = json.loads(self.run_ok("find", "--json", "penguin"))
            if hits:
                break
        self.assertEqual(hits[0]["path"], "/find/penguin.txt")
        self.assertTrue({"path", "name", "score"} <= hits[0].keys())
        self.assertEqual(len([m for m in json.loads(self.run_ok("status", "--json"))["members"] if m["state"] == "up"]), 3)
        self.assertRegex(self.run_ok("status"), r"(?m)^  space    \S+ \S+ of \S+ \S+$")
        for verb in ("put", "get", "ls", "mkdir", "mv", "rm", "find", "tags", "similar", "status", "user", "group", "grant",
                     "revoke", "login", "up", "member", "index", "storage", "worker"):
            self.assertIn("Usage", self.run_ok(verb, "--help"), verb)

    def test_a_disk_that_nodes_share_counts_once(self):
        disk = os.statvfs(self.cluster.data)
        size = disk.f_blocks * disk.f_frsize
        cluster = json.loads(self.run_ok("status", "--json"))
        nodes = [m for m in cluster["members"] if m["role"] == "storage"]
        self.assertEqual([(m["capacity_bytes"], m["disk_nodes"]) for m in nodes], [(size, 3)] * 3)
        self.assertEqual(cluster["capacity_bytes"], size)

    def test_login_keeps_a_private_token(self):
        with tempfile.TemporaryDirectory() as home:
            password = (self.cluster.data / "admin-password").read_bytes()
            import subprocess
            from cluster import PROGRAM
            environment = {k: v for k, v in os.environ.items() if not k.startswith("DISGRAFS_")}
            environment["XDG_CONFIG_HOME"] = home
            def run(*words, **more):
                return subprocess.run([str(PROGRAM), *words], env=environment, capture_output=True, timeout=60, **more)
            first = run("ls")
            self.assertEqual(first.returncode, 4, first.stderr)
            url = f"127.0.0.1:{self.cluster.port}"
            self.assertEqual(run("login", url, "--user", "admin", "--password-file", "-", input=password).returncode, 0)
            file = pathlib.Path(home) / "disgrafs" / "login.json"
            self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
            self.assertEqual(run("ls").returncode, 0)
            self.assertEqual(run("logout").returncode, 0)
            self.assertEqual(run("ls").returncode, 4)

    def test_people_by_command(self):
        self.run_ok("user", "add", "ann", "--password-file", "-", stdin=b"ann-password-1\n")
        self.run_ok("group", "add", "team")
        self.run_ok("group", "join", "team", "ann")
        self.run_ok("put", "-", "/shared/x.txt", stdin=b"x")
        self.run_ok("grant", "group:team", "read", "/shared")
        ann = self.cluster.admin.login("ann", "ann-password-1")
        self.assertEqual(ann.get("/shared/x.txt"), b"x")
        self.run_ok("revoke", "group:team", "/shared")
        self.assertEqual(ann.call("GET", "/files/shared/x.txt").status, 404)


if __name__ == "__main__":
    unittest.main()
