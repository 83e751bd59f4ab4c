"""A page of the manual as sentences, each with what the comment lines behind it say (see index.py)."""
import os
import re

EXEMPT = {"NAME", "SYNOPSIS", "EXAMPLES", "SEE ALSO"}

MARK = re.compile(r'\.\\" (tests|no test)(?: of ([1-9]\d*))?: (\S.*)$')
NEARLY_A_MARK = re.compile(r'\.\\"\W*(no\W+)?tests?\b', re.I)
END = re.compile(r"[.?!][)\]\"']*$")

PUNCTUATION = set(".,;:!?)]")
CODE = set("Ar Cm Dv Er Ev Fl Ic Li Pa Ql Va Vt".split())
PLAIN = set("Em Fn Nm No Ns Sx Sy Xr".split())
BEFORE = {"Pq": "(", "Po": "(", "Bq": "[", "Bo": "[", "Op": "[", "Oo": "[", "Dq": "\u201c", "Do": "\u201c", "In": "<"}
BEHIND = {"Pc": ")", "Bc": "]", "Oc": "]", "Dc": "\u201d"}
AT_END_OF_LINE = {"Pq": ")", "Bq": "]", "Op": "]", "Dq": "\u201d", "In": ">"}


def plain(text):
    return text.replace("\\e", "\\").replace("\\&", "").replace("\\-", "-")


def words_of(text):
    return [plain(word.strip('"')) for word in re.findall(r'"[^"]*"|\S+', text)]


class Text:
    """Lines of mdoc as Markdown."""

    def __init__(self):
        self.out, self.together = "", True

    def put(self, piece, left=False, right=False):
        self.out += piece if left or self.together else " " + piece
        self.together = right

    def code(self, word):
        if self.out.endswith("`") and not self.together:
            self.out = f"{self.out[:-1]} {word}`"
        else:
            self.put(f"`{word}`")

    def line(self, line):
        self.put(re.sub(r"([*_<`|\[\]])", r"\\\1", plain(line)))

    def word(self, word, style):
        if style == "Fn":
            self.code(word + "()")
        elif style == "Xr" and word.isdigit():
            self.put(f"({word})", left=True)
        elif style in CODE:
            self.code(word)
        else:
            self.put(word)

    def macros(self, words, style=""):
        words, ends = list(words), []
        while words and words[-1] in PUNCTUATION:
            ends.insert(0, words.pop())
        for word in words:
            if word in CODE or word in PLAIN:
                style = word
                self.together = self.together or word == "Ns"
            elif word in BEFORE:
                self.put(BEFORE[word], right=True)
                if word in AT_END_OF_LINE:
                    ends.insert(0, AT_END_OF_LINE[word])
            elif word in BEHIND or word in PUNCTUATION:
                self.put(BEHIND.get(word, word), left=True)
            else:
                self.word(word, style)
        for end in ends:
            self.put(end, left=True)


class Sentence:
    def __init__(self, line, section, text):
        self.line, self.section, self.text = line, section, text
        self.tests, self.why = [], ""

    def is_marked(self):
        return bool(self.tests or self.why)


class Page:
    """path, name; sentences; wrong: lines and what is wrong with the marks there."""

    def __init__(self, source, path):
        self.path, self.name = path, os.path.basename(path).rsplit(".", 1)[0]
        self.sentences, self.wrong = [], []
        self.section = self.chapter = ""
        self.items = []  # of the lists that are open: [words, line, has a sentence]
        self.text, self.line, self.shown = Text(), 0, None
        self.marked = []  # the sentences of the mark on the line before
        with open(os.path.join(source, path), encoding="utf-8") as file:
            lines = enumerate(file.read().splitlines(), 1)
        for number, line in lines:
            self.take(number, line)
        self.end()

    def take(self, number, line):
        mark = MARK.match(line)
        if mark:
            self.end_item()
            self.mark(number, *mark.groups())
            return
        self.marked = []
        if NEARLY_A_MARK.match(line):
            self.wrong.append((number, "a line of tests is written so: " + '.\\" tests: GROUP.NAME...'))
        if line.startswith('.\\"'):
            return
        if self.shown == "block":
            self.show(line)
        elif line.startswith("."):
            self.macro(number, line)
        else:
            self.sentence_goes_on(number)
            self.text.line(line)
            self.end_if(END.search(line))

    def macro(self, number, line):
        name, _, rest = line[1:].partition(" ")
        if name in ("Bd", "D1", "Dl"):
            self.line = self.line or number
            self.shown = "block" if name == "Bd" else "line"
            if name != "Bd":
                self.show(rest, name == "D1")
        elif name in ("Sh", "Ss", "Bl", "El", "It", "Pp", "Dd", "Dt", "Os"):
            self.structure(number, name, rest)
        else:
            self.sentence_goes_on(number)
            words = words_of(line[1:]) or [""]
            self.text.macros([self.name] + words[1:] if name == "Nm" else words)
            self.end_if(words[-1:] in (["."], ["?"], ["!"]))

    def structure(self, number, name, rest):
        if name in ("It", "El", "Sh", "Ss"):
            self.end_item()
        else:
            self.end()
        if name in ("Sh", "Ss"):
            self.chapter = rest if name == "Sh" else self.chapter
            self.section = rest if name == "Sh" else f"{self.chapter}: {rest}"
        elif name == "Bl":
            self.items.append(["", number, True])
        elif name == "It":
            head = Text()
            head.macros(words_of(rest))
            self.items[-1] = [head.out, number, not head.out]
        elif name == "El":
            self.items.pop()

    def show(self, line, has_macros=False):
        """A line of a display: the first stands for all."""
        if line == ".Ed":
            self.shown = "line"
        elif not self.text.out.endswith("\u2026") and line.strip():
            if self.text.out.endswith("`"):
                self.text.put("\u2026")
            elif has_macros:
                self.text.macros(words_of(line))
            else:
                self.text.put(f"`{plain(line.strip())}`")

    def sentence_goes_on(self, number):
        if self.shown:
            self.end()
        self.line = self.line or number

    def end_if(self, is_end):
        if is_end:
            self.end()

    def end(self):
        if self.text.out:
            head = ": ".join(item[0] for item in self.items if item[0])
            self.add(self.line, (head and head + ": ") + self.text.out)
            for item in self.items:
                item[2] = True
        self.text, self.line, self.shown = Text(), 0, None

    def end_item(self):
        self.end()
        if self.items and not self.items[-1][2]:
            self.items[-1][2] = True
            self.add(self.items[-1][1], self.items[-1][0])

    def add(self, line, text):
        if self.chapter not in EXEMPT:
            self.sentences.append(Sentence(line, self.section, text))

    def mark(self, number, kind, count, rest):
        if not self.marked or count:
            self.marked = [sentence for sentence in self.sentences[-int(count or 1):]
                           if sentence.section == self.section and not sentence.is_marked()]
            if len(self.marked) != int(count or 1):
                self.wrong.append((number, "not as many sentences as that are without tests before this line"))
        for sentence in self.marked:
            if kind == "tests":
                sentence.tests += rest.split()
            else:
                sentence.why = rest
