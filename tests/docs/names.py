"""The names of the tests, read from their sources as cmake/Cases.cmake reads them."""
import os
import re

SCRIPTS = {"rules": "rules", "host": "boot", "bench": "bench", "dash/scripts": "shell"}


def scan(path, group, pattern):
    with open(path, encoding="utf-8", errors="replace") as file:
        return [f"{group}.{name}" for name in re.findall(pattern, file.read(), re.M)]


def names_in(path, folder, file):
    """Of one file; folder is below tests/."""
    if folder in SCRIPTS:
        return [] if "." in file else [f"{SCRIPTS[folder]}.{file}"]
    if folder == "dash/snippets":
        return [f"shell.{file.replace('-', '_')}_as_on_the_host"]
    if folder == "unit" and file.endswith(".c"):
        return scan(path, "unit", r"^TEST\((\w+)\)")
    if folder.startswith("boot/") and file.endswith(".c"):
        return scan(path, folder[len("boot/"):], r"^TEST\((\w+)\)")
    if folder.startswith("shell/"):
        return scan(path, "shell", r"^## (\w+)$")
    return []


def test_names(source):
    """Each name with the file that it stands in, relative to the source."""
    names = {}
    tests = os.path.join(source, "tests")
    for folder, _, files in os.walk(tests):
        for file in files:
            path = os.path.join(folder, file)
            for name in names_in(path, os.path.relpath(folder, tests), file):
                names[name] = os.path.relpath(path, source)
    for file in os.listdir(os.path.join(source, "examples")):
        if file.endswith(".transcript"):
            stem = file[:-len(".transcript")].replace("-", "_")
            names[f"docs.{stem}_does_what_its_transcript_shows"] = "examples/" + file
    return names
