"""From upload to tag to found: analysis, similar files, search, live events."""

import base64
import hashlib
import json
import os
import pathlib
import socket
import struct
import time
import unittest

from cluster import ROOT, Cluster, wait_for

WHALES = b"""The blue whale is the largest animal. Blue whales feed on krill in cold oceans. A blue whale sings deep notes,
and other blue whales hear the song across an ocean. Krill swarms drift near the sea ice. Whaling nearly ended the blue whale."""
KRILL = b"""Krill are small crustaceans that drift in swarms near the sea ice. The blue whale feeds on krill swarms. In cold
oceans krill graze on plankton at night. Fewer krill swarms mean hungry blue whales."""
BREAD = b"""Rye bread is baked with sourdough starter. The dough of rye flour is sticky, the crumb sets over night. Knead wheat
dough longer than rye dough, and feed the sourdough starter every day."""


class LiveSocket:
    """A WebSocket client for text messages (RFC 6455), enough for one test."""

    def __init__(self, port, token, query=""):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET /ws{query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nUpgrade: websocket\r\n"
                             f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self.socket.recv(4096)
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        proof = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        assert b" 101 " in head and proof in head, head

    def need(self, count):
        while len(self.buffer) < count:
            more = self.socket.recv(65536)
            assert more, "the socket was closed"
            self.buffer += more
        got, self.buffer = self.buffer[:count], self.buffer[count:]
        return got

    def message(self):
        first, size = self.need(2)
        if size == 126:
            size = struct.unpack(">H", self.need(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self.need(8))[0]
        body = self.need(size)
        return json.loads(body) if first & 15 == 1 else self.message()

    def until(self, matches):
        """Messages up to the first that matches, itself last."""
        seen = []
        while True:
            seen.append(self.message())
            if matches(seen[-1]):
                return seen

    def close(self):
        self.socket.close()


class Understanding(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("--storage-nodes", "6")
        cls.cluster.__enter__()
        cls.api = cls.cluster.admin

    @classmethod
    def tearDownClass(cls):
        cls.cluster.__exit__(None, None, None)

    def analysed(self, path, seconds=30):
        def done():
            entry = self.api.ok("GET", "/entries" + path)
            return entry if entry["analysed"] != "queued" else None
        return wait_for(f"{path} to be analysed", done, seconds)

    def find(self, words):
        return [h["path"] for h in self.api.ok("GET", "/search", query={"q": words})["hits"]]

    def test_text_gets_tags_is_found_and_linked_with_a_reason(self):
        self.api.put("/sea/whales.txt", WHALES)
        self.api.put("/sea/krill.txt", KRILL)
        self.api.put("/kitchen/bread.txt", BREAD)
        for path in ("/sea/whales.txt", "/sea/krill.txt", "/kitchen/bread.txt"):
            self.assertEqual(self.analysed(path)["analysed"], "ok")
        whales = self.api.ok("GET", "/entries/sea/whales.txt")
        names = [t["name"] for t in whales["file_tags"]]
        self.assertIn("English", names)
        self.assertTrue(any("whale" in n for n in names), names)
        self.assertTrue(all(0 <= t["score"] <= 1 for t in whales["file_tags"]))
        similar = {s["entry"]["path"]: s for s in whales["similar"]}
        wait_for("the two to be linked",
                 lambda: any(s["entry"]["path"] == "/sea/krill.txt"
                             for s in self.api.ok("GET", "/entries/sea/whales.txt")["similar"]))
        similar = {s["entry"]["path"]: s for s in self.api.ok("GET", "/entries/sea/whales.txt")["similar"]}
        self.assertNotIn("/kitchen/bread.txt", similar)
        self.assertTrue(similar["/sea/krill.txt"]["why"])
        wait_for("the index to follow", lambda: "/sea/whales.txt" in self.find("crustaceans OR whaling"))
        self.assertEqual(self.find("sourdough in:/kitchen"), ["/kitchen/bread.txt"])
        self.assertIn("/sea/whales.txt", self.find("whal"), "half a name")
        self.assertIn("/kitchen/bread.txt", self.find("braed"), "a misspelt name")
        self.assertEqual(self.find("krill in:/kitchen"), [])

    def test_chinese_is_tagged_and_found_by_two_characters(self):
        text = "蓝鲸是地球上最大的动物。蓝鲸以磷虾为食，磷虾群生活在寒冷的海洋里。海洋中的蓝鲸用低沉的歌声互相呼唤。" * 3
        self.api.put("/中文/蓝鲸.txt", text.encode())
        entry = self.analysed("/中文/蓝鲸.txt", 60)
        tags = [t["name"] for t in entry["file_tags"]]
        self.assertTrue(any("蓝鲸" in t or "磷虾" in t or "海洋" in t for t in tags), tags)
        for words in ("磷虾", "歌声", "蓝鲸", "寒冷的海洋"):
            wait_for(f"{words} to be found", lambda w=words: "/中文/蓝鲸.txt" in self.find(w))

    def test_live_events_tell_of_file_and_tags_and_resume_without_a_gap(self):
        live = LiveSocket(self.cluster.port, self.api.token)
        hello = live.message()
        self.assertEqual(hello["type"], "hello")
        self.api.put("/live/one.txt", WHALES)
        seen = live.until(lambda m: m["type"] == "file.tagged" and m["path"] == "/live/one.txt" and m["file_tags"])
        created = next(m for m in seen if m["type"] == "file.created")
        self.assertEqual(created["entry"]["path"], "/live/one.txt")
        self.assertGreater(created["event"], hello["event"])
        live.close()
        self.api.ok("POST", "/move", {"from": "/live/one.txt", "to": "/live/two.txt"})
        again = LiveSocket(self.cluster.port, self.api.token, f"?after={seen[-1]['event']}")
        moved = again.until(lambda m: m["type"] == "entry.moved")[-1]
        self.assertEqual((moved["from"], moved["entry"]["path"]), ("/live/one.txt", "/live/two.txt"))
        self.api.ok("DELETE", "/files/live/two.txt")
        deleted = again.until(lambda m: m["type"] == "entry.deleted")[-1]
        self.assertEqual(deleted["path"], "/live/two.txt")
        self.assertGreater(deleted["event"], moved["event"])
        again.close()

    def test_a_broken_file_is_marked_with_its_reason_and_the_rest_goes_on(self):
        self.api.put("/broken/bad.pdf", b"%PDF-1.7\n" + b"\xff" * 5000)
        self.api.put("/broken/good.txt", BREAD)
        self.assertEqual(self.analysed("/broken/good.txt")["analysed"], "ok")
        entry = self.analysed("/broken/bad.pdf", 60)
        self.assertEqual(entry["analysed"], "failed")
        self.assertTrue(entry["analysis"]["reason"])
        self.assertEqual(self.api.get("/broken/bad.pdf")[:8], b"%PDF-1.7")

    def test_peoples_word_outranks_the_models(self):
        self.api.put("/judge/w.txt", WHALES)
        entry = self.analysed("/judge/w.txt")
        tag = entry["file_tags"][-1]["name"]
        self.api.ok("PUT", f"/nodes/{entry['id']}/tags/{tag}", {"state": "rejected"})
        self.api.ok("POST", f"/nodes/{entry['id']}/tags", {"name": "my own word"})
        self.api.ok("POST", f"/nodes/{entry['id']}/analyse")
        time.sleep(0.2)
        entry = self.analysed("/judge/w.txt")
        states = {t["name"]: t["state"] for t in entry["file_tags"]}
        self.assertEqual(states[tag], "rejected")
        self.assertEqual(states["my own word"], "accepted")

    def test_worker_killed_at_work_loses_nothing(self):
        for number in range(30):
            self.api.put(f"/many/{number}.txt", KRILL + str(number).encode())
        self.cluster.kill("w1")
        self.cluster.command("member", "start", "w1", "--data", str(self.cluster.data))
        for number in range(30):
            self.assertEqual(self.analysed(f"/many/{number}.txt", 60)["analysed"], "ok")

    def test_samples_of_every_kind_are_understood(self):
        for path in sorted((ROOT / "samples").rglob("*")):
            if path.is_file():
                self.api.put("/samples/" + str(path.relative_to(ROOT / "samples")), path.read_bytes())
        kinds = {"ocean/whale-migration.pdf": "PDF", "astronomy/saturn.png": "PNG", "cycling/voice-note.wav": "WAV"}
        for name, kind in kinds.items():
            entry = self.analysed("/samples/" + name, 60)
            self.assertEqual(entry["analysed"], "ok", entry["analysis"])
            self.assertIn(kind, " ".join(t["name"] for t in entry["file_tags"]))
        self.assertEqual(self.analysed("/samples/astronomy/saturn.png")["properties"]["width"], 640)
        small = self.analysed("/samples/astronomy/saturn-small.jpg")
        linked = wait_for("the pictures to be linked",
                          lambda: self.api.ok("GET", "/entries/samples/astronomy/saturn-small.jpg")["similar"])
        self.assertEqual(linked[0]["entry"]["name"], "saturn.png", small["similar"])


if __name__ == "__main__":
    unittest.main()
