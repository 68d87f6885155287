# The rest of the module typing: named tuples and typed dictionaries, decorators, and looking into annotations.
import sys
import types
from abc import abstractmethod
from collections import namedtuple
import collections.abc
import typing
from typing import (
    Annotated, AnyStr, ForwardRef, Generic, NotRequired, Protocol, Required, T_co, Union, _AnnotatedAlias, _BaseAlias,
    _Final, _GenericAlias, _ProtocolMeta, _type_check, Concatenate, ParamSpec, _LiteralAlias)

__all__ = ["NamedTuple", "TypedDict", "NewType", "cast", "overload", "get_overloads", "clear_overloads", "final",
           "no_type_check", "no_type_check_decorator", "runtime_checkable", "runtime", "assert_never", "assert_type", "reveal_type", "dataclass_transform",
           "get_type_hints", "get_origin", "get_args", "is_typeddict", "SupportsInt", "SupportsFloat", "SupportsComplex",
           "SupportsBytes", "SupportsIndex", "SupportsAbs", "SupportsRound", "IO", "TextIO", "BinaryIO", "NamedTupleMeta"]
_overloads = {}
_PROHIBITED = ("__new__", "__init__", "__slots__", "__getnewargs__", "_fields", "_field_defaults", "_field_types", "_make",
               "_replace", "_asdict", "_source")


def _named_tuple(name, kinds, module, defaults=()):
    kinds = {key: _type_check(kind, f"field {key} annotation must be a type") for key, kind in kinds}
    made = namedtuple(name, kinds, defaults=defaults, module=module)
    made.__annotations__ = made.__new__.__annotations__ = kinds
    return made


class NamedTupleMeta(type):
    def __new__(metacls, name, bases, namespace):
        for base in bases:
            if base is not _NamedTuple and base is not Generic:
                raise TypeError("can only inherit from a NamedTuple type and Generic")
        bases = tuple([tuple if base is _NamedTuple else base for base in bases])
        kinds = namespace.get("__annotations__", {})
        with_default = []
        for key in kinds:
            if key in namespace:
                with_default.append(key)
            elif with_default:
                raise TypeError(f"Non-default namedtuple field {key} cannot follow default field"
                                f"{'s' if len(with_default) > 1 else ''} {', '.join(with_default)}")
        made = _named_tuple(name, kinds.items(), namespace["__module__"], [namespace[key] for key in with_default])
        if bases != (tuple,):
            body = {key: value for key, value in made.__dict__.items() if key != "__dict__"}
            body["__orig_bases__"] = namespace.get("__orig_bases__", ())
            made = type(name, bases, body)
        for key, value in namespace.items():
            if key in _PROHIBITED:
                raise AttributeError("Cannot overwrite NamedTuple attribute " + key)
            if key not in ("__module__", "__annotations__", "__orig_bases__") and key not in made._fields:
                setattr(made, key, value)
        return made


_NamedTuple = type.__new__(NamedTupleMeta, "NamedTuple", (), {"__module__": "typing"})


class _NamedTupleForm:
    """What `class P(NamedTuple)` and `NamedTuple("P", …)` name."""

    __name__ = __qualname__ = "NamedTuple"
    __module__ = "typing"

    def __call__(self, typename, fields=None, /, **kwargs):
        if fields is None:
            fields = kwargs.items()
        elif kwargs:
            raise TypeError("Either list of fields or keywords can be provided to NamedTuple, not both")
        return _named_tuple(typename, fields, "__main__")

    def __mro_entries__(self, bases):
        return (_NamedTuple,)

    def __repr__(self):
        return "<function NamedTuple>"


NamedTuple = _NamedTupleForm()


class _TypedDictMeta(type):
    def __new__(metacls, name, bases, namespace, total=True):
        for base in bases:
            if type(base) is not _TypedDictMeta and base is not Generic:
                raise TypeError("cannot inherit from both a TypedDict type and a non-TypedDict base class")
        generic = (Generic,) if any(issubclass(base, Generic) for base in bases) else ()
        own = {key: _type_check(kind, "TypedDict('Name', {f0: t0, f1: t1, ...}); each t must be a type", True)
               for key, kind in namespace.get("__annotations__", {}).items()}
        made = type.__new__(_TypedDictMeta, name, (*generic, dict), namespace)
        annotations, required, optional = {}, set(), set()
        for base in bases:
            annotations.update(base.__dict__.get("__annotations__", {}))
            needed, other = base.__dict__.get("__required_keys__", set()), base.__dict__.get("__optional_keys__", set())
            required = (required | needed) - other
            optional = (optional - needed) | other
        for key, kind in own.items():
            origin = get_origin(kind.__origin__ if get_origin(kind) is Annotated else kind)
            needed = origin is Required or total and origin is not NotRequired
            (required if needed else optional).add(key)
            (optional if needed else required).discard(key)
        annotations.update(own)
        made.__annotations__ = annotations
        made.__required_keys__ = frozenset(required)
        made.__optional_keys__ = frozenset(optional)
        made.__total__ = total
        return made

    def __call__(cls, /, *args, **kwargs):
        return dict(*args, **kwargs)

    def __subclasscheck__(cls, other):
        raise TypeError("TypedDict does not support instance and class checks")

    __instancecheck__ = __subclasscheck__


