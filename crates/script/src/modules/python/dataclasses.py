# The module dataclasses: classes whose methods follow from their annotations. The methods are closures, not made text.
import re
import sys
from types import MappingProxyType, GenericAlias, new_class
from keyword import iskeyword
from abc import update_abstractmethods
from _arguments import bind

__all__ = ["dataclass", "field", "Field", "FrozenInstanceError", "InitVar", "KW_ONLY", "MISSING", "fields",
           "asdict", "astuple", "make_dataclass", "replace", "is_dataclass"]


class FrozenInstanceError(AttributeError):
    pass


class _MISSING_TYPE:
    pass


class _KW_ONLY_TYPE:
    pass


class _HAS_DEFAULT_FACTORY_CLASS:
    def __repr__(self):
        return "<factory>"


class _Kind:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


MISSING = _MISSING_TYPE()
KW_ONLY = _KW_ONLY_TYPE()
_FACTORY = _HAS_DEFAULT_FACTORY_CLASS()
_FIELD = _Kind("_FIELD")
_FIELD_CLASSVAR = _Kind("_FIELD_CLASSVAR")
_FIELD_INITVAR = _Kind("_FIELD_INITVAR")
_EMPTY_METADATA = MappingProxyType({})
_FIELDS = "__dataclass_fields__"
_head = re.compile(r"\s*(?:(\w+)\s*\.)?\s*(\w+)")
_shown_fields = set()
_PARAMS = "__dataclass_params__"


class InitVar:
    def __init__(self, type):
        self.type = type

    def __repr__(self):
        kind = self.type
        name = kind.__name__ if isinstance(kind, type) else repr(kind)
        return f"dataclasses.InitVar[{name}]"

    def __class_getitem__(cls, type):
        return InitVar(type)


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = _EMPTY_METADATA if metadata is None else MappingProxyType(metadata)
        self.kw_only = kw_only
        self._field_type = None

    def __repr__(self):
        if id(self) in _shown_fields:
            return "..."
        _shown_fields.add(id(self))
        try:
            return self._shown()
        finally:
            _shown_fields.discard(id(self))

    def _shown(self):
        return (
            f"Field(name={self.name!r},type={self.type!r},default={self.default!r},"
            f"default_factory={self.default_factory!r},init={self.init!r},repr={self.repr!r},hash={self.hash!r},"
            f"compare={self.compare!r},metadata={self.metadata!r},kw_only={self.kw_only!r},"
            f"_field_type={self._field_type})"
        )

    def __set_name__(self, owner, name):
        hook = getattr(type(self.default), "__set_name__", None)
        if hook is not None:
            hook(self.default, owner, name)

    def __class_getitem__(cls, item):
        return GenericAlias(cls, item)


class _DataclassParams:
    def __init__(self, init, repr, eq, order, unsafe_hash, frozen):
        self.init = init
        self.repr = repr
        self.eq = eq
        self.order = order
        self.unsafe_hash = unsafe_hash
        self.frozen = frozen

    def __repr__(self):
        return (
            f"_DataclassParams(init={self.init!r},repr={self.repr!r},eq={self.eq!r},order={self.order!r},"
            f"unsafe_hash={self.unsafe_hash!r},frozen={self.frozen!r})"
        )


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True,
          metadata=None, kw_only=MISSING):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def _names(annotation, cls, module, name):
    """Whether a string annotation starts with the module's name, as the class's module knows it."""
    found = _head.match(annotation)
    if found is None:
        return False
    prefix, last = found.groups()
    here = sys.modules.get(cls.__module__)
    wanted = sys.modules.get(module)
    if here is None or wanted is None:
        return last == name and prefix in (None, module)
    namespace = here.__dict__
    if prefix is not None:
        if namespace.get(prefix) is not wanted:
            return False
        namespace = wanted.__dict__
    return last in namespace and namespace[last] is wanted.__dict__[name]


def _is_classvar(annotation, cls):
    if isinstance(annotation, str):
        return _names(annotation, cls, "typing", "ClassVar")
    typing = sys.modules.get("typing")
    return typing is not None and getattr(annotation, "__origin__", annotation) is typing.ClassVar


