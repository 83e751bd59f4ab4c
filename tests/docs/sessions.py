"""sessions.py SOURCE PAGE... [--guest PAGE...]: the sessions that README, the manual pages and the tutorial show,
against what happens.

A block of a page (indented text of a .md, .Bd -literal or .Dl of a page of the manual) in which `proctor run` or
`proctor cc` occurs is run, command by command; what it does not say is printed.  `$ cat FILE` makes FILE of what
follows if there is none, and so does a block that begins with a comment of one word, a file's name.  Pages are each
a folder of their own.  Numbers of an event that no two runs share count as equal: addresses and nanoseconds.

Behind --guest, the blocks of a page are one session at the guest's prompt, but for those that call `proctor`; `> ` goes
on with a command.  Numbers of processes, dates and the shell's lines count as equal too.  What runs in the background
is waited for until it sleeps, and the guest counts instructions instead of time: each run is the same.
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


def plain_guest(text):
    for pattern, same in ((r"\b(\d+)/\1\b", "N/N"), (r"\b(held-by |p?pid |pgid |proc:/)\d+", r"\1N"),
                          (r"^\S*sh: \d+:", "sh: N:"), (r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d", "DATE")):
        text = re.sub(pattern, same, text, flags=re.M)
    return plain(text)


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


def difference(command, shown, happened):
    return "$ " + command + "\n" + "\n".join(
        difflib.unified_diff(shown.split("\n"), happened.split("\n"), "shown", "happened", lineterm=""))


def run_block(block):
    """The differences between what it shows and what happened."""
    for command, shown in commands(block):
        words = command.split()
        if words[0] == "cat" and len(words) == 2 and not os.path.exists(words[1]):
            write(words[1], shown)
            continue
        happened = output_of(command).decode(errors="replace").strip("\n")
        if plain(happened) != plain(shown):
            yield difference(command, shown, happened)


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


def guest_session(text):
    """Pairs of a command, its further lines included, and what follows it, of all blocks."""
    for block in blocks_of_markdown(text):
        for command, shown in commands(block):
            further = re.match(r"(> .*(\n|$))*", shown)[0]
            command += "".join("\n" + line[2:] for line in further.splitlines())
            if not command.startswith("./proctor"):
                yield command, shown[len(further):]


def run_guest_page(source, path):
    with open(path, encoding="utf-8") as file:
        session = list(guest_session(file.read()))
    mark = "mark " + os.urandom(8).hex()
    script = "exec 2>&1\n"
    for command, _ in session:
        wait = "until grep -q '^state asleep' proc:/$!/status; do :; done\n" if command.endswith("&") else ""
        script += f"{command}\n{wait}printf '\\n{mark}\\n'\n"
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write("session", script)
        output = output_of(f"{source}/proctor run --icount -v session:/session -- sh -c '. /session'")
        os.chdir("/")
    parts = output.decode(errors="replace").split(mark + "\n")
    if len(parts) != len(session) + 1:
        wrong += 1
        print(f"{path}: the session ended early:\n{parts[-1]}")
    for (command, shown), happened in zip(session, parts):
        shown, happened = shown.strip("\n"), happened.strip("\n")
        if plain_guest(shown) != plain_guest(happened):
            wrong += 1
            print(f"{path}:\n{difference(command, shown, happened)}")
    return len(session), wrong


def main():
    source = os.path.abspath(sys.argv[1])
    pages = sys.argv[2:]
    guests = pages.index("--guest") if "--guest" in pages else len(pages)
    results = [run_page(source, os.path.join(source, page)) for page in pages[:guests]]
    results += [run_guest_page(source, os.path.join(source, page)) for page in pages[guests + 1:]]
    ran = sum(result[0] for result in results)
    print(f"{ran} sessions")
    sys.exit(0 if ran and not any(result[1] for result in results) else 1)


main()
