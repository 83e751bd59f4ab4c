"""The guest's console as a person has it: keys go in, the screen is read.

Used by the scripts of this folder.  A Console is a program on a pseudo-terminal,
`proctor` in most; `expect` waits for what the screen will show, however long the
machine takes, and ends the test when it does not come.
"""

import os
import pty
import re
import select
import signal
import sys
import time

ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]")


class Console:
    def __init__(self, argv, patience=60):
        self.patience = patience
        self.seen = b""  # not yet matched, without escapes
        self.whole = b""  # everything, raw
        self.met = 0  # of it, by expect_raw
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(argv[0], argv)

    def read(self, timeout):
        """More of the screen; False at its end or when nothing comes."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.whole += data
        self.seen = ESCAPES.sub(b"", self.seen + data)
        return bool(data)

    def fail(self, why):
        tail = self.whole[-3000:].decode("utf-8", "replace")
        print(f"{why}\nthe screen's last words:\n{tail}\n{tail[-400:]!r}")
        self.kill()
        sys.exit(1)

    def expect(self, pattern, patience=None):
        """Waits for the regular expression; returns its match."""
        wanted = re.compile(pattern.encode(), re.M)
        end = time.monotonic() + (patience or self.patience)
        while True:
            match = wanted.search(self.seen)
            if match:
                self.seen = self.seen[match.end():]
                return match
            left = end - time.monotonic()
            if left <= 0 or (not self.read(left) and
                             not wanted.search(self.seen)):
                self.fail(f"not seen: {pattern}")

    def expect_raw(self, wanted):
        """Waits for bytes that the screen does not show, behind the last such."""
        end = time.monotonic() + self.patience
        while wanted not in self.whole[self.met:]:
            left = end - time.monotonic()
            if left <= 0 or (not self.read(left) and
                             wanted not in self.whole[self.met:]):
                self.fail(f"not sent: {wanted!r}")
        self.met = self.whole.index(wanted, self.met) + len(wanted)

    def send(self, keys):
        os.write(self.fd, keys.encode() if isinstance(keys, str) else keys)

    def line(self, text):
        self.send(text + "\r")

    def end(self):
        """Waits for the program's end; returns its status as a shell has it."""
        limit = time.monotonic() + self.patience
        while self.read(max(0, limit - time.monotonic())):
            pass
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() >= limit:
                self.fail("it does not end")
            time.sleep(0.05)

    def kill(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


class Shell(Console):
    """A shell on the guest's console."""

    def prompt(self):
        """Waits until keys are read one by one: before, ^C is a signal."""
        self.expect(r"^\r# \r")

    def keys(self, keys):
        """Keys for the line editor, not for the terminal's own."""
        self.prompt()
        self.send(keys)

    def leave(self):
        self.line("exit 0")
        self.ended(0)

    def ended(self, status):
        got = self.end()
        if got != status:
            self.fail(f"ended with {got}, not {status}")


def proctor(*words):
    return [os.path.join(sys.argv[1], "proctor"), *words]


def shell(*options):
    """An interactive shell of its own; it is there when its prompt is."""
    os.environ.update(TERM="xterm")
    c = Shell(proctor("run", "--checked", "-t", "--timeout", "300",
                      "--env", "ENV=/etc/shrc", *options, "--", "sh"))
    c.expect("(?=\r# \r)")
    return c


def login():
    """The login shell, as ./proctor gives it."""
    c = Shell(proctor("demo"))
    c.expect(r"powers off\.\r\n")
    return c