_TypedDict = type.__new__(_TypedDictMeta, "TypedDict", (), {"__module__": "typing"})


class _TypedDictForm:
    """What `class P(TypedDict)` and `TypedDict("P", …)` name."""

    __name__ = __qualname__ = "TypedDict"
    __module__ = "typing"

    def __call__(self, typename, fields=None, /, *, total=True, **kwargs):
        if fields is None:
            fields = kwargs
        elif kwargs:
            raise TypeError("TypedDict takes either a dict or keyword arguments, but not both")
        if kwargs:
            from warnings import warn

            warn("The kwargs-based syntax for TypedDict definitions is deprecated in Python 3.11, will be removed in Python "
                 "3.13, and may not be understood by third-party type checkers.", DeprecationWarning, stacklevel=2)
        return _TypedDictMeta(typename, (_TypedDict,), {"__annotations__": dict(fields), "__module__": "__main__"}, total=total)

    def __mro_entries__(self, bases):
        return (_TypedDict,)

    def __repr__(self):
        return "<function TypedDict>"


TypedDict = _TypedDictForm()


def is_typeddict(tp):
    return isinstance(tp, _TypedDictMeta)


class NewType(_Final):
    def __init__(self, name, tp):
        self.__qualname__ = name
        self.__name__ = name.rpartition(".")[2]
        self.__supertype__ = tp
        self.__module__ = "__main__"

    def __call__(self, x):
        return x

    def __repr__(self):
        return f"{self.__module__}.{self.__qualname__}"

    def __mro_entries__(self, bases):
        name = self.__name__

        class Refusal:
            def __init_subclass__(cls):
                raise TypeError("Cannot subclass an instance of NewType. Perhaps you were looking for: "
                                f"`{cls.__name__} = NewType({cls.__name__!r}, {name})`")

        return (Refusal,)


def cast(typ, val):
    return val


def _overload_dummy(*args, **kwds):
    raise NotImplementedError(
        "You should not call an overloaded function. A series of @overload-decorated functions outside a stub module should "
        "always be followed by an implementation that is not @overload-ed.")


def overload(func):
    func = getattr(func, "__func__", func)
    _overloads.setdefault((func.__module__, func.__qualname__), []).append(func)
    return _overload_dummy


def get_overloads(func):
    func = getattr(func, "__func__", func)
    return list(_overloads.get((func.__module__, func.__qualname__), ()))


def clear_overloads():
    _overloads.clear()


def final(f):
    try:
        f.__final__ = True
    except (AttributeError, TypeError):
        pass
    return f


def no_type_check(arg):
    if isinstance(arg, type):
        for value in arg.__dict__.values():
            inner = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
            if isinstance(inner, types.FunctionType):
                inner.__no_type_check__ = True
            elif isinstance(inner, type) and inner.__qualname__ == f"{arg.__qualname__}.{inner.__name__}":
                no_type_check(inner)
    try:
        arg.__no_type_check__ = True
    except TypeError:
        pass
    return arg


def no_type_check_decorator(decorator):
    def wrapped(*args, **kwds):
        return no_type_check(decorator(*args, **kwds))

    return wrapped


def runtime_checkable(cls):
    if not isinstance(cls, _ProtocolMeta) or not cls._is_protocol:
        raise TypeError(f"@runtime_checkable can be only applied to protocol classes, got {cls!r}")
    cls._is_runtime_protocol = True
    return cls


runtime = runtime_checkable


def assert_never(arg, /):
    shown = repr(arg)
    raise AssertionError(f"Expected code to be unreachable, but got: {shown[:100] + '...' if len(shown) > 100 else shown}")


def assert_type(val, typ, /):
    return val


def reveal_type(obj, /):
    print(f"Runtime type is {type(obj).__name__!r}", file=sys.stderr)
    return obj


def dataclass_transform(*, eq_default=True, order_default=False, kw_only_default=False, field_specifiers=(), **kwargs):
    def decorator(cls_or_fn):
        cls_or_fn.__dataclass_transform__ = {
            "eq_default": eq_default, "order_default": order_default, "kw_only_default": kw_only_default,
            "field_specifiers": field_specifiers, "kwargs": kwargs}
        return cls_or_fn

    return decorator


def get_origin(tp):
    if isinstance(tp, _AnnotatedAlias):
        return Annotated
    if isinstance(tp, (_BaseAlias, types.GenericAlias, typing.ParamSpecArgs, typing.ParamSpecKwargs)):
        return tp.__origin__
    if tp is Generic:
        return Generic
    return types.UnionType if isinstance(tp, types.UnionType) else None