def _is_initvar(annotation, cls):
    if isinstance(annotation, str):
        return _names(annotation, cls, "dataclasses", "InitVar")
    return annotation is InitVar or type(annotation) is InitVar


def _is_kw_only(annotation, cls):
    if isinstance(annotation, str):
        return _names(annotation, cls, "dataclasses", "KW_ONLY")
    return annotation is KW_ONLY


def _make_field(cls, name, annotation, kw_only):
    default = getattr(cls, name, MISSING)
    if isinstance(default, Field):
        made = default
    else:
        if type(default).__name__ in ("member_descriptor", "getset_descriptor"):
            default = MISSING
        made = field(default=default)
    made.name = name
    made.type = annotation
    if _is_classvar(annotation, cls):
        made._field_type = _FIELD_CLASSVAR
    elif _is_initvar(annotation, cls):
        made._field_type = _FIELD_INITVAR
    else:
        made._field_type = _FIELD
    if made._field_type is not _FIELD and made.default_factory is not MISSING:
        raise TypeError(f"field {name} cannot have a default factory")
    if made._field_type is _FIELD_CLASSVAR:
        if made.kw_only is not MISSING:
            raise TypeError(f"field {name} is a ClassVar but specifies kw_only")
    elif made.kw_only is MISSING:
        made.kw_only = kw_only
    if made._field_type is _FIELD and made.default.__class__.__hash__ is None:
        raise ValueError(f"mutable default {type(made.default)} for field {name} is not allowed: use default_factory")
    return made


def _shown(annotation):
    if isinstance(annotation, type):
        if annotation.__module__ == "builtins":
            return annotation.__qualname__
        return f"{annotation.__module__}.{annotation.__qualname__}"
    return repr(annotation).replace("typing.", "")


def _parameter(f):
    text = f"{f.name}: {_shown(f.type)}"
    if f.default is not MISSING:
        return f"{text} = {f.default!r}"
    return text if f.default_factory is MISSING else f"{text} = <factory>"


def _signature_text(positional, keyword_only):
    parts = [_parameter(f) for f in positional]
    if keyword_only:
        parts.append("*")
        parts += [_parameter(f) for f in keyword_only]
    return "(" + ", ".join(parts) + ")"


def _make_init(cls, every, frozen, slots):
    positional = [f for f in every if f.init and not f.kw_only]
    keyword_only = [f for f in every if f.init and f.kw_only]
    seen_default = False
    for f in positional:
        if f.default is not MISSING or f.default_factory is not MISSING:
            seen_default = True
        elif seen_default:
            raise TypeError(f"non-default argument {f.name!r} follows default argument")
    names = tuple(f.name for f in positional)
    keyword_names = tuple(f.name for f in keyword_only)
    defaults = {}
    for f in positional + keyword_only:
        if f.default is not MISSING:
            defaults[f.name] = f.default
        elif f.default_factory is not MISSING:
            defaults[f.name] = _FACTORY
    count = len(names)
    tail = tuple(defaults[name] for name in names if name in defaults)
    required = count - len(tail)
    qualname = f"{cls.__qualname__}.__init__"
    own = "__dataclass_self__" if "self" in names or "self" in keyword_names else "self"
    put = object.__setattr__ if frozen else setattr
    post_init = hasattr(cls, "__post_init__")
    plain = not keyword_names and names == tuple(f.name for f in every if f._field_type is _FIELD)
    plain = plain and all(f._field_type is _FIELD for f in positional) and _FACTORY not in defaults.values()

    def arguments(args, kwargs):
        given = len(args)
        if not kwargs and not keyword_names and required <= given <= count:
            return args if given == count else args + tail[given - required:]
        return bind(qualname, own, names, keyword_names, defaults, args, kwargs)

    if plain and not post_init:

        def __init__(self, /, *args, **kwargs):
            if kwargs or len(args) != count:
                args = arguments(args, kwargs)
            for name, value in zip(names, args):
                put(self, name, value)

    elif plain:

        def __init__(self, /, *args, **kwargs):
            if kwargs or len(args) != count:
                args = arguments(args, kwargs)
            for name, value in zip(names, args):
                put(self, name, value)
            self.__post_init__()

    else:
        taken = names + keyword_names
        plan = []  # of what is stored: a name, the place of its argument (None: there is none), its factory, its default
        for f in every:
            if f._field_type is _FIELD:
                factory = None if f.default_factory is MISSING else f.default_factory
                if f.init:
                    plan.append((f.name, taken.index(f.name), factory, None))
                elif factory is not None or slots and f.default is not MISSING:
                    plan.append((f.name, None, factory, f.default))
        init_only = [taken.index(f.name) for f in every if f._field_type is _FIELD_INITVAR]

        def __init__(self, /, *args, **kwargs):
            values = arguments(args, kwargs)
            for name, place, factory, default in plan:
                value = default if place is None else values[place]
                if factory is not None and (place is None or value is _FACTORY):
                    value = factory()
                put(self, name, value)
            if post_init:
                self.__post_init__(*[values[place] for place in init_only])

    __init__.__annotations__ = {f.name: f.type for f in positional + keyword_only}
    __init__.__annotations__["return"] = None
    __init__.__dataclass_parameters__ = (positional, keyword_only)
    return __init__, _signature_text(positional, keyword_only)


