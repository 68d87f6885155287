# The module pprint: values laid out over lines.
import re
import sys
import types

__all__ = ["pprint", "pformat", "isreadable", "isrecursive", "saferepr", "PrettyPrinter", "pp"]


def pprint(object, stream=None, indent=1, width=80, depth=None, *, compact=False, sort_dicts=True, underscore_numbers=False):
    PrettyPrinter(indent, width, depth, stream, compact=compact, sort_dicts=sort_dicts,
                  underscore_numbers=underscore_numbers).pprint(object)


def pformat(object, indent=1, width=80, depth=None, *, compact=False, sort_dicts=True, underscore_numbers=False):
    return PrettyPrinter(indent, width, depth, compact=compact, sort_dicts=sort_dicts,
                         underscore_numbers=underscore_numbers).pformat(object)


def pp(object, *args, sort_dicts=False, **kwargs):
    pprint(object, *args, sort_dicts=sort_dicts, **kwargs)


def saferepr(object):
    return PrettyPrinter()._safe_repr(object, {}, None, 0)[0]


def isreadable(object):
    return PrettyPrinter()._safe_repr(object, {}, None, 0)[1]


def isrecursive(object):
    return PrettyPrinter()._safe_repr(object, {}, None, 0)[2]


class _Key:
    """Sorts what cannot be compared by type and address."""

    __slots__ = ("obj",)

    def __init__(self, obj):
        self.obj = obj

    def __lt__(self, other):
        try:
            return self.obj < other.obj
        except TypeError:
            return (str(type(self.obj)), id(self.obj)) < (str(type(other.obj)), id(other.obj))


def _pair_key(pair):
    return _Key(pair[0]), _Key(pair[1])


def _recursion(object):
    return f"<Recursion on {type(object).__name__} with id={id(object)}>"


def _own_repr(cls):
    """The class in the object's ancestry that says how it is shown."""
    for base in cls.__mro__:
        if base.__module__ != "builtins" and "__repr__" in base.__dict__:
            return base
        if base in (dict, list, tuple, set, frozenset, str, bytes, bytearray):
            return base
    return None


