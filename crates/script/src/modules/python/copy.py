# The module copy: shallow and deep copies.
import types

__all__ = ["Error", "copy", "deepcopy"]


class Error(Exception):
    pass


error = Error
_atomic = {type(None), type(Ellipsis), type(NotImplemented), int, float, bool, complex, bytes, str, range, type, property,
           types.FunctionType, types.BuiltinFunctionType, types.CodeType}


def _reduction(x, cls):
    """What the class's own __reduce_ex__ or __reduce__ says, if it has one."""
    for base in cls.__mro__:
        if base.__module__ == "builtins":
            continue
        for name in ("__reduce_ex__", "__reduce__"):
            if name in base.__dict__:
                return base.__dict__[name](x, 4) if name == "__reduce_ex__" else base.__dict__[name](x)
    return None


def _own(cls, name):
    """The class's attribute of that name, unless it is a built-in type's."""
    for base in cls.__mro__:
        if name in base.__dict__ and base.__module__ != "builtins":
            return base.__dict__[name]
    return None


def _slots(cls):
    names = []
    for base in cls.__mro__:
        slots = base.__dict__.get("__slots__", ())
        names += [slots] if isinstance(slots, str) else slots
    return [name for name in names if name not in ("__dict__", "__weakref__")]


def _empty(x, cls, deep):
    """A new instance of x's class without attributes; with x's contents where they cannot be added later."""
    for base in (str, bytes, int, float, complex):
        if isinstance(x, base):
            return base.__new__(cls, base(x) if base is not str else str.__str__(x))
    if isinstance(x, tuple):
        return tuple.__new__(cls, [deep(item) for item in x])
    if isinstance(x, frozenset):
        return frozenset.__new__(cls, [deep(item) for item in x])
    if isinstance(x, BaseException):
        return cls.__new__(cls, *x.args)
    for base in (list, dict, set, bytearray):
        if isinstance(x, base):
            return base.__new__(cls)
    new = _own(cls, "__new__")
    getnewargs = getattr(x, "__getnewargs__", None)
    if getnewargs is not None:
        return cls.__new__(cls, *[deep(arg) for arg in getnewargs()])
    return cls.__new__(cls) if new is not None else object.__new__(cls)


def _fill(x, y, deep):
    if isinstance(x, list):
        for item in list.__iter__(x):
            list.append(y, deep(item))
    elif isinstance(x, dict):
        for key, value in dict.items(x):
            y[deep(key)] = deep(value)
    elif isinstance(x, set):
        for item in x:
            y.add(deep(item))
    elif isinstance(x, bytearray):
        y.extend(x)


def _restore(y, state, deep):
    if hasattr(y, "__setstate__"):
        y.__setstate__(deep(state))
        return
    slots = None
    if isinstance(state, tuple) and len(state) == 2:
        state, slots = state
    if state:
        y.__dict__.update(deep(state))
    for name, value in (slots or {}).items():
        setattr(y, name, deep(value))


def _reconstruct(x, reduction, deep):
    function, args, state, items, pairs = (*reduction, None, None, None)[:5]
    y = function(*[deep(arg) for arg in args])
    if state is not None:
        _restore(y, state, deep)
    for item in items or ():
        y.append(deep(item))
    for key, value in pairs or ():
        y[deep(key)] = deep(value)
    return y


def _copy_instance(x, cls, deep, remember):
    if cls.__module__ == "builtins" and not isinstance(x, BaseException) and cls is not object:
        raise TypeError(f"cannot pickle {cls.__name__!r} object")
    y = _empty(x, cls, deep)
    remember(y)
    getstate = _own(cls, "__getstate__")
    if getstate is not None:
        state = getstate(x)
        if state is not None:
            _restore(y, state, deep)
    elif _own(cls, "__setstate__") is not None:
        y.__setstate__(deep(getattr(x, "__dict__", None)))
    else:
        for name in _slots(cls):
            if hasattr(x, name):
                object.__setattr__(y, name, deep(getattr(x, name)))
        values = getattr(x, "__dict__", None)
        if values:
            y.__dict__.update({name: deep(value) for name, value in values.items()})
    _fill(x, y, deep)
    return y


def copy(x):
    cls = type(x)
    if cls in _atomic or cls is tuple or cls is frozenset or isinstance(x, type):
        return x
    if cls in (list, dict, set, bytearray):
        return x.copy()
    method = getattr(cls, "__copy__", None)
    if method is not None:
        return method(x)
    if cls is slice or isinstance(x, types.MethodType):
        return x
    reduction = _reduction(x, cls)
    if reduction is not None:
        return x if isinstance(reduction, str) else _reconstruct(x, reduction, _same)
    return _copy_instance(x, cls, _same, _same)


def _same(x):
    return x


def deepcopy(x, memo=None, _nil=[]):
    cls = type(x)
    if cls in _atomic:
        return x
    if memo is None:
        memo = {}
    key = id(x)
    known = memo.get(key, _nil)
    if known is not _nil:
        return known
    y = _deep(x, cls, memo)
    if y is not x:
        memo[key] = y
        # What is copied stays alive as long as the memo, so that no other object gets its id.
        memo.setdefault(id(memo), []).append(x)
    return y


def _deep(x, cls, memo):
    if cls is list:
        y = memo[id(x)] = []
        append = y.append
        for item in x:
            append(deepcopy(item, memo))
        return y
    if cls is dict:
        y = memo[id(x)] = {}
        for key, value in x.items():
            y[deepcopy(key, memo)] = deepcopy(value, memo)
        return y
    if cls is tuple:
        items = [deepcopy(item, memo) for item in x]
        known = memo.get(id(x))
        if known is not None:
            return known
        return x if all(a is b for a, b in zip(x, items)) else tuple(items)
    if isinstance(x, type):
        return x
    method = getattr(x, "__deepcopy__", None)
    if method is not None:
        return method(memo)

    def deep(value):
        return deepcopy(value, memo)

    def remember(y):
        memo[id(x)] = y

    if cls is set or cls is frozenset:
        return cls([deep(item) for item in x])
    if cls is bytearray or cls is slice:
        return cls(x) if cls is bytearray else slice(deep(x.start), deep(x.stop), deep(x.step))
    if isinstance(x, types.MethodType):
        return types.MethodType(x.__func__, deep(x.__self__))
    if cls.__name__ in ("deque", "defaultdict") and cls.__module__ in ("collections", "_collections"):
        y = cls(maxlen=x.maxlen) if cls.__name__ == "deque" else cls(x.default_factory)
        remember(y)
        if cls.__name__ == "deque":
            y.extend([deep(item) for item in x])
        else:
            y.update([(deep(key), deep(value)) for key, value in x.items()])
        return y
    reduction = _reduction(x, cls)
    if reduction is not None:
        return x if isinstance(reduction, str) else _reconstruct(x, reduction, deep)
    return _copy_instance(x, cls, deep, remember)
