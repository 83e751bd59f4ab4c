"""index.py SOURCE: docs/index.md, on stdout; index.py SOURCE --check: what is wrong, and status 1 if anything is.

Behind each sentence of PAGES, but in NAME, SYNOPSIS, EXAMPLES and SEE ALSO, a comment line names the tests that
check it:

	.\\" tests: proc.reading_on_is_the_advance unit.another
	.\\" tests of 2: ...       they check the two sentences before the line
	.\\" no test: WHY         the sentence promises nothing that a test could find broken
	.\\" no test of 2: WHY

A line belongs to the sentences directly before it and to no others, so that a sentence that is added asks for its
own.  Names that do not fit into the line go on in a `tests:` line behind it.  An item of a list without text counts as
a sentence, and so do displays unless the sentence before them has no end yet.
"""
import os
import sys

from mdoc import Page
from names import test_names

PAGES = ["docs/man/man4/proc.4", "docs/man/man4/sys.4"]
LISTED = ["proc", "security"]  # the groups of which the tests that no sentence names are shown
INDEX = "docs/index.md"
HOW = f"python3 -B tests/docs/index.py . >{INDEX}"

HEAD = f"""# Which test checks which sentence

Each sentence of these pages of the manual, with the tests that check it. `./proctor test NAME` runs one. The
names stand in the sources of the pages, in comments behind the sentences; `tests/docs/index.py` says how they are
written. This file is made of them:

    $ {HOW}
"""


def body(pages):
    for page in pages:
        yield f"\n## {page.name}({page.path[-1]})"
        section = None
        for sentence in page.sentences:
            if sentence.section != section:
                section = sentence.section
                yield f"\n### {section}\n"
            yield "- " + sentence.text
            yield "  - " + (", ".join(sentence.tests) or "no test: " + sentence.why)


def unnamed(pages, names):
    named = {test for page in pages for sentence in page.sentences for test in sentence.tests}
    yield f"\n## Tests of {' and '.join(LISTED)} that no sentence names"
    file = None
    for name in sorted(names, key=lambda name: (names[name], name)):
        if name.split(".")[0] in LISTED and name not in named:
            if names[name] != file:
                file = names[name]
                yield f"\n{file}:\n"
            yield "- " + name


def wrongs(pages, names):
    for page in pages:
        yield from (f"{page.path}:{line}: {what}" for line, what in page.wrong)
        for sentence in page.sentences:
            where = f"{page.path}:{sentence.line}: "
            if not sentence.tests and not sentence.why:
                yield where + f"no line of tests behind this sentence: {sentence.text}"
            for test in sentence.tests:
                if test not in names:
                    yield where + f"there is no test {test}, named behind this sentence: {sentence.text}"


def main():
    source = sys.argv[1]
    names = test_names(source)
    pages = [Page(source, path) for path in PAGES]
    text = "\n".join([HEAD.rstrip("\n"), *body(pages), *unnamed(pages, names)]) + "\n"
    if sys.argv[2:] != ["--check"]:
        sys.stdout.write(text)
        return
    wrong = list(wrongs(pages, names))
    with open(os.path.join(source, INDEX), encoding="utf-8") as file:
        if file.read() != text:
            wrong.append(f"{INDEX} is not what the pages say; make it anew: {HOW}")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    sys.exit(1 if wrong else 0)


main()
