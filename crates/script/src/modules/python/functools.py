# The module functools: functions of functions.
from abc import get_cache_token
from types import GenericAlias, UnionType

__all__ = ["update_wrapper", "wraps", "WRAPPER_ASSIGNMENTS", "WRAPPER_UPDATES", "total_ordering", "cmp_to_key", "lru_cache",
           "cache", "reduce", "partial", "partialmethod", "singledispatch", "singledispatchmethod", "cached_property"]
WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__")
WRAPPER_UPDATES = ("__dict__",)
_MISSING = object()
_CacheInfo = None


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    for name in assigned:
        try:
            value = getattr(wrapped, name)
        except AttributeError:
            continue
        setattr(wrapper, name, value)
    for name in updated:
        getattr(wrapper, name).update(getattr(wrapped, name, {}))
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    return lambda wrapper: update_wrapper(wrapper, wrapped, assigned, updated)


def reduce(function, sequence, initial=_MISSING, /):
    items = iter(sequence)
    if initial is _MISSING:
        try:
            initial = next(items)
        except StopIteration:
            raise TypeError("reduce() of empty iterable with no initial value") from None
    for item in items:
        initial = function(initial, item)
    return initial


def _derived(base, method, answer):
    """A comparison made from another: `answer` turns (the other's result, self, other) into this one's."""

    def compare(self, other):
        result = getattr(type(self), base)(self, other)
        return result if result is NotImplemented else answer(result, self, other)

    compare.__name__ = method
    return compare


def _not(result, self, other):
    return not result


def _or_equal(result, self, other):
    return result or self == other


def _and_unequal(result, self, other):
    return result and self != other


def _neither(result, self, other):
    return not result and self != other


def _not_or_equal(result, self, other):
    return not result or self == other


_orderings = {
    "__lt__": {"__gt__": _neither, "__le__": _or_equal, "__ge__": _not},
    "__le__": {"__ge__": _not_or_equal, "__lt__": _and_unequal, "__gt__": _not},
    "__gt__": {"__lt__": _neither, "__ge__": _or_equal, "__le__": _not},
    "__ge__": {"__le__": _not_or_equal, "__gt__": _and_unequal, "__lt__": _not},
}


def total_ordering(cls):
    roots = [name for name in _orderings if any(name in base.__dict__ for base in cls.__mro__ if base.__module__ != "builtins")]
    if not roots:
        builtin = [base for base in cls.__mro__ if base.__module__ == "builtins" and base is not object]
        roots = ["__lt__"] if builtin else []
    if not roots:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    for name, answer in _orderings[roots[0]].items():
        if name not in roots:
            made = _derived(roots[0], name, answer)
            made.__qualname__ = f"{cls.__qualname__}.{name}"
            setattr(cls, name, made)
    return cls


class _Key:
    __slots__ = ("obj", "compare")

    def __init__(self, obj, compare):
        self.obj = obj
        self.compare = compare

    def __lt__(self, other):
        return self.compare(self.obj, other.obj) < 0

    def __gt__(self, other):
        return self.compare(self.obj, other.obj) > 0

    def __eq__(self, other):
        return self.compare(self.obj, other.obj) == 0

    def __le__(self, other):
        return self.compare(self.obj, other.obj) <= 0

    def __ge__(self, other):
        return self.compare(self.obj, other.obj) >= 0

    __hash__ = None


def cmp_to_key(mycmp):
    return lambda obj: _Key(obj, mycmp)


class partial:
    """A function with some arguments given."""

    def __new__(cls, func, /, *args, **keywords):
        if not callable(func):
            raise TypeError("the first argument must be callable")
        self = super().__new__(cls)
        if isinstance(func, partial):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords
        return self

    def __call__(self, /, *args, **keywords):
        if self.keywords:
            keywords = {**self.keywords, **keywords}
        return self.func(*self.args, *args, **keywords)

    def __repr__(self):
        if id(self) in _shown:
            return "..."
        _shown.add(id(self))
        try:
            parts = [repr(self.func)] + [repr(arg) for arg in self.args]
            parts += [f"{key}={value!r}" for key, value in self.keywords.items()]
            name = type(self).__qualname__
            return f"{'functools.' if type(self) is partial else ''}{name}({', '.join(parts)})"
        finally:
            _shown.discard(id(self))

    def __reduce__(self):
        others = {name: value for name, value in self.__dict__.items() if name not in ("func", "args", "keywords")}
        return type(self), (self.func,), (self.func, self.args, self.keywords or None, others or None)

    def __setstate__(self, state):
        if not isinstance(state, tuple) or len(state) != 4 or not callable(state[0]) or not isinstance(state[1], tuple):
            raise TypeError("invalid partial state")
        self.func, self.args, keywords, others = state
        self.keywords = keywords or {}
        self.__dict__.update(others or {})

    def __class_getitem__(cls, item):
        return GenericAlias(cls, item)


