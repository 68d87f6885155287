# The module typing: the names that annotations use, their subscripts and what they show.
import collections
import collections.abc
import re
import types

__all__ = """
Annotated Any Callable ClassVar Concatenate Final ForwardRef Generic Literal Optional ParamSpec Protocol Tuple Type
TypeVar TypeVarTuple Union AbstractSet ByteString Container ContextManager Hashable ItemsView Iterable Iterator KeysView
Mapping MappingView MutableMapping MutableSequence MutableSet Sequence Sized ValuesView Awaitable AsyncIterator
AsyncIterable Coroutine Collection AsyncGenerator AsyncContextManager Reversible SupportsAbs SupportsBytes
SupportsComplex SupportsFloat SupportsIndex SupportsInt SupportsRound ChainMap Counter Deque Dict DefaultDict List
OrderedDict Set FrozenSet NamedTuple TypedDict Generator BinaryIO IO Match Pattern TextIO AnyStr assert_type
assert_never cast clear_overloads dataclass_transform final get_args get_origin get_overloads get_type_hints
is_typeddict LiteralString Never NewType no_type_check no_type_check_decorator NoReturn NotRequired overload
ParamSpecArgs ParamSpecKwargs Required reveal_type runtime_checkable Self Text TYPE_CHECKING TypeAlias TypeGuard Unpack
""".split()
TYPE_CHECKING = False



def _type_repr(obj):
    if isinstance(obj, type) and type(obj) is not types.GenericAlias:
        return obj.__qualname__ if obj.__module__ == "builtins" else f"{obj.__module__}.{obj.__qualname__}"
    if obj is ...:
        return "..."
    if isinstance(obj, types.FunctionType):
        return obj.__name__
    if isinstance(obj, list):
        return "[" + ", ".join([_type_repr(item) for item in obj]) + "]"
    return repr(obj)


def _type_check(arg, message, allow_special=False):
    if arg is None:
        return type(None)
    if isinstance(arg, str):
        return ForwardRef(arg)
    origin = getattr(arg, "__origin__", None)
    if origin is not None and (origin is Generic or origin is Protocol or not allow_special and origin in (ClassVar, Final)):
        raise TypeError(f"{arg!r} is not valid as type argument")
    if arg is Generic or arg is Protocol or isinstance(arg, _SpecialForm) and arg._subscript is not None \
            and not (allow_special and arg in (ClassVar, Final)):
        raise TypeError(f"Plain {arg!r} is not valid as type argument")
    if type(arg) is tuple:
        raise TypeError(f"{message} Got {arg!r:.100}.")
    return arg


def _collect_parameters(args):
    found = {}
    for arg in args:
        if isinstance(arg, (TypeVar, ParamSpec, TypeVarTuple)):
            found[arg] = None
        elif isinstance(arg, (list, tuple)):
            found.update(dict.fromkeys(_collect_parameters(arg)))
        elif not isinstance(arg, type):
            found.update(dict.fromkeys(getattr(arg, "__parameters__", ())))
    return tuple(found)


def _check_count(cls, given, expected):
    if given != expected:
        raise TypeError(f"Too {'many' if given > expected else 'few'} arguments for {cls}; actual {given}, expected {expected}")


class _Final:
    """What can stand in annotations and be joined by `|`."""

    __iter__ = None

    def __or__(self, right):
        return Union[self, right]

    def __ror__(self, left):
        return Union[left, self]


class ForwardRef(_Final):
    def __init__(self, arg, is_argument=True, module=None, *, is_class=False):
        if not isinstance(arg, str):
            raise TypeError(f"Forward reference must be a string -- got {arg!r}")
        self.__forward_arg__ = arg

    def __eq__(self, other):
        return self.__forward_arg__ == other.__forward_arg__ if isinstance(other, ForwardRef) else NotImplemented

    def __hash__(self):
        return hash(self.__forward_arg__)

    def __repr__(self):
        return f"ForwardRef({self.__forward_arg__!r})"

    def __call__(self, *args, **kwargs):
        raise TypeError("a forward reference is no class")


