#!/usr/bin/env python3
"""`./dev bench life`: one whole life of a file in numbers, each beside a ceiling taken in the same run.

Starts a cluster of its own (release build) in a temporary folder, measures for about two minutes, prints a table and
ends. The client is plain sockets in several processes; its CPU is on the same two cores, so these are floors.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import random
import socket
import statistics
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "system"))
from cluster import Cluster, wait_for  # noqa: E402

MIB = 1024 * 1024


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


# ---- ceilings -------------------------------------------------------------------------------------------------

def ceiling_sync(folder, seconds=3):
    """Appends of 4 KiB with fdatasync to one file: operations/s and p50 in ms."""
    took = []
    handle = os.open(os.path.join(folder, "ceiling"), os.O_CREAT | os.O_WRONLY, 0o600)
    block, end = os.urandom(4096), time.perf_counter() + seconds
    while (begin := time.perf_counter()) < end:
        os.write(handle, block)
        os.fdatasync(handle)
        took.append(time.perf_counter() - begin)
    os.close(handle)
    return len(took) / seconds, 1000 * statistics.median(took)


def ceiling_write(folder, size=512 * MIB):
    """One sequential write with fdatasync at its end, MB/s."""
    handle = os.open(os.path.join(folder, "ceiling"), os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    block, begin = os.urandom(4 * MIB), time.perf_counter()
    for _ in range(size // len(block)):
        os.write(handle, block)
    os.fdatasync(handle)
    took = time.perf_counter() - begin
    os.close(handle)
    os.unlink(os.path.join(folder, "ceiling"))
    return size / took / 1e6


def ceiling_loopback(size=1024 * MIB):
    """One TCP stream over loopback, MB/s."""
    listener = socket.create_server(("127.0.0.1", 0))

    def send():
        connection, _ = listener.accept()
        block = bytes(MIB)
        for _ in range(size // len(block)):
            connection.sendall(block)
        connection.close()
    sender = multiprocessing.Process(target=send)
    sender.start()
    reader, buffer = socket.create_connection(listener.getsockname()), bytearray(MIB)
    begin = time.perf_counter()
    while reader.recv_into(buffer):
        pass
    took = time.perf_counter() - begin
    sender.join()
    listener.close()
    return size / took / 1e6


# ---- client ---------------------------------------------------------------------------------------------------

class Connection:
    """HTTP/1.1 keep-alive on one socket, nothing more than is measured."""

    def __init__(self, port, token):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.token, self.buffer = token, b""

    def send_head(self, method, path, size=0):
        self.socket.sendall((f"{method} /api/v1{path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\n"
                             f"Content-Length: {size}\r\n\r\n").encode())

    def head(self):
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self.socket.recv(65536)
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        length = next(int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length"))
        return int(lines[0].split()[1]), length

    def answer(self):
        """Status and body."""
        status, length = self.head()
        while len(self.buffer) < length:
            self.buffer += self.socket.recv(65536)
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return status, body

    def put(self, path, body):
        self.send_head("PUT", path, len(body))
        self.socket.sendall(body)
        return self.answer()[0]

    def get(self, path):
        self.send_head("GET", path)
        return self.answer()


def small_puts(port, token, worker, clients, seconds, queue):
    """`clients` threads that put 4 KiB files; the times of all."""
    took, end = [], time.perf_counter() + seconds

    def client(number):
        connection, body = Connection(port, token), os.urandom(4096)
        count = 0
        while (begin := time.perf_counter()) < end:
            status = connection.put(f"/files/bench/{worker}-{number}-{count}", body)
            assert status in (200, 201), status
            took.append(time.perf_counter() - begin)
            count += 1
    threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put(took)


def measure_small_puts(port, token, clients, seconds=8):
    """Durable 4 KiB PUTs: operations/s, p50 and p99 in ms."""
    workers = min(8, clients)
    queue = multiprocessing.Queue()
    running = [multiprocessing.Process(target=small_puts, args=(port, token, w, clients // workers, seconds, queue))
               for w in range(workers)]
    for process in running:
        process.start()
    took = [t for _ in running for t in queue.get()]
    for process in running:
        process.join()
    return len(took) / seconds, 1000 * percentile(took, 0.5), 1000 * percentile(took, 0.99)


def put_large(port, token, path, size):
    """One PUT of `size` incompressible bytes, MB/s."""
    connection, block = Connection(port, token), os.urandom(MIB)
    begin = time.perf_counter()
    connection.send_head("PUT", path, size)
    for _ in range(size // MIB):
        connection.socket.sendall(block)
    status, _ = connection.answer()
    assert status in (200, 201), status
    return size / (time.perf_counter() - begin) / 1e6


def get_large(port, token, path):
    """One GET, MB/s."""
    connection, buffer = Connection(port, token), bytearray(MIB)
    begin = time.perf_counter()
    connection.send_head("GET", path)
    status, length = connection.head()
    assert status == 200, status
    left = length - len(connection.buffer)
    while left > 0:
        got = connection.socket.recv_into(buffer)
        assert got > 0, "the answer was cut short"
        left -= got
    return length / (time.perf_counter() - begin) / 1e6


def memory(pids, field):
    """Largest of a field of /proc/PID/status in MiB, and the sum of proportional set sizes."""
    peaks = {}
    for name, pid in pids.items():
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                peaks[name] = int(line.split()[1]) / 1024
    return peaks


def proportional(pids):
    total = 0
    for pid in pids.values():
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def cpu_seconds(pids):
    total = 0
    for pid in pids.values():
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def measure_tagging(api, rounds=15):
    """Upload of a 10 KiB text until its tags can be read, ms."""
    words = "erasure code shard stripe parity node segment commit graph tag folder search index query worker".split()
    took = []
    for number in range(rounds + 2):
        text = " ".join(random.choice(words) + (". " if i % 9 == 8 else "") for i in range(1500))[:10240]
        begin = time.perf_counter()
        api.put(f"/texts/{number}.txt", text.encode())
        wait_for("tags", lambda n=number: api.ok("GET", f"/entries/texts/{n}.txt")["analysed"] == "ok", 30, every=0.01)
        if number >= 2:  # the first ones start the analyser
            took.append(1000 * (time.perf_counter() - begin))
    return percentile(took, 0.5), percentile(took, 0.95)


def measure_search(port, token, rounds=300):
    """Searches over everything that was put, p50 and p95 in ms."""
    connection, took = Connection(port, token), []
    for _ in range(rounds):
        begin = time.perf_counter()
        status, _ = connection.get("/search?q=" + random.choice(["parity", "erasur", "shard%20stripe", "tag:English", "segmnet"]))
        assert status == 200
        took.append(1000 * (time.perf_counter() - begin))
    return percentile(took, 0.5), percentile(took, 0.95)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", type=int, default=1024, help="MiB of the large file (1024)")
    parser.add_argument("--seconds", type=int, default=8, help="of each small-file measurement (8)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = []

    def row(what, value, unit, ceiling="", ratio=""):
        rows.append({"what": what, "value": round(value, 2), "unit": unit, "ceiling": ceiling, "ratio": ratio})
        print(f"{what:<46}{value:>10.1f} {unit:<8} {ceiling:<40} {ratio}", flush=True)

    with tempfile.TemporaryDirectory(prefix="disgrafs-bench-") as folder:
        rate, sync_ms = ceiling_sync(folder)
        write, loopback = ceiling_write(folder), ceiling_loopback()
    row("ceiling: 4 KiB append + fdatasync", rate, "/s")
    row("ceiling: the same, p50", sync_ms, "ms")
    row("ceiling: sequential write + fdatasync", write, "MB/s")
    row("ceiling: loopback TCP, one stream", loopback, "MB/s")

    with Cluster() as cluster:
        port, token = cluster.port, cluster.admin.token
        pids = {"up": cluster.process.pid, **{n: m["pid"] for n, m in cluster.members().items()}}
        time.sleep(3)
        before, idle = cpu_seconds(pids), 10
        row("idle: memory of all processes (PSS)", proportional(pids), "MiB")
        time.sleep(idle)
        row("idle: CPU of all processes", 100 * (cpu_seconds(pids) - before) / idle, "% core")

        tag_p50, tag_p95 = measure_tagging(cluster.admin)
        row("upload of 10 KiB text to tags readable, p50", tag_p50, "ms")
        row("  p95", tag_p95, "ms")
        _, one_p50, _ = measure_small_puts(port, token, 1, options.seconds)
        row("durable 4 KiB PUT, 1 client, p50", one_p50, "ms", f"fdatasync p50 {sync_ms:.2f} ms", f"{one_p50 / sync_ms:.1f} x")
        many, p50, p99 = measure_small_puts(port, token, 64, options.seconds)
        row("durable 4 KiB PUT, 64 clients", many, "/s", f"one log, one sync each: {rate:.0f}/s", f"{many / rate:.2f} x")
        row("  p50", p50, "ms")
        row("  p99", p99, "ms")

        size = options.large * MIB
        raw = 1.5  # 4+2
        put = put_large(port, token, "/files/large.bin", size)
        row(f"PUT {options.large} MiB", put, "MB/s", f"disk {write:.0f} MB/s, {raw} bytes written per byte", f"{put * raw / write:.2f}")
        get = get_large(port, token, "/files/large.bin")
        row(f"GET {options.large} MiB", get, "MB/s", f"loopback {loopback:.0f} MB/s", f"{get / loopback:.2f}")
        peaks = memory(pids, "VmHWM")
        worst = max(peaks, key=peaks.get)
        row("peak memory of a process during these", peaks[worst], "MiB", f"that of {worst}; bar 512 MiB")

        search_p50, search_p95 = measure_search(port, token)
        row(f"search over {cluster.admin.status()['files']} files, p50", search_p50, "ms")
        row("  p95", search_p95, "ms")

        for name in ("n1", "n4"):
            cluster.kill(name)
        wait_for("both to be seen", lambda: all(cluster.state_of(n) != "up" for n in ("n1", "n4")), 5)
        degraded = get_large(port, token, "/files/large.bin")
        row(f"degraded GET {options.large} MiB, two nodes away", degraded, "MB/s", "healthy GET", f"{degraded / get:.2f}")
    if options.json:
        print(json.dumps(rows))


if __name__ == "__main__":
    main()
