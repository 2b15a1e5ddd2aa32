"""/metrics of every process: the format, the names, the page docs/metrics.md, and that work moves the counters."""

import http.client
import re
import time
import unittest

from cluster import ROOT, Cluster, wait_for
from exposition import Bad, Family, name_faults, parse

PAGE = ROOT / "docs" / "metrics.md"
ROW = re.compile(r"\| `(disgrafs_\w+)` \| (counter|gauge|histogram) \| ([^|]*) \| ([^|]*) \| (.*) \|")
SERIES_MAX = {"index": 9500, "storage": 1500, "worker": 1500}
LATER = "Absent until then."  # What the page says of a series that is not there from the start.
GOOD = '# HELP a_total Says.\n# TYPE a_total counter\na_total{x="1"} 2\na_total{x="2"} 0\n'


def histogram(*lines):
    return "# HELP h_seconds H.\n# TYPE h_seconds histogram\n" + "".join(line + "\n" for line in lines)


def scrape(address):
    host, _, port = address.rpartition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    try:
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        body = answer.read().decode()
        assert answer.status == 200, f"{address}: {answer.status}"
        kind = answer.getheader("Content-Type")
        assert kind == "text/plain; version=0.0.4; charset=utf-8", f"{address}: {kind}"
        return parse(body)
    finally:
        connection.close()


def value(families, name, **labels):
    return families[name].samples[(name, tuple(sorted(labels.items())))]


def total(scrapes, name, **labels):
    """Over several processes, and over the labels that are not named."""
    wanted = set(labels.items())
    return sum(number for families in scrapes for (sample, has), number in families[name.removesuffix("_count")
               if name.endswith("_seconds_count") else name].samples.items() if sample == name and wanted <= set(has))


def series(families):
    return {key for family in families.values() for key in family.samples}


def documented():
    """{name: (kind, labels, roles, meaning)} of the page."""
    rows = {}
    for line in PAGE.read_text().splitlines():
        match = ROW.fullmatch(line)
        if match:
            assert match[1] not in rows, f"{match[1]} stands twice on the page"
            split = [sorted(re.findall(r"\w+", cell)) for cell in (match[3], match[4])]
            rows[match[1]] = (match[2], *split, match[5])
    return rows


class Reader(unittest.TestCase):
    """A strict reader that accepts everything would prove nothing."""

    def test_what_is_right_is_read(self):
        families = parse(GOOD + histogram('h_seconds_bucket{le="1"} 2', 'h_seconds_bucket{le="+Inf"} 3',
                                          "h_seconds_sum 4.5e-3", "h_seconds_count 3"))
        self.assertEqual(value(families, "a_total", x="1"), 2)
        self.assertEqual(families["a_total"].label_names(), ["x"])
        self.assertEqual(families["h_seconds"].label_names(), [])

    def test_what_is_wrong_is_refused(self):
        bucket, rest = 'h_seconds_bucket{le="+Inf"} 3', ("h_seconds_sum 1", "h_seconds_count 3")
        cases = {
            "no end of line": GOOD[:-1],
            "no HELP": GOOD.split("\n", 1)[1],
            "no TYPE": GOOD.replace("# TYPE a_total counter\n", ""),
            "a type that is none": GOOD.replace("counter", "thing"),
            "a family twice": GOOD + GOOD,
            "a series twice": GOOD + 'a_total{x="1"} 2\n',
            "a stranger below": GOOD + "b_total 1\n",
            "no number": GOOD + 'a_total{x="3"} many\n',
            "not a number": GOOD + 'a_total{x="3"} NaN\n',
            "infinity": GOOD + 'a_total{x="3"} +Inf\n',
            "a negative counter": GOOD + 'a_total{x="3"} -1\n',
            "an open quote": GOOD + 'a_total{x="3} 1\n',
            "a wrong escape": GOOD + 'a_total{x="\\q"} 1\n',
            "a label twice": GOOD + 'a_total{x="3",x="4"} 1\n',
            "a comma too many": GOOD + 'a_total{x="3",} 1\n',
            "an empty line": GOOD + "\n",
            "a family without series": "# HELP z_total Z.\n# TYPE z_total counter\n" + GOOD,
            "a histogram without +Inf": histogram('h_seconds_bucket{le="1"} 3', *rest),
            "a histogram without sum": histogram(bucket, "h_seconds_count 3"),
            "a histogram that shrinks": histogram('h_seconds_bucket{le="1"} 4', bucket, *rest),
            "bounds out of order": histogram('h_seconds_bucket{le="2"} 1', 'h_seconds_bucket{le="1"} 1', bucket, *rest),
            "a count that is another": histogram(bucket, "h_seconds_sum 1", "h_seconds_count 4"),
        }
        for what, text in cases.items():
            with self.subTest(what), self.assertRaises(Bad):
                parse(text)

    def test_names_are_judged(self):
        cases = [("disgrafs_a_total", "counter", "Yes.", True), ("disgrafs_a_bytes_total", "counter", "Yes.", True),
                 ("disgrafs_a_seconds", "histogram", "Yes.", True), ("disgrafs_build_info", "gauge", "Yes.", True),
                 ("a_total", "counter", "No.", False), ("disgrafs_a", "counter", "No.", False),
                 ("disgrafs_a_total", "gauge", "No.", False), ("disgrafs_a_ms", "gauge", "No.", False),
                 ("disgrafs_bytes_a", "gauge", "No.", False), ("disgrafs_a_total", "counter", "no stop", False),
                 ("disgrafs_a", "histogram", "No.", False), ("disgrafs_A_total", "counter", "No.", False),
                 ("disgrafs_a_timestamp", "gauge", "No.", False), ("disgrafs_a_count", "gauge", "No.", False)]
        for name, kind, says, is_good in cases:
            family = Family(name, says)
            family.kind = kind
            self.assertEqual(name_faults(family) == [], is_good, f"{name} {kind} {says}")


