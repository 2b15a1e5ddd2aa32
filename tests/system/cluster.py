"""A local cluster as a test sees it: started by `disgrafs up`, driven over HTTP, ended by its pids."""

import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build" / "release" / "bin" / "disgrafs"


def free_port():
    """A port on 127.0.0.1 that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, ask, seconds=30.0, every=0.05):
    """The first true answer of `ask`; fails with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    answer = None
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(every)
    raise AssertionError(f"not within {seconds} s: {what}; last answer {answer!r}")


class Answer:
    """Status, headers and body of one HTTP answer."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Api:
    """The HTTP API with one user's token. Paths are below /api/v1 and given decoded."""

    def __init__(self, port, token=None, host="127.0.0.1"):
        self.port, self.token, self.host = port, token, host

    def call(self, method, path, body=None, headers=None, query=None, raw=False, timeout=120):
        url = path if raw else "/api/v1" + urllib.parse.quote(path)
        if query:
            url += "?" + urllib.parse.urlencode(query)
        sent = dict(headers or {})
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if isinstance(body, (dict, list)):
            body, sent["Content-Type"] = json.dumps(body), "application/json"
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            connection.request(method, url, body=body, headers=sent)
            got = connection.getresponse()
            return Answer(got.status, dict(got.getheaders()), got.read())
        finally:
            connection.close()

    def ok(self, method, path, body=None, **more):
        """The parsed answer of a call that must succeed."""
        got = self.call(method, path, body, **more)
        assert 200 <= got.status < 300, f"{method} {path}: {got.status} {got.body[:300]!r}"
        is_json = got.headers.get("Content-Type", "").startswith("application/json")
        return got.json() if is_json and got.body else got.body

    def login(self, user, password):
        session = self.ok("POST", "/login", {"user": user, "password": password})
        return Api(self.port, session["token"], self.host)

    def put(self, path, content, **more):
        return self.ok("PUT", "/files" + path, content, **more)

    def get(self, path):
        return self.ok("GET", "/files" + path)

    def status(self):
        return self.ok("GET", "/cluster")


class Cluster:
    """`disgrafs up` on a folder of its own; a context manager."""

    def __init__(self, *options, data=None, port=None, restart_after="never", samples=False, host="127.0.0.1"):
        self.own_folder = data is None
        self.data = pathlib.Path(data or tempfile.mkdtemp(prefix="disgrafs-test-"))
        self.port = port or free_port()
        self.host = host
        self.options = [*options, "--restart-after", restart_after]
        if not samples:
            self.options.append("--no-samples")
        self.process = None
        self.admin = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()
        if error[0] is not None:
            self.show_logs()
        if self.own_folder:
            shutil.rmtree(self.data, ignore_errors=True)

    def start(self):
        """Start and wait for the line `ready …`; then self.admin is signed in."""
        command = [str(PROGRAM), "up", "--data", str(self.data), "--port", str(self.port), *self.options]
        self.began = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.output = []
        for line in self.process.stdout:
            self.output.append(line)
            if line.startswith("ready "):
                break
        else:
            raise AssertionError("up ended early:\n" + "".join(self.output))
        self.start_seconds = time.monotonic() - self.began
        if self.admin is None:
            password = (self.data / "admin-password").read_text().strip()
            self.admin = Api(self.port, host=self.host).login("admin", password)
        return self

    def stop(self, number=signal.SIGINT, seconds=10.0):
        """End `up` as Ctrl-C does; returns how long it took."""
        if self.process is None:
            return 0.0
        began = time.monotonic()
        self.process.send_signal(number)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"up did not end within {seconds} s") from None
        finally:
            self.process.stdout.close()
            self.process = None
        return time.monotonic() - began

    def members(self):
        return {m["id"]: m for m in json.loads((self.data / "ready.json").read_text())["members"]}

    def kill(self, name, number=signal.SIGKILL):
        """kill -9 a member; waits until its process is gone from ready.json."""
        pid = self.members()[name]["pid"]
        os.kill(pid, number)
        wait_for(f"{name} to be gone", lambda: name not in self.members())

    def command(self, *words, check=True, stdin=None, environment=None):
        """Run another disgrafs command with this cluster's address and token; `environment` is put on top."""
        environment = {**os.environ, "DISGRAFS_URL": f"http://127.0.0.1:{self.port}",
                       "DISGRAFS_TOKEN": self.admin.token, "HOME": str(self.data), **(environment or {})}
        done = subprocess.run([str(PROGRAM), *words], env=environment, input=stdin, capture_output=True, timeout=120)
        if check:
            assert done.returncode == 0, f"{words}: {done.returncode} {done.stderr.decode()}"
        return done

    def revive(self, name):
        self.command("member", "start", name, "--data", str(self.data))
        self.wait_up(name)

    def state_of(self, name):
        return next((m["state"] for m in self.admin.status()["members"] if m["name"] == name), None)

    def wait_up(self, name):
        wait_for(f"{name} to be up", lambda: self.state_of(name) == "up")

    def wait_repaired(self, seconds=180.0):
        """Until nothing waits for repair and every stripe has its full margin again."""
        def is_whole():
            repair = self.admin.status()["repair"]
            return repair["queued_stripes"] == 0 and repair["queued_contents"] == 0
        wait_for("the repair to end", is_whole, seconds, every=0.3)

    def show_logs(self):
        for path in sorted((self.data / "log").glob("*.log")):
            lines = [line for line in path.read_text(errors="replace").splitlines() if '"level":"info"' not in line]
            if lines:
                print(f"--- {path.name}", *lines[-15:], sep="\n")