class _TypeVarLike(_Final):
    def __init__(self, name, bound, covariant, contravariant):
        if covariant and contravariant:
            raise ValueError("Bivariant types are not supported.")
        self.__name__ = name
        self.__covariant__ = bool(covariant)
        self.__contravariant__ = bool(contravariant)
        self.__bound__ = _type_check(bound, "Bound must be a type.") if bound is not None else None
        self.__module__ = "__main__"

    def __repr__(self):
        return ("+" if self.__covariant__ else "-" if self.__contravariant__ else "~") + self.__name__

    def __typing_subst__(self, arg):
        return _type_check(arg, "Parameters to generic types must be types.")

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass an instance of {type(self).__name__}")

    def __call__(self, *args, **kwargs):
        raise TypeError(f"'{type(self).__name__}' object is not callable")


class TypeVar(_TypeVarLike):
    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False):
        super().__init__(name, bound, covariant, contravariant)
        if constraints and bound is not None:
            raise TypeError("Constraints cannot be combined with bound=...")
        if len(constraints) == 1:
            raise TypeError("A single constraint is not allowed")
        self.__constraints__ = tuple([_type_check(t, "TypeVar(name, constraint, ...): constraints must be types.")
                                      for t in constraints])


class ParamSpec(_TypeVarLike):
    def __init__(self, name, *, bound=None, covariant=False, contravariant=False):
        super().__init__(name, bound, covariant, contravariant)

    @property
    def args(self):
        return ParamSpecArgs(self)

    @property
    def kwargs(self):
        return ParamSpecKwargs(self)


class _ParamSpecPart(_Final):
    suffix = ""

    def __init__(self, origin):
        self.__origin__ = origin

    def __repr__(self):
        return f"{self.__origin__.__name__}.{self.suffix}"

    def __eq__(self, other):
        return type(other) is type(self) and self.__origin__ == other.__origin__

    def __hash__(self):
        return hash((self.suffix, self.__origin__))


class ParamSpecArgs(_ParamSpecPart):
    suffix = "args"


class ParamSpecKwargs(_ParamSpecPart):
    suffix = "kwargs"


class TypeVarTuple(_Final):
    def __init__(self, name):
        self.__name__ = name
        self.__module__ = "__main__"

    def __iter__(self):
        yield Unpack[self]

    def __repr__(self):
        return self.__name__

    def __call__(self):
        raise TypeError("'TypeVarTuple' object is not callable")


class _SpecialForm(_Final):
    """A name such as Union or ClassVar: a class neither of values nor for subclasses."""

    def __init__(self, name, subscript=None):
        self._name = self.__name__ = self.__qualname__ = name
        self._subscript = subscript

    def __getitem__(self, params):
        if self._subscript is None:
            raise TypeError(f"{self!r} is not subscriptable")
        return self._subscript(self, params)

    def __repr__(self):
        return "typing." + self._name

    def __call__(self, *args, **kwargs):
        raise TypeError(f"Cannot instantiate {self!r}")

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass {self!r}")

    def __instancecheck__(self, obj):
        raise TypeError(f"{self!r} cannot be used with isinstance()")

    def __subclasscheck__(self, cls):
        raise TypeError(f"{self!r} cannot be used with issubclass()")


class _BaseAlias(_Final):
    def __call__(self, *args, **kwargs):
        if not self._inst:
            raise TypeError(f"Type {self._name} cannot be instantiated; use {self.__origin__.__name__}() instead")
        made = self.__origin__(*args, **kwargs)
        try:
            made.__orig_class__ = self
        except AttributeError:
            pass
        return made

    def __mro_entries__(self, bases):
        origin = self.__origin__
        if isinstance(origin, _SpecialForm):
            raise TypeError(f"Cannot subclass {self!r}")
        entries = [origin] if origin not in bases else []
        later = bases[bases.index(self) + 1:]
        if origin is Generic:
            if Protocol in bases or any(isinstance(base, _BaseAlias) and base is not self for base in later):
                return ()
        elif self._name is not None:
            if not any(isinstance(base, _BaseAlias) or isinstance(base, type) and issubclass(base, Generic) for base in later):
                entries.append(Generic)
        return tuple(entries)

    def __setattr__(self, name, value):
        if name[0] == "_":
            object.__setattr__(self, name, value)
        else:
            setattr(self.__origin__, name, value)

    def __getattr__(self, name):
        if name in ("__name__", "__qualname__"):
            return self._name or self.__origin__.__name__
        if name in ("__origin__", "__args__") or name[:2] == "__" == name[-2:]:
            raise AttributeError(name)
        return getattr(self.__origin__, name)