partial.__module__ = "functools"
_shown = set()


class partialmethod:
    """A method with some arguments given."""

    def __init__(self, func, /, *args, **keywords):
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError(f"{func!r} is not callable or a descriptor")
        if isinstance(func, partialmethod):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords

    def __repr__(self):
        parts = [repr(self.func)] + [repr(arg) for arg in self.args]
        parts += [f"{key}={value!r}" for key, value in self.keywords.items()]
        cls = type(self)
        return f"{cls.__module__}.{cls.__qualname__}({', '.join(parts)})"

    def __get__(self, obj, cls=None):
        get = getattr(type(self.func), "__get__", None)
        if get is not None:
            bound = get(self.func, obj, cls)
            if bound is not self.func:
                made = partial(bound, *self.args, **self.keywords)
                if hasattr(bound, "__self__"):
                    made.__self__ = bound.__self__
                return made

        def _method(cls_or_self, /, *args, **keywords):
            return self.func(cls_or_self, *self.args, *args, **{**self.keywords, **keywords})

        _method.__isabstractmethod__ = self.__isabstractmethod__
        return _method.__get__(obj, cls)

    @property
    def __isabstractmethod__(self):
        return getattr(self.func, "__isabstractmethod__", False)


class _TypedKey:
    """A key of a cache that tells 1 from 1.0."""

    __slots__ = ("parts", "hash")

    def __init__(self, parts):
        self.parts = parts
        self.hash = hash(parts)

    def __hash__(self):
        return self.hash

    def __eq__(self, other):
        return self.parts == other.parts


def _make_key(args, kwds, typed):
    if kwds:
        key = (args, _MISSING, *kwds.items())
    elif len(args) == 1 and not typed and type(args[0]) in (int, str):
        return args[0]
    else:
        key = args
    if typed:
        kinds = tuple([type(value) for value in args]) + tuple([type(value) for value in kwds.values()])
        key = _TypedKey((key, kinds))
    return key


def _info(hits, misses, maxsize, currsize):
    global _CacheInfo
    if _CacheInfo is None:
        from collections import namedtuple

        _CacheInfo = namedtuple("CacheInfo", ["hits", "misses", "maxsize", "currsize"], module="functools")
    return _CacheInfo(hits, misses, maxsize, currsize)


def _cached(function, maxsize, typed):
    store = {}
    hits = misses = 0

    if maxsize == 0:

        def wrapper(*args, **kwds):
            nonlocal misses
            misses += 1
            return function(*args, **kwds)

    elif maxsize is None:

        def wrapper(*args, **kwds):
            nonlocal hits, misses
            key = args if not kwds and not typed else _make_key(args, kwds, typed)
            found = store.get(key, _MISSING)
            if found is not _MISSING:
                hits += 1
                return found
            misses += 1
            result = store[key] = function(*args, **kwds)
            return result

    else:
        # A ring of [before, after, key, result], the oldest entry after the root.
        root = []
        root[:] = [root, root, None, None]

        def wrapper(*args, **kwds):
            nonlocal hits, misses
            key = args if not kwds and not typed else _make_key(args, kwds, typed)
            entry = store.get(key)
            if entry is not None:
                hits += 1
                newest = root[0]
                if newest is not entry:
                    before, after, _, _ = entry
                    before[1] = after
                    after[0] = before
                    newest[1] = root[0] = entry
                    entry[0] = newest
                    entry[1] = root
                return entry[3]
            misses += 1
            result = function(*args, **kwds)
            if key not in store:
                if len(store) >= maxsize:
                    oldest = root[1]
                    root[1] = oldest[1]
                    oldest[1][0] = root
                    del store[oldest[2]]
                newest = root[0]
                newest[1] = root[0] = store[key] = [newest, root, key, result]
            return result

    def cache_info():
        return _info(hits, misses, maxsize, len(store))

    def cache_clear():
        nonlocal hits, misses
        hits = misses = 0
        store.clear()
        if maxsize:
            root[:] = [root, root, None, None]

    update_wrapper(wrapper, function)
    wrapper.cache_info = cache_info
    wrapper.cache_clear = cache_clear
    wrapper.cache_parameters = lambda: {"maxsize": maxsize, "typed": typed}
    return wrapper


def lru_cache(maxsize=128, typed=False):
    if isinstance(maxsize, int):
        maxsize = max(maxsize, 0)
    elif callable(maxsize) and isinstance(typed, bool):
        return _cached(maxsize, 128, typed)
    elif maxsize is not None:
        raise TypeError("Expected first argument to be an integer, a callable, or None")
    return lambda function: _cached(function, maxsize, typed)


def cache(user_function, /):
    return _cached(user_function, None, False)