def get_args(tp):
    if isinstance(tp, _AnnotatedAlias):
        return (tp.__origin__, *tp.__metadata__)
    if isinstance(tp, (_GenericAlias, types.GenericAlias)):
        args = tp.__args__
        if get_origin(tp) is collections.abc.Callable and not (
                len(args) == 2 and (args[0] is ... or isinstance(args[0], ParamSpec) or get_origin(args[0]) is Concatenate)):
            args = (list(args[:-1]), args[-1])
        return args
    return tp.__args__ if isinstance(tp, types.UnionType) else ()


def _evaluate(tp, globalns, localns, running=()):
    if isinstance(tp, ForwardRef):
        text = tp.__forward_arg__
        if text in running:
            return tp
        found = _type_check(eval(text, globalns, localns), "Forward references must evaluate to types.", True)
        return _evaluate(found, globalns, localns, (*running, text))
    if isinstance(tp, (_LiteralAlias, type)) and not isinstance(tp, types.GenericAlias):
        return tp
    if isinstance(tp, (_GenericAlias, types.GenericAlias, types.UnionType)):
        args = []
        for arg in tp.__args__:
            if isinstance(tp, types.GenericAlias) and isinstance(arg, str):
                arg = ForwardRef(arg)
            args.append(_evaluate(arg, globalns, localns, running))
        if all(a is b for a, b in zip(args, tp.__args__)):
            return tp
        if isinstance(tp, _GenericAlias):
            return tp._with(tuple(args))
        if isinstance(tp, types.GenericAlias):
            return tp.__origin__[tuple(args)]
        return Union[tuple(args)]
    return tp


def _without_annotated(tp):
    if isinstance(tp, _AnnotatedAlias):
        return _without_annotated(tp.__origin__)
    if get_origin(tp) in (Required, NotRequired):
        return _without_annotated(tp.__args__[0])
    if isinstance(tp, _GenericAlias) and not isinstance(tp, _LiteralAlias):
        args = tuple([_without_annotated(arg) for arg in tp.__args__])
        return tp if args == tp.__args__ else tp._with(args)
    if isinstance(tp, types.GenericAlias):
        args = tuple([_without_annotated(arg) for arg in tp.__args__])
        return tp if args == tp.__args__ else tp.__origin__[args]
    return tp


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    if getattr(obj, "__no_type_check__", None):
        return {}
    hints = {}
    if isinstance(obj, type):
        for base in reversed(obj.__mro__):
            names = globalns
            if names is None:
                module = sys.modules.get(base.__module__)
                names = getattr(module, "__dict__", {})
            inner = dict(base.__dict__) if localns is None else localns
            own = base.__dict__.get("__annotations__", {})
            for name, value in (own.items() if isinstance(own, dict) else ()):
                hints[name] = _hint(value, names, inner)
    else:
        if isinstance(obj, types.ModuleType):
            names = obj.__dict__ if globalns is None else globalns
        else:
            inner = obj
            while hasattr(inner, "__wrapped__"):
                inner = inner.__wrapped__
            names = getattr(inner, "__globals__", {}) if globalns is None else globalns
        found = getattr(obj, "__annotations__", None)
        if found is None:
            if callable(obj) or isinstance(obj, types.ModuleType):
                return {}
            raise TypeError(f"{obj!r} is not a module, class, method, or function.")
        for name, value in found.items():
            hints[name] = _hint(value, names, names if localns is None else localns)
    return hints if include_extras else {name: _without_annotated(value) for name, value in hints.items()}


def _hint(value, globalns, localns):
    if value is None:
        return type(None)
    return _evaluate(ForwardRef(value) if isinstance(value, str) else value, globalns, localns)


def _supports(name, method, base=Protocol):
    """A protocol of one method."""

    @abstractmethod
    def stub(self):
        pass

    stub.__name__ = method
    stub.__qualname__ = f"{name}.{method}"
    namespace = {"__module__": "typing", "__qualname__": name, method: stub,
                 "__doc__": f"An ABC with one abstract method {method}."}
    return runtime_checkable(types.new_class(name, (base,), {}, lambda body: body.update(namespace)))


SupportsInt = _supports("SupportsInt", "__int__")
SupportsFloat = _supports("SupportsFloat", "__float__")
SupportsComplex = _supports("SupportsComplex", "__complex__")
SupportsBytes = _supports("SupportsBytes", "__bytes__")
SupportsIndex = _supports("SupportsIndex", "__index__")
SupportsAbs = _supports("SupportsAbs", "__abs__", Protocol[T_co])
SupportsRound = _supports("SupportsRound", "__round__", Protocol[T_co])


class IO(Generic[AnyStr]):
    """The type of open files."""


class BinaryIO(IO[bytes]):
    """The type of files of bytes."""


class TextIO(IO[str]):
    """The type of files of text."""


for _class in (IO, BinaryIO, TextIO):
    _class.__module__ = "typing"
