# The module warnings: which warnings are shown, and how.
import re
import sys

__all__ = ["warn", "warn_explicit", "showwarning", "formatwarning", "filterwarnings", "simplefilter", "resetwarnings",
           "catch_warnings"]
_actions = ("error", "ignore", "always", "default", "module", "once")
# (action, compiled message or None, category, compiled module or None, line)
filters = [
    ("default", None, DeprecationWarning, re.compile(r"__main__\Z"), 0), ("ignore", None, DeprecationWarning, None, 0),
    ("ignore", None, PendingDeprecationWarning, None, 0), ("ignore", None, ImportWarning, None, 0),
    ("ignore", None, ResourceWarning, None, 0)]
defaultaction = "default"
_seen = set()


class WarningMessage:
    """A warning and where it was given."""

    def __init__(self, message, category, filename, lineno, file=None, line=None, source=None):
        self.message = message
        self.category = category
        self.filename = filename
        self.lineno = lineno
        self.file = file
        self.line = line
        self.source = source
        self._category_name = category.__name__ if category else None

    def __str__(self):
        return (f"{{message : {self.message!r}, category : {self._category_name!r}, filename : {self.filename!r}, "
                f"lineno : {self.lineno}, line : {self.line!r}}}")


def formatwarning(message, category, filename, lineno, line=None):
    text = f"{filename}:{lineno}: {category.__name__}: {message}\n"
    if line is None:
        line = _source_lines.get((filename, lineno), "")
    line = line.strip()
    return f"{text}  {line}\n" if line else text


_source_lines = {}


def showwarning(message, category, filename, lineno, file=None, line=None):
    file = file or sys.stderr
    if file is None:
        return
    try:
        file.write(formatwarning(message, category, filename, lineno, line))
    except OSError:
        pass


_showwarning = showwarning


def _add_filter(entry, append):
    if append:
        if entry not in filters:
            filters.append(entry)
    else:
        if entry in filters:
            filters.remove(entry)
        filters.insert(0, entry)
    _seen.clear()


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    assert action in _actions, f"invalid action: {action!r}"
    assert isinstance(message, str), "message must be a string"
    assert isinstance(category, type), "category must be a class"
    assert issubclass(category, Warning), "category must be a Warning subclass"
    assert isinstance(module, str), "module must be a string"
    assert isinstance(lineno, int) and lineno >= 0, "lineno must be an int >= 0"
    _add_filter((action, re.compile(message, re.IGNORECASE) if message else None, category,
                 re.compile(module) if module else None, lineno), append)


def simplefilter(action, category=Warning, lineno=0, append=False):
    assert action in _actions, f"invalid action: {action!r}"
    assert isinstance(lineno, int) and lineno >= 0, "lineno must be an int >= 0"
    _add_filter((action, None, category, None, lineno), append)


def resetwarnings():
    filters.clear()
    _seen.clear()


def _module_of(filename):
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    if main is None or main == filename or filename in ("<string>", "<stdin>"):
        return "__main__"
    name = filename.replace("\\", "/").rpartition("/")[2]
    return name[:-3] if name.endswith(".py") else name


def warn(message, category=None, stacklevel=1, source=None):
    if isinstance(message, Warning):
        category = message.__class__
    elif category is None:
        category = UserWarning
    if not (isinstance(category, type) and issubclass(category, Warning)):
        raise TypeError(f"category must be a Warning subclass, not '{type(category).__name__}'")
    try:
        filename, lineno, line = sys._caller(max(stacklevel, 1))
    except ValueError:
        filename, lineno, line = "sys", 1, ""
    _source_lines[filename, lineno] = line or ""
    warn_explicit(message, category, filename, lineno, _module_of(filename), source=source)


def warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None):
    if module is None:
        module = filename[:-3] if filename.endswith(".py") else filename or "<unknown>"
    if isinstance(message, Warning):
        text = str(message)
        category = message.__class__
    else:
        text = message
        message = category(message)
    seen = _seen if registry is None else registry.setdefault("_seen", set())
    key = (text, category, filename, lineno)
    if key in seen:
        return
    for action, pattern, kind, module_pattern, line in filters:
        if (pattern is None or pattern.match(text)) and issubclass(category, kind) \
                and (module_pattern is None or module_pattern.match(module)) and line in (0, lineno):
            break
    else:
        action = defaultaction
    if action == "ignore":
        return
    if action == "error":
        raise message
    if action == "once":
        once = (text, category)
        if once in seen:
            return
        seen.add(once)
    elif action == "module":
        once = (text, category, filename)
        if once in seen:
            return
        seen.add(once)
    elif action == "default":
        seen.add(key)
    elif action != "always":
        raise RuntimeError(f"Unrecognized action ({action!r}) in warnings.filters:\n {action}")
    _show(WarningMessage(message, category, filename, lineno, source=source))


def _show(message):
    if _log is not None:
        _log.append(message)
    else:
        showwarning(message.message, message.category, message.filename, message.lineno, message.file, message.line)


_log = None


class catch_warnings:
    """Keeps the filters for the time of a `with`, and may collect what is warned of."""

    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record = record
        self._entered = False
        self._filter = None if action is None else (action, category, lineno, append)

    def __repr__(self):
        return f"catch_warnings({'record=True' if self._record else ''})"

    def __enter__(self):
        global _log
        if self._entered:
            raise RuntimeError(f"Cannot enter {self!r} twice")
        self._entered = True
        self._saved = (filters[:], _log, showwarning, set(_seen))
        _seen.clear()
        if self._filter is not None:
            simplefilter(*self._filter)
        if self._record:
            _log = []
            return _log

    def __exit__(self, *exc_info):
        global _log, showwarning
        if not self._entered:
            raise RuntimeError(f"Cannot exit {self!r} without entering first")
        saved, _log, showwarning, seen = self._saved
        filters[:] = saved
        _seen.clear()
        _seen.update(seen)
