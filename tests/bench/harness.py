"""What the benches share: the simulator and the host as programs, one shop, and what a run cost.

Times are seconds by the monotonic clock, CPU seconds are the kernel's count for one child, memory is its
peak resident size in MiB.
"""
import argparse
import contextlib
import dataclasses
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass
class Cost:
    """One child's whole life."""

    wall: float
    cpu: float
    rss: float
    code: int


def arguments(text, **more):
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "build" / "release" / "bin",
                        help="folder of the built programs")
    parser.add_argument("--runs", type=int, default=5, help="measured runs; the median is what counts")
    for name, (kind, default, help_text) in more.items():
        parser.add_argument("--" + name, type=kind, default=default, help=help_text)
    return parser.parse_args()


def run_child(command, **options):
    """Runs to the end; wait4 gives this child's cost and no other's."""
    began = time.monotonic()
    child = subprocess.Popen([str(part) for part in command], **options)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return Cost(time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024,
                child.returncode)


def cpu_of(pid):
    """CPU seconds so far of a process that runs."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def folder(where=None):
    made = pathlib.Path(tempfile.mkdtemp(prefix="marketplug-bench.", dir=where))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


class Simulator:
    """amazon-sandbox on free ports; `ready` is what it wrote of itself."""

    def __init__(self, programs, data, *options):
        self.programs, self.data = programs, data
        self.log = open(data / "simulator.log", "wb")
        ready = data / "ready.json"
        self.process = subprocess.Popen([str(programs / "amazon-sandbox"), "serve", "--data", str(data), "--ready-file",
                                         str(ready), *[str(option) for option in options]], stdout=self.log,
                                        stderr=self.log)
        while not (ready.exists() and ready.stat().st_size):
            if self.process.poll() is not None:
                raise SystemExit("the simulator did not start:\n" + (data / "simulator.log").read_text())
            time.sleep(0.02)
        self.ready = json.loads(ready.read_text())

    def cpu(self):
        return cpu_of(self.process.pid)

    def control(self, *command):
        return subprocess.run([str(self.programs / "amazon-sandbox"), *command, "--data", str(self.data)], check=True,
                              capture_output=True, text=True).stdout

    def operation(self, name):
        """The simulator's counts of one operation; zeros before it was asked for."""
        header, *rows = self.control("stats").splitlines()
        for row in rows:
            if row.split()[0] == name:
                return dict(zip(header.split()[1:], map(int, row.split()[1:])))
        return dict.fromkeys(header.split()[1:], 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.log.close()


class Host:
    """`marketplug` with one shop for a simulator, its state in a folder of its own."""

    def __init__(self, programs, state, ready, *, poll_seconds=300, marketplaces="NL, DE, FR", start_date="2026-01-01",
                 isolation="none"):
        self.programs, self.state = programs, state
        (state / "shops.d").mkdir()
        self.config = state / "marketplug.yaml"
        self.config.write_text(f"""\
store: {{ url: "sqlite:marketplug.db" }}
shops: {{ folder: ./shops.d }}
http:
  ca_file: {ready["ca_file"]}
  allow_private: [ "{ready["api"].removeprefix("https://")}" ]
log: {{ level: warning, format: text }}
""")
        (state / "shops.d" / "shop-bench.yaml").write_text(f"""\
id: shop-bench
name: Bench
plugin: amazon
enabled: true
currency: EUR
poll_seconds: {poll_seconds}
isolation: {isolation}
settings:
  account:
    region: EU
    marketplaces: [{marketplaces}]
    authorization:
      kind: self
      seller_id: {ready["seller_id"]}
      lwa_client_id: ${{env:LWA_CLIENT_ID}}
      lwa_client_secret: ${{env:LWA_CLIENT_SECRET}}
      refresh_token: ${{env:LWA_REFRESH_TOKEN}}
    endpoints: {{ api: "{ready["api"]}", lwa: "{ready["lwa"]}" }}
  orders: {{ enabled: true, pii_access: true, import_new: true, start_date: {start_date} }}
""")
        self.environment = dict(os.environ, LWA_CLIENT_ID=ready["client_id"], LWA_CLIENT_SECRET=ready["client_secret"],
                                LWA_REFRESH_TOKEN=ready["refresh_token"])

    def command(self, *words):
        return [self.programs / "marketplug", "--config", self.config, *words]

    def run(self, *words):
        return run_child(self.command(*words), env=self.environment, stdout=subprocess.DEVNULL)

    def text(self, *words):
        return subprocess.run([str(part) for part in self.command(*words)], env=self.environment, check=True,
                              capture_output=True, text=True).stdout

    def start(self, *words, **options):
        return subprocess.Popen([str(part) for part in self.command(*words)], env=self.environment, **options)


def spread(values, digits=2):
    """median (lowest to highest)"""
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"