def _make_repr(names):
    running = set()

    def __repr__(self):
        if id(self) in running:
            return "..."
        running.add(id(self))
        try:
            shown = ", ".join([f"{name}={getattr(self, name)!r}" for name in names])
            return f"{self.__class__.__qualname__}({shown})"
        finally:
            running.discard(id(self))

    __repr__.__dataclass_repr__ = True
    return __repr__


def _make_comparisons(names):
    def values(self):
        return tuple([getattr(self, name) for name in names])

    def __eq__(self, other):
        if other.__class__ is self.__class__:
            return values(self) == values(other)
        return NotImplemented

    def __lt__(self, other):
        if other.__class__ is self.__class__:
            return values(self) < values(other)
        return NotImplemented

    def __le__(self, other):
        if other.__class__ is self.__class__:
            return values(self) <= values(other)
        return NotImplemented

    def __gt__(self, other):
        if other.__class__ is self.__class__:
            return values(self) > values(other)
        return NotImplemented

    def __ge__(self, other):
        if other.__class__ is self.__class__:
            return values(self) >= values(other)
        return NotImplemented

    return __eq__, (__lt__, __le__, __gt__, __ge__)


def _make_hash(names):
    def __hash__(self):
        return hash(tuple([getattr(self, name) for name in names]))

    return __hash__


def _make_frozen(cell, names):
    def __setattr__(self, name, value):
        if type(self) is cell[0] or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cell[0], self).__setattr__(name, value)

    def __delattr__(self, name):
        if type(self) is cell[0] or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cell[0], self).__delattr__(name)

    return __setattr__, __delattr__


def _add(cls, function):
    """Gives the class a method unless it has its own; says whether it had."""
    name = function.__name__
    if name in cls.__dict__:
        return True
    function.__qualname__ = f"{cls.__qualname__}.{name}"
    setattr(cls, name, function)
    return False


def _collect_fields(cls, frozen, kw_only):
    found = {}
    any_frozen = has_bases = False
    for base in cls.__mro__[-1:0:-1]:
        inherited = base.__dict__.get(_FIELDS)
        if inherited is not None:
            has_bases = True
            found.update(inherited)
            any_frozen = any_frozen or getattr(base, _PARAMS).frozen
    annotations = cls.__dict__.get("__annotations__", {})
    own = []
    keyword_marker_seen = False
    for name, annotation in annotations.items():
        if _is_kw_only(annotation, cls):
            if keyword_marker_seen:
                raise TypeError(f"{name!r} is KW_ONLY, but KW_ONLY has already been specified")
            keyword_marker_seen = kw_only = True
        else:
            own.append(_make_field(cls, name, annotation, kw_only))
    for f in own:
        found[f.name] = f
        if isinstance(getattr(cls, f.name, None), Field):
            if f.default is MISSING:
                delattr(cls, f.name)
            else:
                setattr(cls, f.name, f.default)
    for name, value in list(cls.__dict__.items()):
        if isinstance(value, Field) and name not in annotations:
            raise TypeError(f"{name!r} is a field but has no type annotation")
    if has_bases:
        if any_frozen and not frozen:
            raise TypeError("cannot inherit non-frozen dataclass from a frozen one")
        if not any_frozen and frozen:
            raise TypeError("cannot inherit frozen dataclass from a non-frozen one")
    return found


