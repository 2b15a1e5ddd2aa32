"""src/gateway/openapi.yaml is what the server does: every operation answers as it says."""

import re
import unittest
import urllib.parse

import yaml

from cluster import ROOT, Cluster, wait_for


class OpenApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster("--storage-nodes", "3", "--analysis-processes", "0")
        cls.cluster.__enter__()
        # A session of its own, since one of the operations is the end of it.
        password = (cls.cluster.data / "admin-password").read_text().strip()
        cls.api = cls.cluster.admin.login("admin", password)
        cls.text = (ROOT / "src/gateway/openapi.yaml").read_bytes()
        cls.spec = yaml.safe_load(cls.text)
        cls.file = cls.api.put("/a/b.txt", b"hello")
        cls.api.put("/gone.txt", b"gone")
        cls.api.ok("DELETE", "/files/gone.txt")
        cls.api.ok("POST", "/groups", {"name": "g"})
        cls.api.ok("POST", "/users", {"name": "u", "password": "u-password-123"})

    @classmethod
    def tearDownClass(cls):
        cls.cluster.__exit__(None, None, None)

    def test_server_serves_the_file_of_the_tree(self):
        self.assertEqual(self.api.ok("GET", "/openapi.yaml"), self.text)

    def resolve(self, schema):
        while "$ref" in schema:
            node = self.spec
            for part in schema["$ref"].split("/")[1:]:
                node = node[part]
            schema = node
        return schema

    def check(self, schema, value, where):
        """The part of JSON Schema that the file uses; unknown members are errors, so that none is forgotten."""
        schema = self.resolve(schema)
        if "allOf" in schema:
            merged = {"type": "object", "properties": {}, "required": []}
            for part in map(self.resolve, schema["allOf"]):
                merged["properties"].update(part.get("properties", {}))
                merged["required"] += part.get("required", [])
            schema = merged
        if value is None:
            self.assertTrue(schema.get("nullable"), f"{where} is null")
            return
        kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
        if "type" in schema:
            self.assertIsInstance(value, kinds[schema["type"]], where)
        if "enum" in schema:
            self.assertIn(value, schema["enum"], where)
        if isinstance(value, dict):
            for name in schema.get("required", []):
                self.assertIn(name, value, where)
            for name, member in value.items():
                if name in schema.get("properties", {}):
                    self.check(schema["properties"][name], member, f"{where}.{name}")
                elif isinstance(schema.get("additionalProperties"), dict):
                    self.check(schema["additionalProperties"], member, f"{where}.{name}")
                else:
                    self.assertTrue(schema.get("additionalProperties"), f"{where} has an undescribed member {name}")
        if isinstance(value, list):
            for index, item in enumerate(value):
                self.check(schema["items"], item, f"{where}[{index}]")

    def call(self, method, path, operation):
        trash = self.api.ok("GET", "/trash")["entries"]
        fill = {"path": "a/b.txt" if "/folders" not in path else "a", "id": self.file["id"], "tag": "word", "name": "u", "user": "u",
                "version": "1"}
        if path.startswith("/trash/"):
            fill["id"] = trash[0]["entry"]["id"] if trash else self.file["id"]
        if path.startswith("/groups/"):
            fill["name"] = "g"
        bodies = {
            "move": {"from": "/a/b.txt", "to": "/a/b.txt2"}, "add_tag": {"name": "word"}, "judge_tag": {"state": "accepted"},
            "add_user": {"name": "v", "password": "v-password-123"}, "change_user": {"quota_bytes": 5}, "add_group": {"name": "h"},
            "grant": {"path": "/a", "principal": "user:u"}, "login": {"user": "u", "password": "u-password-123"},
            "change_password": {"old": "wrong", "new": "something long"}, "put_file": b"hello",
        }
        queries = {"search": {"q": "hello"}, "grants": {"path": "/a"}, "revoke": {"path": "/a", "principal": "user:u"}}
        url = "/api/v1" + re.sub(r"\{(\w+)\}", lambda m: urllib.parse.quote(fill[m.group(1)]), path)
        return self.api.call(method.upper(), url, bodies.get(operation["operationId"]), raw=True,
                             query=queries.get(operation["operationId"]))

    def test_every_operation_answers_as_described(self):
        last = {"logout", "delete", "move", "purge", "restore"}
        operations = [(method, path, operation) for path, item in self.spec["paths"].items()
                      for method, operation in item.items() if method != "parameters"]
        operations.sort(key=lambda o: (o[2]["operationId"] in last, o[2]["operationId"] == "logout"))
        first = [o for o in operations if o[2]["operationId"] in ("add_tag", "grant")]
        operations = first + [o for o in operations if o not in first]
        for method, path, operation in operations:
            with self.subTest(operation=operation["operationId"]):
                got = self.call(method, path, operation)
                described = {str(k): v for k, v in operation["responses"].items()}
                self.assertIn(str(got.status), described, f"{method} {path}: {got.status} {got.body[:200]!r}")
                answer = self.resolve(described[str(got.status)])
                kind = got.headers.get("Content-Type", "").split(";")[0]
                schemas = answer.get("content", {})
                if got.body and kind in schemas and kind.endswith("json"):
                    self.check(schemas[kind]["schema"], got.json(), operation["operationId"])

    def test_search_answer_is_as_described(self):
        api = self.cluster.admin
        wait_for("the index to follow", lambda: api.ok("GET", "/search", query={"q": "home"})["hits"])
        answer = api.ok("GET", "/search", query={"q": "home OR b OR a"})
        self.check({"$ref": "#/components/schemas/SearchAnswer"}, answer, "search")


if __name__ == "__main__":
    unittest.main()