class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster().__enter__()
        cls.addClassCleanup(cls.cluster.__exit__, None, None, None)
        for name in cls.cluster.members():
            if name != "index":
                cls.cluster.wait_up(name)
        cls.before_any_call = scrape(cls.cluster.members()["index"]["address"])
        cls.cluster.admin.put("/first.bin", bytes(3_000_000))  # Every link was used once.
        cls.cluster.admin.get("/first.bin")
        cls.wait_analysed()

    @classmethod
    def wait_analysed(cls):
        def is_done():
            state = cls.cluster.admin.status()["analysis"]
            return state["queued"] == 0 and state["running"] == 0
        wait_for("the analysis to end", is_done, 60)

    def scrapes(self):
        """{name: (role, families)} of all members."""
        members = self.cluster.members()
        self.assertEqual(sorted(m["role"] for m in members.values()), ["index", *["storage"] * 6, "worker"])
        return {name: (m["role"], scrape(m["address"])) for name, m in members.items()}

    def of_index(self):
        return scrape(self.cluster.members()["index"]["address"])

    def of_role(self, role):
        return [families for its, families in self.scrapes().values() if its == role]

    def test_every_process_keeps_the_rules_of_format_and_names(self):
        for name, (role, families) in self.scrapes().items():
            faults = {family.name: name_faults(family) for family in families.values()}
            self.assertEqual({n: f for n, f in faults.items() if f}, {}, name)
            self.assertEqual(value(families, "disgrafs_metrics_dropped_series_total"), 0, name)
            self.assertGreaterEqual(len(series(families)), 50, name)
            self.assertLessEqual(len(series(families)), SERIES_MAX[role], name)

    def test_the_page_names_every_metric_as_the_programs_do(self):
        rows, seen = documented(), {}
        for role, families in self.scrapes().values():
            for family in families.values():
                kind, labels, roles, says = seen.setdefault(
                    family.name, (family.kind, family.label_names(), set(), family.help))
                self.assertEqual((kind, labels, says), (family.kind, family.label_names(), family.help), family.name)
                roles.add(role)
        for name, (kind, labels, roles, says) in sorted(seen.items()):
            with self.subTest(name):
                self.assertIn(name, rows, "not on the page")
                self.assertEqual(rows[name][:3], (kind, labels, sorted(roles)))
                self.assertTrue(rows[name][3].startswith(says), f"{rows[name][3]!r} is not {says!r}")
        missing = {name for name in rows.keys() - seen.keys() if not rows[name][3].endswith(LATER)}
        self.assertEqual(missing, set(), "on the page, but in no process")

    def test_neither_names_nor_paths_nor_people_make_new_series(self):
        rows = documented()
        for _ in range(2):  # What is opened on the first use is there after the first round.
            before = {name: series(families) for name, (_, families) in self.scrapes().items()}
            self.use_everything()
        for name, (_, families) in self.scrapes().items():
            grown = {key for key in series(families) - before[name] if not rows[key[0]][3].endswith(LATER)}
            self.assertEqual(grown, set(), name)
            self.assertEqual(value(families, "disgrafs_metrics_dropped_series_total"), 0, name)
            for _, labels in series(families):
                for label, text in labels:
                    self.assertRegex(text, r"\A[A-Za-z0-9_.+-]{1,32}\Z", f"{name}: {label}")

    def use_everything(self):
        """Every operation of the API with odd names; most are refused, which counts as well."""
        api, self.round = self.cluster.admin, getattr(self, "round", 0) + 1
        for number in range(20):
            api.put(f"/多/{self.round}-{number} \"x\".txt", f"words {number} of {self.round}".encode())
            api.call("GET", f"/files/nothing/{number}\n{self.round}")
            api.call("GET", f"/no/such/{number}", raw=True)
            api.call("BREW", f"/files/{number}")
        other = api.login("admin", (self.cluster.data / "admin-password").read_text().strip())
        described = api.ok("GET", "/openapi.yaml").decode()
        calls = 0
        for path, methods in re.findall(r"^  (/\S*):\n((?:(?:    .*)?\n)+)", described, re.M):
            for method in re.findall(r"^    (get|put|post|delete|patch|head):", methods, re.M):
                filled = re.sub(r"\{\w+\}", f"nobody-{self.round}", path)
                if filled not in ("/ws",):
                    other.call(method.upper(), filled)
                    calls += 1
        self.assertGreater(calls, 30, "the description was not read")
        self.wait_analysed()

    def test_a_put_and_a_get_move_their_counters(self):
        content = bytes(range(256)) * 12_000
        before, worker = self.of_role("index"), self.of_role("worker")
        nodes = self.of_role("storage")
        self.cluster.admin.put("/moved/counters.txt", b"The counters of a process move. " * 100)
        self.cluster.admin.put("/moved/counters.bin", content)
        self.assertEqual(self.cluster.admin.get("/moved/counters.bin"), content)
        self.wait_analysed()

        # An upload is answered while its last shard may still be under way.
        def is_settled():
            index, stored = self.of_role("index"), self.of_role("storage")
            sent = total(index, "disgrafs_edge_requests_total", op="write_shard", result="ok")
            taken = total(stored, "disgrafs_storage_ops_total", op="write_shard", result="ok")
            jobs = total(self.of_role("worker"), "disgrafs_tag_jobs_total")
            return sent == taken and jobs == total(worker, "disgrafs_tag_jobs_total") + 2
        wait_for("every shard and finding to be counted", is_settled)
        after, worker_after = self.of_role("index"), self.of_role("worker")
        nodes_after = self.of_role("storage")

        def moved(name, old=before, new=after, **labels):
            return total(new, name, **labels) - total(old, name, **labels)

        self.assertEqual(moved("disgrafs_gateway_requests_total", op="put", code="2xx"), 2)
        self.assertEqual(moved("disgrafs_gateway_request_duration_seconds_count", op="put"), 2)
        self.assertEqual(moved("disgrafs_gateway_bytes_total", op="put", direction="in"), len(content) + 3200)
        self.assertEqual(moved("disgrafs_gateway_requests_total", op="get", code="2xx"), 1)
        self.assertEqual(moved("disgrafs_gateway_first_byte_seconds_count", op="get"), 1)
        self.assertEqual(moved("disgrafs_gateway_bytes_total", op="get", direction="out"), len(content))
        self.assertEqual(moved("disgrafs_index_files"), 2)
        self.assertEqual(moved("disgrafs_index_logical_bytes"), len(content) + 3200)
        self.assertGreater(moved("disgrafs_index_commit_duration_seconds_count"), 0)
        self.assertGreaterEqual(moved("disgrafs_ec_encode_bytes_total"), len(content))
        sent = moved("disgrafs_edge_requests_total", op="write_shard", result="ok")
        taken = moved("disgrafs_storage_ops_total", nodes, nodes_after, op="write_shard", result="ok")
        self.assertGreaterEqual(sent, 6)
        self.assertEqual(sent, taken)
        self.assertGreater(moved("disgrafs_storage_bytes_total", nodes, nodes_after, op="write_shard"), len(content))
        self.assertGreater(moved("disgrafs_storage_ops_total", nodes, nodes_after, op="read_shard", result="ok"), 0)
        self.assertEqual(moved("disgrafs_tag_jobs_total", worker, worker_after), 2)
        self.assertEqual(moved("disgrafs_tag_jobs_total", worker, worker_after, kind="text", result="ok"), 1)
        self.assertEqual(moved("disgrafs_tag_job_duration_seconds_count", worker, worker_after), 2)
        self.assertEqual(moved("disgrafs_tag_leases_total", result="ok"), 2)

    def test_calls_to_nodes_are_counted_from_zero_on(self):
        calls = self.before_any_call["disgrafs_edge_requests_total"].samples
        writes = {dict(labels)["peer"]: number for (_, labels), number in calls.items()
                  if dict(labels)["op"] == "write_shard" and dict(labels)["result"] == "ok"}
        self.assertEqual(list(writes.values()), [0] * 6, writes)

    def test_what_waits_for_analysis_tells_since_when(self):
        name, began = "disgrafs_tag_queue_oldest_timestamp_seconds", time.time()
        self.assertNotIn(name, self.of_role("index")[0], "nothing waits")
        self.cluster.kill("w1")
        try:
            self.cluster.admin.put("/waits.txt", b"Nobody reads this yet.")
            since = wait_for("the file to wait", lambda: self.of_index().get(name))
            self.assertAlmostEqual(since.samples[(name, ())], began, delta=60)
            self.assertEqual(value(self.of_index(), "disgrafs_tag_queue_length", kind="file"), 1)
        finally:
            self.cluster.revive("w1")
        self.wait_analysed()
        wait_for("the series to be gone", lambda: name not in self.of_index())

    def test_the_worker_says_how_it_is(self):
        worker = next(m for m in self.cluster.members().values() if m["role"] == "worker")
        host, _, port = worker["address"].rpartition(":")
        self.assertTrue(host.startswith("127."), "not on loopback")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        self.addCleanup(connection.close)
        connection.request("GET", "/api/v1/health")
        answer = connection.getresponse()
        body = answer.read()
        self.assertEqual(answer.status, 200, body)
        self.assertIn(b'"status":"ok"', body)
        self.assertIn(b'"role":"worker"', body)


if __name__ == "__main__":
    unittest.main()