def _state(self):
    return [getattr(self, f.name) for f in fields(self)]


def _set_state(self, state):
    for f, value in zip(fields(self), state):
        object.__setattr__(self, f.name, value)


def _with_slots(cls, names, frozen, weakref_slot):
    if "__slots__" in cls.__dict__:
        raise TypeError(f"{cls.__name__} already specifies __slots__")
    inherited = set()
    for base in cls.__mro__[1:-1]:
        slots = base.__dict__.get("__slots__", ())
        if hasattr(slots, "__next__"):
            raise TypeError(f"Slots of '{base.__name__}' cannot be determined")
        inherited.update((slots,) if isinstance(slots, str) else slots)
    namespace = dict(cls.__dict__)
    extra = ("__weakref__",) if weakref_slot and "__weakref__" not in inherited else ()
    namespace["__slots__"] = tuple([name for name in names if name not in inherited]) + extra
    for name in (*names, "__dict__", "__weakref__"):
        namespace.pop(name, None)
    if frozen:
        namespace.setdefault("__getstate__", _state)
        namespace.setdefault("__setstate__", _set_state)
    qualname = getattr(cls, "__qualname__", None)
    made = type(cls)(cls.__name__, cls.__bases__, namespace)
    if qualname is not None:
        made.__qualname__ = qualname
    return made


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot):
    found = _collect_fields(cls, frozen, kw_only)
    setattr(cls, _FIELDS, found)
    setattr(cls, _PARAMS, _DataclassParams(init, repr, eq, order, unsafe_hash, frozen))
    own_hash = cls.__dict__.get("__hash__", MISSING)
    explicit_hash = not (own_hash is MISSING or own_hash is None and "__eq__" in cls.__dict__)
    if order and not eq:
        raise ValueError("eq must be true if order is true")
    every = [f for f in found.values() if f._field_type is not _FIELD_CLASSVAR]
    stored = [f for f in every if f._field_type is _FIELD]
    made_init, signature = None, ""
    if init or not getattr(cls, "__doc__"):
        made_init, signature = _make_init(cls, every, frozen, slots) if init else (None, "()")
    if made_init is not None:
        _add(cls, made_init)
    if repr:
        _add(cls, _make_repr(tuple(f.name for f in stored if f.repr)))
    equal, orders = _make_comparisons(tuple(f.name for f in stored if f.compare))
    if eq:
        _add(cls, equal)
    if order:
        for method in orders:
            if _add(cls, method):
                raise TypeError(f"Cannot overwrite attribute {method.__name__} in class {cls.__name__}. "
                                "Consider using functools.total_ordering")
    cell = [cls]
    if frozen:
        for method in _make_frozen(cell, frozenset(f.name for f in stored)):
            if _add(cls, method):
                raise TypeError(f"Cannot overwrite attribute {method.__name__} in class {cls.__name__}")
    if unsafe_hash and explicit_hash:
        raise TypeError(f"Cannot overwrite attribute __hash__ in class {cls.__name__}")
    if unsafe_hash or eq and frozen and not explicit_hash:
        made_hash = _make_hash(tuple(f.name for f in stored if (f.compare if f.hash is None else f.hash)))
        made_hash.__qualname__ = f"{cls.__qualname__}.__hash__"
        cls.__hash__ = made_hash
    elif eq and not frozen and not explicit_hash:
        cls.__hash__ = None
    if not getattr(cls, "__doc__"):
        cls.__doc__ = cls.__name__ + signature
    if match_args and "__match_args__" not in cls.__dict__:
        cls.__match_args__ = tuple(f.name for f in every if f.init and not f.kw_only)
    if slots:
        cls = cell[0] = _with_slots(cls, [f.name for f in stored], frozen, weakref_slot)
    elif weakref_slot:
        raise TypeError("weakref_slot is True but slots is False")
    update_abstractmethods(cls)
    return cls


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False,
              match_args=True, kw_only=False, slots=False, weakref_slot=False):
    def wrap(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot)

    return wrap if cls is None else wrap(cls)


