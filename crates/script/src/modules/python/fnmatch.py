# The module fnmatch: names against patterns with * ? and [].
import re

__all__ = ["filter", "fnmatch", "fnmatchcase", "translate"]
_patterns = {}


def translate(pat):
    made, place = [], 0
    while place < len(pat):
        char = pat[place]
        place += 1
        if char == "*":
            if not made or made[-1] != ".*":
                made.append(".*")
        elif char == "?":
            made.append(".")
        elif char == "[":
            start = place + 1 if pat[place:place + 1] == "!" else place
            end = pat.find("]", start + 1)
            if end < 0:
                made.append("\\[")
                continue
            inside = pat[place:end].replace("\\", "\\\\")
            place = end + 1
            if inside[:1] == "!":
                inside = "^" + inside[1:]
            elif inside[:1] in ("^", "["):
                inside = "\\" + inside
            made.append(f"[{inside}]")
        else:
            made.append(re.escape(char))
    return f"(?s:{''.join(made)})\\Z"


def fnmatchcase(name, pat):
    found = _patterns.get(pat)
    if found is None:
        found = _patterns[pat] = re.compile(translate(pat))
    return found.match(name) is not None


fnmatch = fnmatchcase


def filter(names, pat):
    return [name for name in names if fnmatchcase(name, pat)]