class _SpecialAlias(_BaseAlias):
    """A bare name that stands for a class of its own, such as List."""

    def __init__(self, origin, count, inst=True, name=None):
        self.__origin__ = origin
        self._name = name or origin.__name__
        self._count = count
        self._inst = inst
        self.__module__ = "typing"
        self.__doc__ = f"A generic version of {origin.__module__}.{origin.__qualname__}."

    def __getitem__(self, params):
        if not isinstance(params, tuple):
            params = (params,)
        params = tuple([_type_check(p, "Parameters to generic types must be types.") for p in params])
        _check_count(self, len(params), self._count)
        return _GenericAlias(self.__origin__, params, self._name, self._inst)

    def __repr__(self):
        return "typing." + self._name

    def __instancecheck__(self, obj):
        return issubclass(type(obj), self.__origin__)

    def __subclasscheck__(self, cls):
        if isinstance(cls, _SpecialAlias):
            return issubclass(cls.__origin__, self.__origin__)
        return issubclass(cls, self.__origin__)


class _TupleAlias(_SpecialAlias):
    def __getitem__(self, params):
        if not isinstance(params, tuple):
            params = (params,)
        if len(params) >= 2 and params[-1] is ...:
            checked = [_type_check(p, "Tuple[t, ...]: t must be a type.") for p in params[:-1]] + [...]
        else:
            checked = [_type_check(p, "Tuple[t0, t1, ...]: each t must be a type.") for p in params]
        return _GenericAlias(tuple, tuple(checked), "Tuple", False)


class _CallableAlias(_SpecialAlias):
    def __getitem__(self, params):
        if not isinstance(params, tuple) or len(params) != 2:
            raise TypeError("Callable must be used as Callable[[arg, ...], result].")
        args, result = params
        result = _type_check(result, "Callable[args, result]: result must be a type.")
        if isinstance(args, list):
            args = tuple([_type_check(arg, "Callable[[arg, ...], result]: each arg must be a type.") for arg in args])
        elif args is ... or isinstance(args, ParamSpec) or getattr(args, "__origin__", None) is Concatenate:
            args = (args,)
        else:
            raise TypeError(f"Callable[args, result]: args must be a list. Got {args}")
        return _CallableGenericAlias(self.__origin__, (*args, result), "Callable", True)


class _GenericAlias(_BaseAlias):
    """A subscripted name."""

    def __init__(self, origin, args, name=None, inst=True):
        self.__origin__ = origin
        self.__args__ = args
        self.__parameters__ = _collect_parameters(args)
        self._name = name
        self._inst = inst
        self.__module__ = "typing" if name else origin.__module__

    def __repr__(self):
        origin = self.__origin__
        shown = "typing." + self._name if self._name else repr(origin) if isinstance(origin, _SpecialForm) else _type_repr(origin)
        return f"{shown}[{', '.join([_type_repr(arg) for arg in self.__args__]) or '()'}]"

    def __eq__(self, other):
        if not isinstance(other, _GenericAlias):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self.__origin__, self.__args__))

    def __iter__(self):
        yield Unpack[self]

    def _with(self, args):
        return type(self)(self.__origin__, args, self._name, self._inst)

    def __getitem__(self, params):
        origin = self.__origin__
        if origin is Generic or origin is Protocol:
            raise TypeError(f"Cannot subscript already-subscripted {self}")
        if not self.__parameters__:
            raise TypeError(f"{self} is not a generic class")
        if not isinstance(params, tuple):
            params = (params,)
        return self._with(_substitute(self, self.__args__, _assignments(self, params)))

    def __instancecheck__(self, obj):
        return self.__subclasscheck__(type(obj))

    def __subclasscheck__(self, cls):
        raise TypeError("Subscripted generics cannot be used with class and instance checks")


