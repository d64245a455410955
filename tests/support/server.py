"""The real thing: `yuantou serve` in a process group of its own, that a test may kill and start again."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

READY_SECONDS = 180
ROOT = Path(__file__).parents[2]


class Server:
    """One deployment: an address, a data directory, and web and worker processes when started."""

    def __init__(self, data_dir: Path, *, database_url: str | None = None, **environment: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "YUANTOU_ENV": "development",
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "PYTHONPATH": str(ROOT),
            **({"DATABASE_URL": database_url} if database_url else {}),
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None
        data_dir.mkdir(parents=True, exist_ok=True)

    def command(self, *arguments: str) -> str:
        """Run one `yuantou` command on this deployment and return what it printed."""
        command = [sys.executable, "-m", "storefront.cli", *arguments]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"yuantou {' '.join(arguments)} failed:\n{done.stderr}"
        return done.stdout

    def start(self, *arguments: str) -> None:
        """Start `yuantou serve` and wait until it is ready for people."""
        command = [sys.executable, "-m", "storefront.cli", "serve", *arguments]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until a page can be opened; fails when none can be in time."""
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and self._process and self._process.poll() is None:
            if self._is_ready():
                return
            time.sleep(0.1)
        self.kill()
        message = f"the server did not become ready:\n{self.log()[-4000:]}"
        raise AssertionError(message)

    def kill(self) -> None:
        """SIGKILL the whole group: nobody in it gets to finish anything."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop as Ctrl-C does, and the group for good if it does not listen."""
        self._end(signal.SIGINT)

    def behead(self) -> None:
        """SIGKILL the supervisor alone: what it started has to notice and go."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait(timeout=15)

    def restart(self) -> None:
        """Come back after a kill, on the same address and data."""
        self.kill()
        self.start()

    @property
    def pid(self) -> int:
        """The supervisor's process."""
        return self._process.pid if self._process else 0

    def log(self) -> str:
        """What the processes have said so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    @property
    def _log(self) -> Path:
        return self.data_dir / "server.log"

    def _is_ready(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == HTTPStatus.OK
        except (HTTPException, OSError):
            return False
        finally:
            connection.close()

    def _end(self, sign: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _signal_group(process.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
        _signal_group(process.pid, signal.SIGKILL)
        process.wait(timeout=15)


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _signal_group(group: int, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, sign)
