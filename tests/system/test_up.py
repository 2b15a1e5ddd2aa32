"""Starting, stopping, and what `disgrafs up` says when it cannot."""

import json
import os
import pathlib
import signal
import socket
import stat
import subprocess
import tempfile
import time
import unittest

from cluster import PROGRAM, Api, Cluster, free_port, wait_for


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def has_ipv6_loopback():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def up(*words, seconds=20):
    """Run `up` that is expected to end by itself."""
    return subprocess.run([str(PROGRAM), "up", *words], capture_output=True, text=True, timeout=seconds)


class Up(unittest.TestCase):
    def test_ready_file_names_every_member_with_its_own_address(self):
        with Cluster() as cluster:
            ready = json.loads((cluster.data / "ready.json").read_text())
            self.assertEqual(ready["url"], f"http://127.0.0.1:{cluster.port}")
            self.assertEqual(ready["pid"], cluster.process.pid)
            roles = sorted(m["role"] for m in ready["members"])
            self.assertEqual(roles, ["index", *["storage"] * 6, "worker"])
            hosts = [m["address"].split(":")[0] for m in ready["members"] if m["role"] == "storage"]
            self.assertEqual(len(set(hosts)), 6)
            self.assertTrue(all(alive(m["pid"]) for m in ready["members"]))
            mode = stat.S_IMODE((cluster.data / "admin-password").stat().st_mode)
            self.assertEqual(mode, 0o600)

    def test_stop_is_quick_leaves_nothing_and_a_second_start_is_the_same_cluster(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with Cluster() as cluster:
                cluster.admin.put("/a.txt", b"still here")
                pids = [m["pid"] for m in cluster.members().values()]
                took = cluster.stop(number)
                self.assertLess(took, 5)
                wait_for("every process to be gone", lambda: not any(map(alive, pids)), 1)
                cluster.start()
                self.assertLess(cluster.start_seconds, 5)
                self.assertEqual(cluster.admin.get("/a.txt"), b"still here")

    def test_interrupt_works_even_when_it_was_ignored_at_the_start(self):
        with tempfile.TemporaryDirectory() as folder:
            port = free_port()
            command = f"trap '' INT; exec {PROGRAM} up --no-samples --port {port} --data {folder}"
            process = subprocess.Popen(["bash", "-c", command], stdout=subprocess.PIPE, text=True)
            try:
                self.assertTrue(any(line.startswith("ready ") for line in process.stdout))
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.wait(6), 0)
            finally:
                process.kill()
                process.wait()
                process.stdout.close()

    def test_children_die_with_a_killed_up(self):
        with Cluster() as cluster:
            pids = [m["pid"] for m in cluster.members().values()]
            os.kill(cluster.process.pid, signal.SIGKILL)
            cluster.process.wait()
            wait_for("children to be gone", lambda: not any(map(alive, pids)), 5)
            cluster.process.stdout.close()
            cluster.process = None
            cluster.start()

    def test_a_second_up_on_the_same_folder_is_refused_in_one_sentence(self):
        with Cluster() as cluster:
            done = up("--data", str(cluster.data), "--port", str(free_port()))
            self.assertEqual(done.returncode, 5)
            self.assertIn("in use by another `disgrafs up`", done.stderr)
            self.assertEqual(len(done.stderr.strip().splitlines()), 1)
            cluster.admin.put("/x", b"unharmed")

    def test_a_port_in_use_is_refused_in_one_sentence(self):
        with socket.socket() as taken, tempfile.TemporaryDirectory() as folder:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = up("--data", folder, "--port", str(port), "--no-samples")
            self.assertEqual(done.returncode, 5)
            self.assertIn(f"port {port} on 127.0.0.1 is in use", done.stderr)
            self.assertEqual(len(done.stderr.strip().splitlines()), 1)

    def test_a_folder_with_other_things_is_refused_and_not_touched(self):
        with tempfile.TemporaryDirectory() as folder:
            other = pathlib.Path(folder) / "thesis.txt"
            other.write_text("mine")
            done = up("--data", folder, "--port", str(free_port()))
            self.assertEqual(done.returncode, 5)
            self.assertIn("holds no DisGraFS cluster", done.stderr)
            self.assertEqual([p.name for p in pathlib.Path(folder).iterdir()], ["thesis.txt"])

    @unittest.skipUnless(has_ipv6_loopback(), "this machine has no ::1")
    def test_it_listens_on_ipv6(self):
        with Cluster("--listen", "::1", "--storage-nodes", "1", "--analysis-processes", "0", host="::1") as cluster:
            cluster.admin.put("/a.txt", b"by IPv6")
            self.assertEqual(cluster.admin.get("/a.txt"), b"by IPv6")
            ready = json.loads((cluster.data / "ready.json").read_text())
            self.assertEqual(ready["url"], f"http://[::1]:{cluster.port}")

    def test_two_clusters_live_side_by_side(self):
        with Cluster("--storage-nodes", "3") as one, Cluster("--storage-nodes", "3") as two:
            one.admin.put("/who", b"one")
            two.admin.put("/who", b"two")
            self.assertEqual(one.admin.get("/who"), b"one")
            self.assertEqual(two.admin.get("/who"), b"two")
            self.assertEqual(Api(two.port, one.admin.token).call("GET", "/me").status, 401)

    def test_another_clusters_storage_node_folder_is_refused(self):
        with Cluster("--storage-nodes", "1") as one, Cluster("--storage-nodes", "1") as two:
            one.command("member", "stop", "n1", "--data", str(one.data))
            done = subprocess.run(
                [str(PROGRAM), "storage", "--data", str(one.data / "n1"), "--listen", f"127.0.0.41:{free_port()}",
                 "--index", f"http://127.0.0.1:{two.port}", "--join-token-file", str(two.data / "index/join-token")],
                capture_output=True, text=True, timeout=20)
            self.assertEqual(done.returncode, 2, done.stderr[-500:])
            self.assertIn("another cluster", done.stderr)

    def test_a_dead_member_starts_again_by_itself(self):
        with Cluster(restart_after="1s") as cluster:
            old = cluster.members()["n3"]["pid"]
            os.kill(old, signal.SIGKILL)
            wait_for("n3 to be started again",
                     lambda: cluster.members().get("n3", {}).get("pid", old) != old, 10)
            cluster.wait_up("n3")

    def test_idle_cluster_is_small(self):
        with Cluster() as cluster:
            time.sleep(2)
            pids = [cluster.process.pid, *(m["pid"] for m in cluster.members().values())]
            proportional = 0
            for pid in pids:
                for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        proportional += int(line.split()[1])
            print(f"\n  idle cluster: {proportional / 1024:.0f} MiB in {len(pids)} processes")
            self.assertLess(proportional / 1024, 450)


if __name__ == "__main__":
    unittest.main()