def _assignments(alias, params):
    parameters = alias.__parameters__
    packs = [i for i, p in enumerate(parameters) if isinstance(p, TypeVarTuple)]
    if packs:
        start, after = packs[0], len(parameters) - packs[0] - 1
        stop = len(params) - after
        if stop < start:
            raise TypeError(f"Too few arguments for {alias}; actual {len(params)}, expected at least {len(parameters) - 1}")
        params = (*params[:start], params[start:stop], *params[stop:])
    elif len(parameters) == 1 and isinstance(parameters[0], ParamSpec) and not (
            len(params) == 1 and (isinstance(params[0], (list, tuple, ParamSpec)) or params[0] is ...)):
        params = (params,)
    _check_count(alias, len(params), len(parameters))
    chosen = {}
    for parameter, param in zip(parameters, params):
        if isinstance(param, (list, tuple)):
            param = tuple([_type_check(p, "Parameters to generic types must be types.") for p in param])
        elif not isinstance(parameter, ParamSpec):
            param = _type_check(param, "Parameters to generic types must be types.")
        chosen[parameter] = param
    return chosen


def _substitute(alias, args, chosen):
    made = []
    for arg in args:
        if isinstance(arg, (TypeVar, ParamSpec)):
            value = chosen[arg]
            made.extend(value) if isinstance(value, tuple) and (
                isinstance(alias, _CallableGenericAlias) or getattr(alias, "__origin__", 0) is Concatenate) else made.append(value)
        elif isinstance(arg, _UnpackedAlias) and arg.__args__[0] in chosen:
            made.extend(chosen[arg.__args__[0]])
        elif isinstance(arg, (list, tuple)):
            made.append(type(arg)(_substitute(None, arg, chosen)))
        elif not isinstance(arg, type) and getattr(arg, "__parameters__", ()):
            inner = _substitute(arg, arg.__args__, chosen)
            if isinstance(arg, _GenericAlias):
                made.append(arg._with(inner))
            elif isinstance(arg, types.UnionType):
                made.append(Union[inner])
            else:
                made.append(arg.__origin__[inner])
        else:
            made.append(arg)
    return tuple(made)


class _CallableGenericAlias(_GenericAlias):
    __iter__ = None

    def __repr__(self):
        *args, result = self.__args__
        if len(args) == 1 and (args[0] is ... or isinstance(args[0], ParamSpec)
                               or getattr(args[0], "__origin__", None) is Concatenate):
            return f"typing.Callable[{_type_repr(args[0])}, {_type_repr(result)}]"
        return f"typing.Callable[{_type_repr(args)}, {_type_repr(result)}]"


class _UnionAlias(_GenericAlias):
    __iter__ = None

    def __repr__(self):
        args = self.__args__
        if len(args) == 2 and type(None) in args:
            return f"typing.Optional[{_type_repr(args[0] if args[1] is type(None) else args[1])}]"
        return super().__repr__()

    def __eq__(self, other):
        if not isinstance(other, (_UnionAlias, types.UnionType)):
            return NotImplemented
        return set(self.__args__) == set(other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))

    def _with(self, args):
        return Union[args]

    def __instancecheck__(self, obj):
        return self.__subclasscheck__(type(obj))

    def __subclasscheck__(self, cls):
        return any(issubclass(cls, arg) for arg in self.__args__)


class _LiteralAlias(_GenericAlias):
    def __init__(self, origin, args, name=None, inst=True):
        super().__init__(origin, args, name, inst)
        self.__parameters__ = ()

    def _typed(self):
        return {(arg, type(arg)) for arg in self.__args__}

    def __eq__(self, other):
        return self._typed() == other._typed() if isinstance(other, _LiteralAlias) else NotImplemented

    def __hash__(self):
        return hash(frozenset(self._typed()))


class _UnpackedAlias(_GenericAlias):
    def __repr__(self):
        return "*" + repr(self.__args__[0])


class _AnnotatedAlias(_GenericAlias):
    __iter__ = None

    def __init__(self, origin, metadata):
        if isinstance(origin, _AnnotatedAlias):
            metadata = origin.__metadata__ + metadata
            origin = origin.__origin__
        super().__init__(origin, (origin,), "Annotated")
        self.__metadata__ = metadata

    def _with(self, args):
        return _AnnotatedAlias(args[0], self.__metadata__)

    def __repr__(self):
        return f"typing.Annotated[{_type_repr(self.__origin__)}, {', '.join([repr(m) for m in self.__metadata__])}]"

    def __eq__(self, other):
        if not isinstance(other, _AnnotatedAlias):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__metadata__ == other.__metadata__

    def __hash__(self):
        return hash((self.__origin__, self.__metadata__))

    def __mro_entries__(self, bases):
        return (self.__origin__,)


