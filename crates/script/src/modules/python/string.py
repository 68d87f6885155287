# The module string: sets of characters, templates, and formatting that can be extended.
import re

__all__ = ["ascii_letters", "ascii_lowercase", "ascii_uppercase", "capwords", "digits", "hexdigits", "octdigits", "printable",
           "punctuation", "whitespace", "Formatter", "Template"]

whitespace = " \t\n\r\v\f"
ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdef" + "ABCDEF"
octdigits = "01234567"
punctuation = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    return (sep or " ").join([word.capitalize() for word in s.split(sep)])


class Template:
    """A text with $names in it."""

    delimiter = "$"
    idpattern = r"(?a:[_a-z][_a-z0-9]*)"
    braceidpattern = None
    flags = re.IGNORECASE

    def __init_subclass__(cls):
        super().__init_subclass__()
        if "pattern" in cls.__dict__:
            pattern = cls.pattern
        else:
            mark = re.escape(cls.delimiter)
            braced = cls.braceidpattern or cls.idpattern
            pattern = (f"{mark}(?:(?P<escaped>{mark})|(?P<named>{cls.idpattern})|"
                       f"{{(?P<braced>{braced})}}|(?P<invalid>))")
        cls.pattern = re.compile(pattern, cls.flags | re.VERBOSE) if isinstance(pattern, str) else pattern

    def __init__(self, template):
        self.template = template

    def _invalid(self, found):
        place = found.start("invalid")
        lines = self.template[:place].splitlines(keepends=True)
        if not lines:
            row, column = 1, 1
        else:
            row, column = len(lines), place - len("".join(lines[:-1]))
        raise ValueError(f"Invalid placeholder in string: line {row}, col {column}")

    def substitute(self, mapping=None, /, **kws):
        values = kws if mapping is None else {**_as_dict(mapping), **kws} if kws else mapping

        def convert(found):
            name = found.group("named") or found.group("braced")
            if name is not None:
                return str(values[name])
            if found.group("escaped") is not None:
                return self.delimiter
            if found.group("invalid") is not None:
                self._invalid(found)
            raise ValueError("Unrecognized named group in pattern", self.pattern)

        return self.pattern.sub(convert, self.template)

    def safe_substitute(self, mapping=None, /, **kws):
        values = kws if mapping is None else {**_as_dict(mapping), **kws} if kws else mapping

        def convert(found):
            name = found.group("named") or found.group("braced")
            if name is not None:
                try:
                    return str(values[name])
                except KeyError:
                    return found.group()
            if found.group("escaped") is not None:
                return self.delimiter
            if found.group("invalid") is not None:
                return found.group()
            raise ValueError("Unrecognized named group in pattern", self.pattern)

        return self.pattern.sub(convert, self.template)

    def _placeholders(self):
        """(the name or None, is it valid) of each."""
        for found in self.pattern.finditer(self.template):
            name = found.group("named") or found.group("braced")
            invalid = found.group("invalid") is not None
            if name is None and not invalid and found.group("escaped") is None:
                raise ValueError("Unrecognized named group in pattern", self.pattern)
            yield name, not invalid

    def is_valid(self):
        return all(valid for _, valid in self._placeholders())

    def get_identifiers(self):
        return list(dict.fromkeys([name for name, _ in self._placeholders() if name is not None]))


def _as_dict(mapping):
    return {key: mapping[key] for key in mapping}


Template.__init_subclass__()