def fields(class_or_instance):
    found = getattr(class_or_instance, _FIELDS, None)
    if found is None:
        raise TypeError("must be called with a dataclass type or instance")
    return tuple([f for f in found.values() if f._field_type is _FIELD])


def is_dataclass(obj):
    cls = obj if isinstance(obj, type) else type(obj)
    return hasattr(cls, _FIELDS)


def _is_instance(obj):
    return hasattr(type(obj), _FIELDS)


def _inner(obj, convert):
    from copy import deepcopy

    if _is_instance(obj):
        return convert(obj)
    if isinstance(obj, tuple) and hasattr(obj, "_fields"):
        return type(obj)(*[_inner(item, convert) for item in obj])
    if isinstance(obj, (list, tuple)):
        return type(obj)([_inner(item, convert) for item in obj])
    if isinstance(obj, dict):
        pairs = [(_inner(key, convert), _inner(value, convert)) for key, value in obj.items()]
        if hasattr(type(obj), "default_factory"):
            made = type(obj)(getattr(obj, "default_factory"))
            for key, value in pairs:
                made[key] = value
            return made
        return type(obj)(pairs)
    return deepcopy(obj)


def asdict(obj, *, dict_factory=dict):
    if not _is_instance(obj):
        raise TypeError("asdict() should be called on dataclass instances")

    def convert(value):
        return dict_factory([(f.name, _inner(getattr(value, f.name), convert)) for f in fields(value)])

    return convert(obj)


def astuple(obj, *, tuple_factory=tuple):
    if not _is_instance(obj):
        raise TypeError("astuple() should be called on dataclass instances")

    def convert(value):
        return tuple_factory([_inner(getattr(value, f.name), convert) for f in fields(value)])

    return convert(obj)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, init=True, repr=True, eq=True, order=False,
                   unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    body = {} if namespace is None else dict(namespace)
    annotations = {}
    for item in fields:
        if isinstance(item, str):
            name, annotation = item, "typing.Any"
        elif len(item) == 2:
            name, annotation = item
        elif len(item) == 3:
            name, annotation, body[item[0]] = item
        else:
            raise TypeError(f"Invalid field: {item!r}")
        if not isinstance(name, str) or not name.isidentifier():
            raise TypeError(f"Field names must be valid identifiers: {name!r}")
        if iskeyword(name):
            raise TypeError(f"Field names must not be keywords: {name!r}")
        if name in annotations:
            raise TypeError(f"Field name duplicated: {name!r}")
        annotations[name] = annotation
    body["__annotations__"] = annotations
    cls = new_class(cls_name, bases, {}, lambda namespace: namespace.update(body))
    return dataclass(cls, init=init, repr=repr, eq=eq, order=order, unsafe_hash=unsafe_hash, frozen=frozen,
                     match_args=match_args, kw_only=kw_only, slots=slots, weakref_slot=weakref_slot)


def replace(obj, /, **changes):
    if not _is_instance(obj):
        raise TypeError("replace() should be called on dataclass instances")
    for f in getattr(obj, _FIELDS).values():
        if f._field_type is _FIELD_CLASSVAR:
            continue
        if not f.init:
            if f.name in changes:
                raise ValueError(f"field {f.name} is declared with init=False, it cannot be specified with replace()")
        elif f.name not in changes:
            if f._field_type is _FIELD_INITVAR:
                if f.default is MISSING:
                    raise ValueError(f"InitVar {f.name!r} must be specified with replace()")
            else:
                changes[f.name] = getattr(obj, f.name)
    return obj.__class__(**changes)