class cached_property:
    """A property whose value is computed once and kept in the instance."""

    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__

    def __set_name__(self, owner, name):
        if self.attrname is None:
            self.attrname = name
        elif name != self.attrname:
            raise TypeError("Cannot assign the same cached_property to two different names "
                            f"({self.attrname!r} and {name!r}).")

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.attrname is None:
            raise TypeError("Cannot use cached_property instance without calling __set_name__ on it.")
        try:
            values = instance.__dict__
        except AttributeError:
            raise TypeError(f"No '__dict__' attribute on {type(instance).__name__!r} instance to cache {self.attrname!r} "
                            "property.") from None
        value = values.get(self.attrname, _MISSING)
        if value is _MISSING:
            value = self.func(instance)
            try:
                values[self.attrname] = value
            except TypeError:
                raise TypeError(f"The '__dict__' attribute on {type(instance).__name__!r} instance does not support item "
                                f"assignment for caching {self.attrname!r} property.") from None
        return value

    def __class_getitem__(cls, item):
        return GenericAlias(cls, item)


def _find_implementation(cls, registry):
    """The entry for the class or its nearest base. A virtual base stands behind the last class that has it, and behind abstract
    bases that follow there, unless it is more special than they are."""
    mro = cls.__mro__
    virtual = {}
    for kind in registry:
        if kind not in mro and issubclass(cls, kind):
            last = max([place for place, base in enumerate(mro) if issubclass(base, kind)])
            explicit = [base for base in mro[last].__bases__ if hasattr(base, "__abstractmethods__")]
            place = last + 1
            while explicit and place <= mro.index(explicit[-1]) and not issubclass(kind, mro[place]):
                place += 1
            virtual.setdefault(place, []).append(kind)
    for place, kind in enumerate(mro):
        here = virtual.get(place, ())
        here = [base for base in here if not any(other is not base and issubclass(other, base) for other in here)]
        if len(here) > 1:
            raise RuntimeError(f"Ambiguous dispatch: {here[0]} or {here[1]}")
        if here:
            return registry[here[0]]
        if kind in registry:
            return registry[kind]
    return None


def _union_args(cls):
    if isinstance(cls, UnionType):
        return cls.__args__
    origin = getattr(cls, "__origin__", None)
    return cls.__args__ if getattr(origin, "_name", None) == "Union" else None


def singledispatch(func):
    registry = {}
    found = {}
    token = None  # of the registrations with abstract classes, where one of them is in the registry
    name = getattr(func, "__name__", "singledispatch function")

    def dispatch(cls):
        nonlocal token
        if token is not None and token != get_cache_token():
            token = get_cache_token()
            found.clear()
        made = found.get(cls)
        if made is None:
            made = found[cls] = registry.get(cls) or _find_implementation(cls, registry)
        return made

    def is_valid(cls):
        if isinstance(cls, type):
            return True
        args = _union_args(cls)
        return args is not None and all(isinstance(arg, type) for arg in args)

    def register(cls, func=None):
        nonlocal token
        if is_valid(cls):
            if func is None:
                return lambda f: register(cls, f)
        else:
            if func is not None:
                raise TypeError(f"Invalid first argument to `register()`. {cls!r} is not a class or union type.")
            annotations = getattr(cls, "__annotations__", {})
            if not annotations:
                raise TypeError(f"Invalid first argument to `register()`: {cls!r}. Use either `@register(some_class)` or "
                                "plain `@register` on an annotated function.")
            func = cls
            argname, cls = next(iter(annotations.items()))
            if isinstance(cls, str):
                from typing import get_type_hints

                argname, cls = next(iter(get_type_hints(func).items()))
            if not is_valid(cls):
                kind = "not all arguments are classes" if _union_args(cls) else "is not a class"
                raise TypeError(f"Invalid annotation for {argname!r}. {cls!r} {kind}.")
        for kind in _union_args(cls) or (cls,):
            registry[kind] = func
            if token is None and hasattr(kind, "__abstractmethods__"):
                token = get_cache_token()
        found.clear()
        return func

    def wrapper(*args, **kw):
        if not args:
            raise TypeError(f"{name} requires at least 1 positional argument")
        return dispatch(args[0].__class__)(*args, **kw)

    registry[object] = func
    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = registry
    wrapper._clear_cache = found.clear
    update_wrapper(wrapper, func)
    return wrapper


class singledispatchmethod:
    """singledispatch by the first argument after self."""

    def __init__(self, func):
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError(f"{func!r} is not callable or a descriptor")
        self.dispatcher = singledispatch(func)
        self.func = func

    def register(self, cls, method=None):
        return self.dispatcher.register(cls, func=method)

    def __get__(self, obj, cls=None):
        def _method(*args, **kwargs):
            method = self.dispatcher.dispatch(args[0].__class__)
            return method.__get__(obj, cls)(*args, **kwargs)

        _method.register = self.register
        update_wrapper(_method, self.func)
        return _method

    @property
    def __isabstractmethod__(self):
        return getattr(self.func, "__isabstractmethod__", False)