def _parse(text):
    """(literal, field, format, conversion) for each stretch of a format string."""
    place, size = 0, len(text)
    literal = []
    while place < size:
        char = text[place]
        place += 1
        if char not in "{}":
            literal.append(char)
            continue
        if place < size and text[place] == char:
            literal.append(char)
            place += 1
            yield "".join(literal), None, None, None
            literal = []
            continue
        if char == "}":
            raise ValueError("Single '}' encountered in format string")
        if place == size:
            raise ValueError("Single '{' encountered in format string")
        start, depth, brackets = place, 1, False
        while place < size and depth:
            inner = text[place]
            if inner == "[":
                brackets = True
            elif inner == "]":
                brackets = False
            elif not brackets:
                depth += (inner == "{") - (inner == "}")
            place += 1
        if depth:
            raise ValueError("expected '}' before end of string")
        field = text[start:place - 1]
        name, conversion, spec = field, None, ""
        brackets = False
        for offset, inner in enumerate(field):
            if inner == "[":
                brackets = True
            elif inner == "]":
                brackets = False
            elif inner in ":!" and not brackets:
                name = field[:offset]
                rest = field[offset:]
                if inner == "!":
                    if len(rest) < 2:
                        raise ValueError("end of string while looking for conversion specifier")
                    conversion = rest[1]
                    if len(rest) > 2 and rest[2] != ":":
                        raise ValueError("expected ':' after conversion specifier")
                    rest = rest[2:]
                spec = rest[1:]
                break
        yield "".join(literal), name, spec, conversion
        literal = []
    if literal:
        yield "".join(literal), None, None, None


def _split_field(name):
    """The first part of a field's name, and pairs (is it an attribute, its name or index)."""
    end = len(name)
    for place, char in enumerate(name):
        if char in ".[":
            end = place
            break
    first = name[:end]
    steps = []
    place = end
    while place < len(name):
        if name[place] == ".":
            stop = place + 1
            while stop < len(name) and name[stop] not in ".[":
                stop += 1
            if stop == place + 1:
                raise ValueError("Empty attribute in format string")
            steps.append((True, name[place + 1:stop]))
            place = stop
        elif name[place] == "[":
            stop = name.find("]", place)
            if stop < 0:
                raise ValueError("Missing ']' in format string")
            index = name[place + 1:stop]
            if not index:
                raise ValueError("Empty attribute in format string")
            steps.append((False, int(index) if index.isdecimal() else index))
            place = stop + 1
        else:
            raise ValueError("Only '.' or '[' may follow ']' in format field specifier")
    return (int(first) if first.isdecimal() else first), steps


class Formatter:
    """str.format with steps that subclasses can change."""

    def format(self, format_string, /, *args, **kwargs):
        return self.vformat(format_string, args, kwargs)

    def vformat(self, format_string, args, kwargs):
        used = set()
        result, _ = self._vformat(format_string, args, kwargs, used, 2, 0)
        self.check_unused_args(used, args, kwargs)
        return result

    def _vformat(self, format_string, args, kwargs, used, depth, auto=0):
        if depth < 0:
            raise ValueError("Max string recursion exceeded")
        result = []
        for literal, name, spec, conversion in self.parse(format_string):
            if literal:
                result.append(literal)
            if name is None:
                continue
            if name == "":
                if auto is False:
                    raise ValueError("cannot switch from manual field specification to automatic field numbering")
                name = str(auto)
                auto += 1
            elif name.isdigit():
                if auto:
                    raise ValueError("cannot switch from manual field specification to automatic field numbering")
                auto = False
            value, first = self.get_field(name, args, kwargs)
            used.add(first)
            value = self.convert_field(value, conversion)
            spec, auto = self._vformat(spec, args, kwargs, used, depth - 1, auto)
            result.append(self.format_field(value, spec))
        return "".join(result), auto

    def get_value(self, key, args, kwargs):
        return args[key] if isinstance(key, int) else kwargs[key]

    def check_unused_args(self, used_args, args, kwargs):
        pass

    def format_field(self, value, format_spec):
        return format(value, format_spec)

    def convert_field(self, value, conversion):
        if conversion is None:
            return value
        if conversion in ("s", "r", "a"):
            return {"s": str, "r": repr, "a": ascii}[conversion](value)
        raise ValueError(f"Unknown conversion specifier {conversion!s}")

    def parse(self, format_string):
        return _parse(format_string)

    def get_field(self, field_name, args, kwargs):
        first, steps = _split_field(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, name in steps:
            value = getattr(value, name) if is_attribute else value[name]
        return value, first