class PrettyPrinter:
    def __init__(self, indent=1, width=80, depth=None, stream=None, *, compact=False, sort_dicts=True,
                 underscore_numbers=False):
        indent, width = int(indent), int(width)
        if indent < 0:
            raise ValueError("indent must be >= 0")
        if depth is not None and depth <= 0:
            raise ValueError("depth must be > 0")
        if not width:
            raise ValueError("width must be != 0")
        self._depth = depth
        self._indent_per_level = indent
        self._width = width
        self._stream = sys.stdout if stream is None else stream
        self._compact = bool(compact)
        self._sort_dicts = sort_dicts
        self._underscore_numbers = underscore_numbers

    def pprint(self, object):
        if self._stream is not None:
            self._stream.write(self.pformat(object) + "\n")

    def pformat(self, object):
        parts = []
        self._format(object, parts.append, 0, 0, {}, 0)
        return "".join(parts)

    def isrecursive(self, object):
        return self.format(object, {}, 0, 0)[2]

    def isreadable(self, object):
        _, readable, recursive = self.format(object, {}, 0, 0)
        return readable and not recursive

    def format(self, object, context, maxlevels, level):
        return self._safe_repr(object, context, maxlevels, level)

    def _repr(self, object, context, level):
        return self.format(object, context.copy(), self._depth, level)[0]

    def _format(self, object, write, indent, allowance, context, level):
        key = id(object)
        if key in context:
            write(_recursion(object))
            return
        text = self._repr(object, context, level)
        if len(text) > self._width - indent - allowance:
            cls = type(object)
            owner = _own_repr(cls)
            method = self._methods.get(owner)
            if method is None and owner is not None and owner.__module__ in ("collections", "_collections", "types"):
                method = self._named_methods.get(owner.__name__)
            if method is None and cls is types.MappingProxyType:
                method = PrettyPrinter._mapping_proxy
            if method is None and hasattr(cls, "__dataclass_fields__") and cls.__dataclass_params__.repr \
                    and owner is not None and hasattr(owner.__dict__["__repr__"], "__dataclass_repr__"):
                method = PrettyPrinter._dataclass
            if method is not None:
                context[key] = 1
                method(self, object, write, indent, allowance, context, level + 1)
                del context[key]
                return
        write(text)

    def _lead(self, write):
        if self._indent_per_level > 1:
            write((self._indent_per_level - 1) * " ")

    def _items(self, items, write, indent, allowance, context, level):
        indent += self._indent_per_level
        self._lead(write)
        newline = ",\n" + " " * indent
        before = ""
        width = most = self._width - indent + 1
        items = list(items)
        for place, item in enumerate(items):
            last = place == len(items) - 1
            if last:
                most -= allowance
                width -= allowance
            if self._compact:
                text = self._repr(item, context, level)
                size = len(text) + 2
                if width < size:
                    width = most
                    if before:
                        before = newline
                if width >= size:
                    width -= size
                    write(before)
                    before = ", "
                    write(text)
                    continue
            write(before)
            before = newline
            self._format(item, write, indent, allowance if last else 1, context, level)

    def _pairs(self, pairs, write, indent, allowance, context, level):
        indent += self._indent_per_level
        newline = ",\n" + " " * indent
        pairs = list(pairs)
        for place, (key, value) in enumerate(pairs):
            last = place == len(pairs) - 1
            text = self._repr(key, context, level)
            write(f"{text}: ")
            self._format(value, write, indent + len(text) + 2, allowance if last else 1, context, level)
            if not last:
                write(newline)

    def _sorted_pairs(self, object):
        return sorted(object.items(), key=_pair_key) if self._sort_dicts else object.items()

    def _dict(self, object, write, indent, allowance, context, level):
        write("{")
        self._lead(write)
        if len(object):
            self._pairs(self._sorted_pairs(object), write, indent, allowance + 1, context, level)
        write("}")

    def _list(self, object, write, indent, allowance, context, level):
        write("[")
        self._items(object, write, indent, allowance + 1, context, level)
        write("]")

    def _tuple(self, object, write, indent, allowance, context, level):
        end = ",)" if len(object) == 1 else ")"
        write("(")
        self._items(object, write, indent, allowance + len(end), context, level)
        write(end)

    def _set(self, object, write, indent, allowance, context, level):
        if not len(object):
            write(repr(object))
            return
        cls = type(object)
        if cls is set:
            write("{")
            end = "}"
        else:
            write(cls.__name__ + "({")
            end = "})"
            indent += len(cls.__name__) + 1
        self._items(sorted(object, key=_Key), write, indent, allowance + len(end), context, level)
        write(end)

    def _str(self, object, write, indent, allowance, context, level):
        if not len(object):
            write(repr(object))
            return
        chunks = []
        lines = object.splitlines(True)
        if level == 1:
            indent += 1
            allowance += 1
        width = room = self._width - indent
        text = ""
        for place, line in enumerate(lines):
            text = repr(line)
            if place == len(lines) - 1:
                room -= allowance
            if len(text) <= room:
                chunks.append(text)
                continue
            parts = re.findall(r"\S*\s*", line)
            parts.pop()
            room = width
            current = ""
            for number, part in enumerate(parts):
                candidate = current + part
                if number == len(parts) - 1 and place == len(lines) - 1:
                    room -= allowance
                if len(repr(candidate)) > room:
                    if current:
                        chunks.append(repr(current))
                    current = part
                else:
                    current = candidate
            if current:
                chunks.append(repr(current))
        if len(chunks) == 1:
            write(text)
            return
        if level == 1:
            write("(")
        write(("\n" + " " * indent).join(chunks))
        if level == 1:
            write(")")

    def _bytes(self, object, write, indent, allowance, context, level):
        if len(object) <= 4:
            write(repr(object))
            return
        parens = level == 1
        if parens:
            indent += 1
            allowance += 1
            write("(")
        width = self._width - indent
        before = ""
        last = len(object) // 4 * 4
        current = b""
        for place in range(0, len(object), 4):
            part = object[place:place + 4]
            candidate = current + part
            if place == last:
                width -= allowance
            if len(repr(candidate)) > width:
                if current:
                    write(before + repr(current))
                    before = "\n" + " " * indent
                current = part
            else:
                current = candidate
        if current:
            write(before + repr(current))
        if parens:
            write(")")

    def _bytearray(self, object, write, indent, allowance, context, level):
        write("bytearray(")
        self._bytes(bytes(object), write, indent + 10, allowance + 1, context, level + 1)
        write(")")

    def _mapping_proxy(self, object, write, indent, allowance, context, level):
        write("mappingproxy(")
        self._format(object.copy(), write, indent + 13, allowance + 1, context, level)
        write(")")

    def _namespace(self, object, write, indent, allowance, context, level):
        name = "namespace" if type(object) is types.SimpleNamespace else type(object).__name__
        self._fields(name, object.__dict__.items(), write, indent, allowance, context, level)

    def _dataclass(self, object, write, indent, allowance, context, level):
        names = [f.name for f in type(object).__dataclass_fields__.values() if f._field_type.name == "_FIELD" and f.repr]
        self._fields(type(object).__name__, [(name, getattr(object, name)) for name in names], write, indent, allowance, context,
                     level)

    def _fields(self, name, items, write, indent, allowance, context, level):
        indent += len(name) + 1
        newline = ",\n" + " " * indent
        write(name + "(")
        items = list(items)
        for place, (key, value) in enumerate(items):
            last = place == len(items) - 1
            write(f"{key}=")
            if id(value) in context:
                write("...")
            else:
                self._format(value, write, indent + len(key) + 1, allowance if last else 1, context, level)
            if not last:
                write(newline)
        write(")")

    def _ordered_dict(self, object, write, indent, allowance, context, level):
        if not len(object):
            write(repr(object))
            return
        name = type(object).__name__
        write(name + "(")
        self._list(list(object.items()), write, indent + len(name) + 1, allowance + 1, context, level)
        write(")")

    def _default_dict(self, object, write, indent, allowance, context, level):
        if not len(object):
            write(repr(object))
            return
        factory = self._repr(object.default_factory, context, level)
        name = type(object).__name__
        indent += len(name) + 1
        write(f"{name}({factory},\n{' ' * indent}")
        self._dict(object, write, indent, allowance + 1, context, level)
        write(")")

    def _counter(self, object, write, indent, allowance, context, level):
        if not len(object):
            write(repr(object))
            return
        name = type(object).__name__
        write(name + "({")
        self._lead(write)
        self._pairs(object.most_common(), write, indent + len(name) + 1, allowance + 2, context, level)
        write("})")

    def _chain_map(self, object, write, indent, allowance, context, level):
        if not len(object.maps):
            write(repr(object))
            return
        name = type(object).__name__
        write(name + "(")
        indent += len(name) + 1
        for place, mapping in enumerate(object.maps):
            if place == len(object.maps) - 1:
                self._format(mapping, write, indent, allowance + 1, context, level)
                write(")")
            else:
                self._format(mapping, write, indent, 1, context, level)
                write(",\n" + " " * indent)

    def _deque(self, object, write, indent, allowance, context, level):
        if not len(object):
            write(repr(object))
            return
        name = type(object).__name__
        write(name + "(")
        indent += len(name) + 1
        write("[")
        if object.maxlen is None:
            self._items(object, write, indent, allowance + 2, context, level)
            write("])")
        else:
            self._items(object, write, indent, 2, context, level)
            write(f"],\n{' ' * indent}maxlen={self._repr(object.maxlen, context, level)})")

    def _user(self, object, write, indent, allowance, context, level):
        self._format(object.data, write, indent, allowance, context, level - 1)

    _methods = {dict: _dict, list: _list, tuple: _tuple, set: _set, frozenset: _set, str: _str, bytes: _bytes,
                bytearray: _bytearray}
    _named_methods = {"OrderedDict": _ordered_dict, "defaultdict": _default_dict, "Counter": _counter, "ChainMap": _chain_map,
                      "deque": _deque, "UserDict": _user, "UserList": _user, "UserString": _user,
                      "SimpleNamespace": _namespace}

    def _safe_repr(self, object, context, maxlevels, level):
        """(text, can it be read back, is it recursive)"""
        cls = type(object)
        if cls in (str, bytes, float, complex, bool, type(None)):
            return repr(object), True, False
        owner = _own_repr(cls)
        if issubclass(cls, int) and owner is None:
            return (f"{object:_d}" if self._underscore_numbers else repr(object)), True, False
        if owner is dict:
            if not object:
                return "{}", True, False
            opening, closing = "{", "}"
        elif owner is list or owner is tuple:
            if owner is list and not object:
                return "[]", True, False
            if owner is tuple and not object:
                return "()", True, False
            opening, closing = ("[", "]") if owner is list else ("(", ",)" if len(object) == 1 else ")")
        else:
            text = repr(object)
            return text, bool(text) and not text.startswith("<"), False
        if maxlevels and level >= maxlevels:
            return f"{opening}...{closing[-1] if owner is not dict else closing}", False, id(object) in context
        if id(object) in context:
            return _recursion(object), False, True
        context[id(object)] = 1
        readable, recursive = True, False
        parts = []
        level += 1
        if owner is dict:
            for key, value in self._sorted_pairs(object):
                key_text, key_readable, key_recursive = self.format(key, context, maxlevels, level)
                text, value_readable, value_recursive = self.format(value, context, maxlevels, level)
                parts.append(f"{key_text}: {text}")
                readable = readable and key_readable and value_readable
                recursive = recursive or key_recursive or value_recursive
        else:
            for item in object:
                text, item_readable, item_recursive = self.format(item, context, maxlevels, level)
                parts.append(text)
                readable = readable and item_readable
                recursive = recursive or item_recursive
        del context[id(object)]
        return opening + ", ".join(parts) + closing, readable, recursive
