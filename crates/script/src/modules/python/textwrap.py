# The module textwrap: paragraphs broken into lines.
import re

__all__ = ["TextWrapper", "wrap", "fill", "dedent", "indent", "shorten"]
_whitespace = "\t\n\x0b\x0c\r "
_to_spaces = {ord(char): " " for char in _whitespace}
_spaces = re.compile(r"([\t\n\x0b\x0c\r ]+)")
_dashes = re.compile(r"""(?<=[\w!"'&.,?])(-{2,})(?=\w)""")
_sentence_end = re.compile(r"[a-z][\.\!\?][\"\']?\Z")


def _is_letter(char):
    return char.isalpha() or char == "_" or char.isalnum() and not char.isdigit() and not char.isdecimal()


def _may_break(word, place):
    """Whether a word may be broken behind the hyphen at this place."""
    if place >= 2 and _is_letter(word[place - 1]) and (
            _is_letter(word[place - 2]) or word[place - 2] == "-" and place >= 3 and _is_letter(word[place - 3])):
        after = word[place + 1:place + 4]
        return len(after) > 1 and _is_letter(after[0]) and (
            _is_letter(after[1]) or after[1] == "-" and len(after) > 2 and _is_letter(after[2]))
    return False


def _pieces(word):
    """A word's parts, between which a line may be broken."""
    for part in _dashes.split(word):
        if "-" not in part or not part.strip("-"):
            if part:
                yield part
            continue
        start = 0
        place = part.find("-")
        while place >= 0:
            if _may_break(part, place):
                yield part[start:place + 1]
                start = place + 1
            place = part.find("-", place + 1)
        if start < len(part):
            yield part[start:]


class TextWrapper:
    """Breaks text with the options that it is made with."""

    def __init__(self, width=70, initial_indent="", subsequent_indent="", expand_tabs=True, replace_whitespace=True,
                 fix_sentence_endings=False, break_long_words=True, drop_whitespace=True, break_on_hyphens=True, tabsize=8, *,
                 max_lines=None, placeholder=" [...]"):
        self.width = width
        self.initial_indent = initial_indent
        self.subsequent_indent = subsequent_indent
        self.expand_tabs = expand_tabs
        self.replace_whitespace = replace_whitespace
        self.fix_sentence_endings = fix_sentence_endings
        self.break_long_words = break_long_words
        self.drop_whitespace = drop_whitespace
        self.break_on_hyphens = break_on_hyphens
        self.tabsize = tabsize
        self.max_lines = max_lines
        self.placeholder = placeholder

    def _munge_whitespace(self, text):
        if self.expand_tabs:
            text = text.expandtabs(self.tabsize)
        if self.replace_whitespace:
            text = text.translate(_to_spaces)
        return text

    def _split(self, text):
        chunks = []
        for part in _spaces.split(text):
            if not part:
                continue
            if self.break_on_hyphens and part[0] not in _whitespace:
                chunks.extend(_pieces(part))
            else:
                chunks.append(part)
        return chunks

    def _split_chunks(self, text):
        return self._split(self._munge_whitespace(text))

    def _fix_sentence_endings(self, chunks):
        for place in range(len(chunks) - 1):
            if chunks[place + 1] == " " and _sentence_end.search(chunks[place]):
                chunks[place + 1] = "  "

    def _handle_long_word(self, chunks, line, length, width):
        space = 1 if width < 1 else width - length
        if self.break_long_words:
            end = space
            chunk = chunks[-1]
            if self.break_on_hyphens and len(chunk) > space:
                hyphen = chunk.rfind("-", 0, space)
                if hyphen > 0 and any(char != "-" for char in chunk[:hyphen]):
                    end = hyphen + 1
            line.append(chunk[:end])
            chunks[-1] = chunk[end:]
        elif not line:
            line.append(chunks.pop())

    def _wrap_chunks(self, chunks):
        lines = []
        if self.width <= 0:
            raise ValueError(f"invalid width {self.width!r} (must be > 0)")
        if self.max_lines is not None:
            margin = self.subsequent_indent if self.max_lines > 1 else self.initial_indent
            if len(margin) + len(self.placeholder.lstrip()) > self.width:
                raise ValueError("placeholder too large for max width")
        chunks.reverse()
        while chunks:
            line = []
            length = 0
            margin = self.subsequent_indent if lines else self.initial_indent
            width = self.width - len(margin)
            if self.drop_whitespace and lines and not chunks[-1].strip():
                chunks.pop()
            while chunks:
                size = len(chunks[-1])
                if length + size > width:
                    break
                line.append(chunks.pop())
                length += size
            if chunks and len(chunks[-1]) > width:
                self._handle_long_word(chunks, line, length, width)
                length = sum([len(part) for part in line])
            if self.drop_whitespace and line and not line[-1].strip():
                length -= len(line.pop())
            if not line:
                continue
            rest_fits = not chunks or self.drop_whitespace and len(chunks) == 1 and not chunks[0].strip()
            if self.max_lines is None or len(lines) + 1 < self.max_lines or rest_fits and length <= width:
                lines.append(margin + "".join(line))
                continue
            while line:
                if line[-1].strip() and length + len(self.placeholder) <= width:
                    line.append(self.placeholder)
                    lines.append(margin + "".join(line))
                    break
                length -= len(line.pop())
            else:
                if lines:
                    last = lines[-1].rstrip()
                    if len(last) + len(self.placeholder) <= self.width:
                        lines[-1] = last + self.placeholder
                        break
                lines.append(margin + self.placeholder.lstrip())
            break
        return lines

    def wrap(self, text):
        chunks = self._split_chunks(text)
        if self.fix_sentence_endings:
            self._fix_sentence_endings(chunks)
        return self._wrap_chunks(chunks)

    def fill(self, text):
        return "\n".join(self.wrap(text))


def wrap(text, width=70, **kwargs):
    return TextWrapper(width=width, **kwargs).wrap(text)


def fill(text, width=70, **kwargs):
    return TextWrapper(width=width, **kwargs).fill(text)


def shorten(text, width, **kwargs):
    return TextWrapper(width=width, max_lines=1, **kwargs).fill(" ".join(text.strip().split()))


def dedent(text):
    lines = text.split("\n")
    margin = None
    for place, line in enumerate(lines):
        stripped = line.lstrip(" \t")
        if not stripped:
            lines[place] = ""
            continue
        lead = line[:len(line) - len(stripped)]
        if margin is None:
            margin = lead
        elif lead != margin and not lead.startswith(margin):
            if margin.startswith(lead):
                margin = lead
            else:
                same = 0
                while lead[same] == margin[same]:
                    same += 1
                margin = margin[:same]
    if margin:
        lines = [line[len(margin):] for line in lines]
    return "\n".join(lines)


def indent(text, prefix, predicate=None):
    lines = text.splitlines(True)
    return "".join([prefix + line if (line.strip() if predicate is None else predicate(line)) else line for line in lines])
