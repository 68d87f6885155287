# The module traceback: exceptions and their tracebacks as text.
import sys

__all__ = ["print_exc", "format_exc", "print_exception", "format_exception", "format_exception_only", "format_tb", "print_tb",
           "extract_tb", "format_list", "print_list", "FrameSummary", "StackSummary", "TracebackException", "walk_tb", "print_last"]
_UNSET = object()


def _exception(exc, value):
    if value is not _UNSET:
        return value
    if exc is not None and not isinstance(exc, BaseException):
        raise TypeError(f"Exception expected for value, {type(exc).__name__} found")
    return exc


def format_exception(exc, /, value=_UNSET, tb=_UNSET, limit=None, chain=True):
    error = _exception(exc, value)
    if error is None:
        return ["NoneType: None\n"]
    return sys._format_exception(error).splitlines(keepends=True)


def print_exception(exc, /, value=_UNSET, tb=_UNSET, limit=None, file=None, chain=True):
    print("".join(format_exception(exc, value, tb, limit, chain)), end="", file=sys.stderr if file is None else file)


def format_exc(limit=None, chain=True):
    return "".join(format_exception(sys.exc_info()[1], limit=limit, chain=chain))


def print_exc(limit=None, file=None, chain=True):
    print_exception(sys.exc_info()[1], limit=limit, file=file, chain=chain)


def print_last(limit=None, file=None, chain=True):
    if not hasattr(sys, "last_value"):
        raise ValueError("no last exception")
    print_exception(sys.last_value, limit=limit, file=file, chain=chain)


def format_exception_only(exc, /, value=_UNSET):
    error = _exception(exc, value)
    if error is None:
        return ["NoneType: None\n"]
    cls = type(error)
    name = cls.__qualname__
    if cls.__module__ not in ("__main__", "builtins"):
        name = f"{cls.__module__}.{name}"
    try:
        text = str(error)
    except Exception:
        text = f"<exception str() failed>"
    lines = []
    if isinstance(error, SyntaxError) and error.lineno is not None:
        lines.append(f'  File "{error.filename or "<string>"}", line {error.lineno}\n')
        if error.text:
            stripped = error.text.strip("\n").lstrip(" \n\f")
            lines.append(f"    {stripped.rstrip()}\n")
            if error.offset is not None:
                gone = len(error.text.strip("\n")) - len(stripped)
                start = error.offset - 1 - gone
                end = getattr(error, "end_offset", None)
                width = max((end or 0) - error.offset, 1)
                if start >= 0:
                    lines.append(f"    {' ' * start}{'^' * width}\n")
        text = error.msg
    lines.append(f"{name}: {text}\n" if text else f"{name}\n")
    for note in getattr(error, "__notes__", ()):
        lines += [f"{line}\n" for line in str(note).split("\n")]
    return lines


class FrameSummary:
    """One entry of a traceback."""

    def __init__(self, filename, lineno, name, *, lookup_line=True, locals=None, line=None, end_lineno=None, colno=None,
                 end_colno=None):
        self.filename = filename
        self.lineno = lineno
        self.name = name
        self.line = (line or "").strip()
        self.locals = locals

    def __iter__(self):
        return iter((self.filename, self.lineno, self.name, self.line))

    def __getitem__(self, place):
        return (self.filename, self.lineno, self.name, self.line)[place]

    def __len__(self):
        return 4

    def __eq__(self, other):
        return tuple(self) == tuple(other) if isinstance(other, (FrameSummary, tuple)) else NotImplemented

    def __repr__(self):
        return f"<FrameSummary file {self.filename}, line {self.lineno} in {self.name}>"


class StackSummary(list):
    """The entries of a traceback."""

    def format(self):
        made = []
        for entry in self:
            text = f'  File "{entry.filename}", line {entry.lineno}, in {entry.name}\n'
            made.append(text + (f"    {entry.line}\n" if entry.line else ""))
        return made

    @classmethod
    def from_list(cls, a_list):
        return cls([entry if isinstance(entry, FrameSummary) else
                    FrameSummary(entry[0], entry[1], entry[2], line=entry[3]) for entry in a_list])


def walk_tb(tb):
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def _source_line(filename, lineno):
    try:
        with open(filename) as file:
            for number, line in enumerate(file, 1):
                if number == lineno:
                    return line
    except OSError:
        pass
    return ""


def extract_tb(tb, limit=None):
    entries = StackSummary()
    for frame, lineno in walk_tb(tb):
        code = frame.f_code
        entries.append(FrameSummary(code.co_filename, lineno, code.co_name, line=_source_line(code.co_filename, lineno)))
    if limit is not None:
        entries[:] = entries[:limit] if limit >= 0 else entries[limit:]
    return entries


def format_tb(tb, limit=None):
    return extract_tb(tb, limit).format()


def print_tb(tb, limit=None, file=None):
    print("".join(format_tb(tb, limit)), end="", file=sys.stderr if file is None else file)


def format_list(extracted_list):
    return StackSummary.from_list(extracted_list).format()


def print_list(extracted_list, file=None):
    print("".join(format_list(extracted_list)), end="", file=sys.stderr if file is None else file)


class TracebackException:
    """An exception that is to be shown later."""

    def __init__(self, exc_type, exc_value, exc_traceback, **options):
        self.exc_type = exc_type
        self.stack = extract_tb(exc_traceback)
        self._str = str(exc_value)
        self._lines = format_exception(exc_value)
        self._only = format_exception_only(exc_value)

    @classmethod
    def from_exception(cls, exc, **options):
        return cls(type(exc), exc, exc.__traceback__, **options)

    def format(self, *, chain=True):
        yield from self._lines

    def format_exception_only(self):
        yield from self._only

    def __str__(self):
        return self._str