class Annotated:
    def __new__(cls, *args, **kwargs):
        raise TypeError("Type Annotated cannot be instantiated.")

    def __class_getitem__(cls, params):
        if not isinstance(params, tuple) or len(params) < 2:
            raise TypeError("Annotated[...] should be used with at least two arguments (a type and an annotation).")
        return _AnnotatedAlias(_type_check(params[0], "Annotated[t, ...]: t must be a type.", True), tuple(params[1:]))

    def __init_subclass__(cls, *args, **kwargs):
        raise TypeError(f"Cannot subclass {cls.__module__}.Annotated")


def _subscript_union(form, params):
    if params == ():
        raise TypeError("Cannot take a Union of no types.")
    if not isinstance(params, tuple):
        params = (params,)
    flat = []
    for param in params:
        param = _type_check(param, "Union[arg, ...]: each arg must be a type.")
        for arg in (param.__args__ if isinstance(param, (_UnionAlias, types.UnionType)) else (param,)):
            if arg not in flat:
                flat.append(arg)
    return flat[0] if len(flat) == 1 else _UnionAlias(form, tuple(flat))


def _subscript_optional(form, param):
    return Union[_type_check(param, f"{form} requires a single type."), type(None)]


def _subscript_literal(form, params):
    if not isinstance(params, tuple):
        params = (params,)
    flat, seen = [], []
    for param in params:
        for arg in (param.__args__ if isinstance(param, _LiteralAlias) else (param,)):
            if (type(arg), arg) not in seen:
                seen.append((type(arg), arg))
                flat.append(arg)
    return _LiteralAlias(form, tuple(flat))


def _subscript_one(form, param):
    return _GenericAlias(form, (_type_check(param, f"{form} accepts only single type.", form is not ClassVar),))


def _subscript_unpack(form, param):
    return _UnpackedAlias(form, (_type_check(param, f"{form} accepts only single type."),))


def _subscript_concatenate(form, params):
    if not isinstance(params, tuple):
        params = (params,)
    if not (params[-1] is ... or isinstance(params[-1], ParamSpec)):
        raise TypeError("The last parameter to Concatenate should be a ParamSpec variable or ellipsis.")
    return _GenericAlias(form, params)


class _AnyMeta(type):
    def __instancecheck__(self, obj):
        if self is Any:
            raise TypeError("typing.Any cannot be used with isinstance()")
        return super().__instancecheck__(obj)

    def __repr__(self):
        return "typing.Any" if self is Any else super().__repr__()


class Any(metaclass=_AnyMeta):
    """Any value at all."""

    def __new__(cls, *args, **kwargs):
        if cls is Any:
            raise TypeError("Any cannot be instantiated")
        return super().__new__(cls)


Union = _SpecialForm("Union", _subscript_union)
Optional = _SpecialForm("Optional", _subscript_optional)
Literal = _SpecialForm("Literal", _subscript_literal)
ClassVar = _SpecialForm("ClassVar", _subscript_one)
Final = _SpecialForm("Final", _subscript_one)
Required = _SpecialForm("Required", _subscript_one)
NotRequired = _SpecialForm("NotRequired", _subscript_one)
TypeGuard = _SpecialForm("TypeGuard", _subscript_one)
Unpack = _SpecialForm("Unpack", _subscript_unpack)
Concatenate = _SpecialForm("Concatenate", _subscript_concatenate)
NoReturn = _SpecialForm("NoReturn")
Never = _SpecialForm("Never")
Self = _SpecialForm("Self")
LiteralString = _SpecialForm("LiteralString")
TypeAlias = _SpecialForm("TypeAlias")


