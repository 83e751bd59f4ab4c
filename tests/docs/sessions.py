"""sessions.py SOURCE PAGE...: the sessions that README and the manual pages show, against what happens.

A block of a page (indented text of a .md, .Bd -literal or .Dl of a page of the manual) in which `proctor run` or
`proctor cc` occurs is run, command by command; what it does not say is printed.  `$ cat FILE` makes FILE of what
follows if there is none, and so does a block that begins with a comment of one word, a file's name.  Pages are each
a folder of their own.  Numbers of an event that no two runs share count as equal: addresses and nanoseconds.
"""
import difflib
import os
import re
import signal
import subprocess
import sys
import tempfile

NAMED = re.compile(r"(?:--|//|/\*|#) (\w+\.\w+)(?: \*/)?$")
RUNS = re.compile(r"^\$ .*\./proctor (run|cc)\b", re.M)


def blocks_of_markdown(text):
    block = []
    for line in text.splitlines() + ["."]:
        if line.startswith("    ") or (block and not line.strip()):
            block.append(line[4:])
        elif block:
            yield "\n".join(block).strip("\n")
            block = []


def blocks_of_manual(text):
    for found in re.finditer(r"^\.Bd -literal.*\n([^\0]*?)^\.Ed|^\.Dl (\$ .*)", text, re.M):
        yield (found[1] or found[2]).strip("\n").replace("\\e", "\\").replace("\\&", "")


def commands(block):
    """Pairs of a command and the lines that follow it."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown.strip("\n")


def plain(text):
    text = re.sub(r"0x[0-9a-f]{5,}", "0xN", text)
    return re.sub(r"(= \S+) \d{3,}$", r"\1 NS", text, flags=re.M)


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def output_of(command):
    """What it prints; after two minutes it ends with all that it started."""
    with subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, start_new_session=True) as done:
        try:
            return done.communicate(timeout=120)[0]
        except subprocess.TimeoutExpired:
            os.killpg(done.pid, signal.SIGKILL)
            return done.communicate()[0] + b"\nthe time is over\n"


def run_block(block):
    """The differences between what it shows and what happened."""
    for command, shown in commands(block):
        words = command.split()
        if words[0] == "cat" and len(words) == 2 and not os.path.exists(words[1]):
            write(words[1], shown)
            continue
        happened = output_of(command).decode(errors="replace").strip("\n")
        if plain(happened) != plain(shown):
            yield "$ " + command + "\n" + "\n".join(
                difflib.unified_diff(shown.split("\n"), happened.split("\n"), "shown", "happened", lineterm=""))


def joined(blocks):
    """A .Dl with a command and the block behind it, which is what it prints, are one."""
    command = None
    for block in blocks:
        if command:
            block = command + "\n" + block
        command = block if block.startswith("$ ") and "\n" not in block else None
        if not command:
            yield block
    if command:
        yield command


def run_page(source, path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    blocks = blocks_of_markdown(text) if path.endswith(".md") else joined(blocks_of_manual(text))
    ran, wrong = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.symlink(os.path.join(source, "proctor"), "proctor")
        for block in blocks:
            named = NAMED.match(block.split("\n")[0])
            if named:
                write(named[1], block)
            elif RUNS.search(block):
                ran += 1
                for difference in run_block(block):
                    wrong += 1
                    print(f"{path}:\n{difference}")
        os.chdir("/")
    return ran, wrong


def main():
    source = os.path.abspath(sys.argv[1])
    results = [run_page(source, os.path.join(source, page)) for page in sys.argv[2:]]
    ran = sum(result[0] for result in results)
    print(f"{ran} sessions")
    sys.exit(0 if ran and not any(result[1] for result in results) else 1)


main()