class Generic:
    """The base of classes with type parameters."""

    def __class_getitem__(cls, params):
        if not isinstance(params, tuple):
            params = (params,)
        if cls is Generic or cls is Protocol:
            name = cls.__name__
            if not params:
                raise TypeError(f"Parameter list to {name}[...] cannot be empty")
            if not all(isinstance(p, (TypeVar, ParamSpec, TypeVarTuple, _UnpackedAlias)) for p in params):
                raise TypeError(f"Parameters to {name}[...] must all be type variables or parameter specification variables.")
            if len(set(params)) != len(params):
                raise TypeError(f"Parameters to {name}[...] must all be unique")
            return _GenericAlias(cls, params)
        if not cls.__parameters__:
            raise TypeError(f"{cls} is not a generic class")
        chosen = _assignments(_Counted(cls), params)
        args = []
        for parameter in cls.__parameters__:
            args.extend(chosen[parameter]) if isinstance(parameter, TypeVarTuple) else args.append(chosen[parameter])
        return _GenericAlias(cls, tuple(args))

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        bases = cls.__dict__.get("__orig_bases__", ())
        if Generic in bases or "__orig_bases__" not in cls.__dict__ and Generic in cls.__bases__ and cls.__name__ != "Protocol" \
                and type(cls).__name__ != "_TypedDictMeta":
            raise TypeError("Cannot inherit from plain Generic")
        found = _collect_parameters(bases)
        for base in bases:
            if isinstance(base, _GenericAlias) and (base.__origin__ is Generic or base.__origin__ is Protocol):
                declared = base.__parameters__
                missing = [p for p in found if p not in declared]
                if missing:
                    raise TypeError(f"Some type variables ({', '.join([str(p) for p in missing])}) are not listed in "
                                    f"{base.__origin__.__name__}[{', '.join([str(p) for p in declared])}]")
                found = declared
        cls.__parameters__ = found


class _Counted:
    """A generic class as an alias is counted against."""

    def __init__(self, cls):
        self.cls = cls
        self.__parameters__ = cls.__parameters__

    def __str__(self):
        return repr(self.cls)


from _typing_protocol import Protocol, _ProtocolMeta  # they need the names above

T = TypeVar("T")
KT = TypeVar("KT")
VT = TypeVar("VT")
T_co = TypeVar("T_co", covariant=True)
V_co = TypeVar("V_co", covariant=True)
VT_co = TypeVar("VT_co", covariant=True)
T_contra = TypeVar("T_contra", contravariant=True)
AnyStr = TypeVar("AnyStr", bytes, str)
Text = str
Tuple = _TupleAlias(tuple, -1, False, "Tuple")
Callable = _CallableAlias(collections.abc.Callable, 2, True, "Callable")


def _name_aliases(namespace):
    built_in = {"List": list, "Dict": dict, "Set": set, "FrozenSet": frozenset, "Type": type}
    for name, origin in built_in.items():
        namespace[name] = _SpecialAlias(origin, 2 if name == "Dict" else 1, False, name)
    for name, count in (("Deque", 1), ("DefaultDict", 2), ("OrderedDict", 2), ("Counter", 1), ("ChainMap", 2)):
        origin = getattr(collections, name if name[0] in "OC" else name.lower())
        namespace[name] = _SpecialAlias(origin, count, True, name)
    counts = {0: "Hashable Sized ByteString", 2: "Mapping MutableMapping ItemsView AsyncGenerator", 3: "Generator Coroutine",
              1: "Awaitable AsyncIterable AsyncIterator Iterable Iterator Reversible Container Collection Set MutableSet "
                 "Sequence MutableSequence MappingView KeysView ValuesView"}
    for count, names in counts.items():
        for name in names.split():
            namespace["AbstractSet" if name == "Set" else name] = _SpecialAlias(
                getattr(collections.abc, name), count, True, "AbstractSet" if name == "Set" else name)
    namespace["Pattern"] = _SpecialAlias(re.Pattern, 1, True, "Pattern")
    namespace["Match"] = _SpecialAlias(re.Match, 1, True, "Match")
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    namespace["ContextManager"] = _SpecialAlias(AbstractContextManager, 1, True, "ContextManager")
    namespace["AsyncContextManager"] = _SpecialAlias(AbstractAsyncContextManager, 1, True, "AsyncContextManager")


_name_aliases(globals())
from _typing_forms import *  # it needs the names above
