# Signatures: what functions and classes take, as objects and as text.
import types
from keyword import iskeyword

__all__ = ["BoundArguments", "Parameter", "Signature", "signature", "formatannotation"]


class _empty:
    """Marks what a parameter lacks."""


class _ParameterKind(int):
    """How an argument is given."""

    def __new__(cls, value, name, description):
        made = int.__new__(cls, value)
        made.name = name
        made.description = description
        return made

    def __repr__(self):
        return f"<_ParameterKind.{self.name}: {int(self)}>"

    def __str__(self):
        return self.name


_KINDS = [_ParameterKind(place, name, description) for place, (name, description) in enumerate((
    ("POSITIONAL_ONLY", "positional-only"), ("POSITIONAL_OR_KEYWORD", "positional or keyword"),
    ("VAR_POSITIONAL", "variadic positional"), ("KEYWORD_ONLY", "keyword-only"), ("VAR_KEYWORD", "variadic keyword")))]
_POSITIONAL_ONLY, _POSITIONAL_OR_KEYWORD, _VAR_POSITIONAL, _KEYWORD_ONLY, _VAR_KEYWORD = _KINDS


def formatannotation(annotation, base_module=None):
    if getattr(annotation, "__module__", None) == "typing":
        return repr(annotation).replace("typing.", "")
    if type(annotation) is types.GenericAlias:
        return str(annotation)
    if isinstance(annotation, type):
        if annotation.__module__ in ("builtins", base_module):
            return annotation.__qualname__
        return f"{annotation.__module__}.{annotation.__qualname__}"
    return repr(annotation)


class Parameter:
    """One parameter."""

    __slots__ = ("_name", "_kind", "_default", "_annotation")
    empty = _empty
    POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD, VAR_POSITIONAL, KEYWORD_ONLY, VAR_KEYWORD = _KINDS

    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        try:
            self._kind = _KINDS[kind]
        except (TypeError, IndexError):
            raise ValueError(f"value {kind!r} is not a valid Parameter.kind") from None
        if default is not _empty and self._kind in (_VAR_POSITIONAL, _VAR_KEYWORD):
            raise ValueError(f"{self._kind.description} parameters cannot have default values")
        if name is _empty:
            raise ValueError("name is a required attribute for Parameter")
        if not isinstance(name, str):
            raise TypeError(f"name must be a str, not a {type(name).__name__}")
        if not name.isidentifier() or iskeyword(name) and self._kind is not _POSITIONAL_ONLY:
            raise ValueError(f"{name!r} is not a valid parameter name")
        self._name = name
        self._default = default
        self._annotation = annotation

    name = property(lambda self: self._name)
    kind = property(lambda self: self._kind)
    default = property(lambda self: self._default)
    annotation = property(lambda self: self._annotation)

    def replace(self, *, name=..., kind=..., annotation=..., default=...):
        return type(self)(self._name if name is ... else name, self._kind if kind is ... else kind,
                          default=self._default if default is ... else default,
                          annotation=self._annotation if annotation is ... else annotation)

    def __str__(self):
        text = self._name
        if self._annotation is not _empty:
            text += f": {formatannotation(self._annotation)}"
        if self._default is not _empty:
            text += f" = {self._default!r}" if self._annotation is not _empty else f"={self._default!r}"
        if self._kind is _VAR_POSITIONAL:
            return "*" + text
        return "**" + text if self._kind is _VAR_KEYWORD else text

    def __repr__(self):
        return f'<{self.__class__.__name__} "{self}">'

    def _parts(self):
        return self._name, self._kind, self._default, self._annotation

    def __eq__(self, other):
        return self._parts() == other._parts() if isinstance(other, Parameter) else NotImplemented

    def __hash__(self):
        return hash((self._name, int(self._kind), self._annotation, self._default))


class BoundArguments:
    """Arguments by the names of their parameters."""

    def __init__(self, signature, arguments):
        self.arguments = arguments
        self._signature = signature

    signature = property(lambda self: self._signature)

    @property
    def args(self):
        args = []
        for name, parameter in self._signature.parameters.items():
            if parameter.kind in (_VAR_KEYWORD, _KEYWORD_ONLY) or name not in self.arguments:
                break
            if parameter.kind is _VAR_POSITIONAL:
                args.extend(self.arguments[name])
            else:
                args.append(self.arguments[name])
        return tuple(args)

    @property
    def kwargs(self):
        kwargs = {}
        started = False
        for name, parameter in self._signature.parameters.items():
            if not started:
                if parameter.kind in (_VAR_KEYWORD, _KEYWORD_ONLY):
                    started = True
                elif name not in self.arguments:
                    started = True
                    continue
            if not started or name not in self.arguments:
                continue
            if parameter.kind is _VAR_KEYWORD:
                kwargs.update(self.arguments[name])
            else:
                kwargs[name] = self.arguments[name]
        return kwargs

    def apply_defaults(self):
        made = {}
        for name, parameter in self._signature.parameters.items():
            if name in self.arguments:
                made[name] = self.arguments[name]
            elif parameter.default is not _empty:
                made[name] = parameter.default
            elif parameter.kind is _VAR_POSITIONAL:
                made[name] = ()
            elif parameter.kind is _VAR_KEYWORD:
                made[name] = {}
        self.arguments = made

    def __eq__(self, other):
        if not isinstance(other, BoundArguments):
            return NotImplemented
        return self.signature == other.signature and self.arguments == other.arguments

    def __repr__(self):
        return f"<BoundArguments ({', '.join([f'{name}={value!r}' for name, value in self.arguments.items()])})>"


class Signature:
    """The parameters of a callable and what it returns."""

    empty = _empty
    _parameter_cls = Parameter
    _bound_arguments_cls = BoundArguments

    def __init__(self, parameters=None, *, return_annotation=_empty, __validate_parameters__=True):
        found = {}
        top, defaults = _POSITIONAL_ONLY, False
        for parameter in parameters or ():
            kind, name = parameter.kind, parameter.name
            if kind < top:
                raise ValueError(f"wrong parameter order: {top.description} parameter before {kind.description} parameter")
            if kind > top:
                top = kind
            if kind in (_POSITIONAL_ONLY, _POSITIONAL_OR_KEYWORD):
                if parameter.default is not _empty:
                    defaults = True
                elif defaults:
                    raise ValueError("non-default argument follows default argument")
            if name in found:
                raise ValueError(f"duplicate parameter name: {name!r}")
            found[name] = parameter
        self._parameters = types.MappingProxyType(found)
        self._return_annotation = return_annotation

    parameters = property(lambda self: self._parameters)
    return_annotation = property(lambda self: self._return_annotation)

    @classmethod
    def from_callable(cls, obj, *, follow_wrapped=True, globals=None, locals=None, eval_str=False):
        return _of(obj, follow_wrapped, cls)

    def replace(self, *, parameters=..., return_annotation=...):
        return type(self)(self._parameters.values() if parameters is ... else parameters,
                          return_annotation=self._return_annotation if return_annotation is ... else return_annotation)

    def __eq__(self, other):
        if not isinstance(other, Signature):
            return NotImplemented
        mine, others = list(self._parameters.values()), list(other._parameters.values())

        def ordered(parameters):
            keyword_only = {p.name: p for p in parameters if p.kind is _KEYWORD_ONLY}
            return [p for p in parameters if p.kind is not _KEYWORD_ONLY], keyword_only

        return ordered(mine) == ordered(others) and self._return_annotation == other._return_annotation

    def __hash__(self):
        return hash((tuple(self._parameters.values()), self._return_annotation))

    def _bind(self, args, kwargs, partial=False):
        arguments = {}
        parameters = list(self._parameters.values())
        place = 0
        args = list(args)
        while place < len(parameters):
            parameter = parameters[place]
            kind, name = parameter.kind, parameter.name
            if kind is _VAR_KEYWORD or kind is _KEYWORD_ONLY:
                break
            place += 1
            if kind is _VAR_POSITIONAL:
                if args:
                    arguments[name] = tuple(args)
                    args = []
                continue
            if args:
                if name in kwargs and kind is not _POSITIONAL_ONLY:
                    raise TypeError(f"multiple values for argument {name!r}") from None
                arguments[name] = args.pop(0)
            elif name in kwargs:
                if kind is _POSITIONAL_ONLY:
                    raise TypeError(f"{name!r} parameter is positional only, but was passed as a keyword")
                arguments[name] = kwargs.pop(name)
            elif parameter.default is _empty and not partial:
                raise TypeError(f"missing a required argument: {name!r}")
        if args:
            raise TypeError("too many positional arguments")
        rest = None
        for parameter in parameters[place:]:
            kind, name = parameter.kind, parameter.name
            if kind is _VAR_KEYWORD:
                rest = name
            elif name in kwargs:
                arguments[name] = kwargs.pop(name)
            elif kind is _KEYWORD_ONLY and parameter.default is _empty and not partial:
                raise TypeError(f"missing a required argument: {name!r}")
        if kwargs:
            if rest is None:
                raise TypeError(f"got an unexpected keyword argument {next(iter(kwargs))!r}")
            arguments[rest] = kwargs
        return self._bound_arguments_cls(self, arguments)

    def bind(self, /, *args, **kwargs):
        return self._bind(args, kwargs)

    def bind_partial(self, /, *args, **kwargs):
        return self._bind(args, kwargs, True)

    def __str__(self):
        parts = []
        positional_only = False
        wants_star = True
        for parameter in self._parameters.values():
            kind = parameter.kind
            if kind is _POSITIONAL_ONLY:
                positional_only = True
            elif positional_only:
                parts.append("/")
                positional_only = False
            if kind is _VAR_POSITIONAL:
                wants_star = False
            elif kind is _KEYWORD_ONLY and wants_star:
                parts.append("*")
                wants_star = False
            parts.append(str(parameter))
        if positional_only:
            parts.append("/")
        text = f"({', '.join(parts)})"
        if self._return_annotation is not _empty:
            text += f" -> {formatannotation(self._return_annotation)}"
        return text

    def __repr__(self):
        return f"<{self.__class__.__name__} {self}>"


def signature(obj, *, follow_wrapped=True, globals=None, locals=None, eval_str=False):
    return _of(obj, follow_wrapped, Signature)


def _from_function(function, cls):
    code = function.__code__
    defaults = function.__defaults__ or ()
    kwdefaults = function.__kwdefaults__ or {}
    annotations = getattr(function, "__annotations__", None) or {}
    count, only = code.co_argcount, code.co_posonlyargcount
    names = code.co_varnames
    made = []
    for place, name in enumerate(names[:count]):
        default = place - (count - len(defaults))
        made.append(Parameter(name, _POSITIONAL_ONLY if place < only else _POSITIONAL_OR_KEYWORD,
                              default=defaults[default] if default >= 0 else _empty, annotation=annotations.get(name, _empty)))
    end = count + code.co_kwonlyargcount
    place = end
    if code.co_flags & 4:
        made.append(Parameter(names[place], _VAR_POSITIONAL, annotation=annotations.get(names[place], _empty)))
        place += 1
    for name in names[count:end]:
        made.append(Parameter(name, _KEYWORD_ONLY, default=kwdefaults.get(name, _empty),
                              annotation=annotations.get(name, _empty)))
    if code.co_flags & 8:
        made.append(Parameter(names[place], _VAR_KEYWORD, annotation=annotations.get(names[place], _empty)))
    return cls(made, return_annotation=annotations.get("return", _empty))


class _Factory:
    def __repr__(self):
        return "<factory>"


_factory = _Factory()


def _from_fields(function, cls):
    """The signature of the __init__ that a dataclass made."""
    positional, keyword_only = function.__dataclass_parameters__
    made = [Parameter("self", _POSITIONAL_OR_KEYWORD)]
    for fields, kind in ((positional, _POSITIONAL_OR_KEYWORD), (keyword_only, _KEYWORD_ONLY)):
        for field in fields:
            default = field.default
            if type(default).__name__ == "_MISSING_TYPE":
                default = _empty if type(field.default_factory).__name__ == "_MISSING_TYPE" else _factory
            made.append(Parameter(field.name, kind, default=default, annotation=field.type))
    return cls(made, return_annotation=None)


def _from_names(function, cls):
    """The signature of the __new__ of a named tuple."""
    names, defaults = function.__named_parameters__
    annotations = getattr(function, "__annotations__", None) or {}
    made = [Parameter("_cls", _POSITIONAL_OR_KEYWORD)]
    made += [Parameter(name, _POSITIONAL_OR_KEYWORD, default=defaults.get(name, _empty),
                       annotation=annotations.get(name, _empty)) for name in names]
    return cls(made)


def _without_first(found):
    parameters = list(found.parameters.values())
    if not parameters or parameters[0].kind in (_VAR_KEYWORD, _KEYWORD_ONLY):
        raise ValueError("invalid method signature")
    if parameters[0].kind is not _VAR_POSITIONAL:
        parameters = parameters[1:]
    return found.replace(parameters=parameters)


def _from_partial(wrapped, partial):
    parameters = dict(wrapped.parameters)
    try:
        bound = wrapped.bind_partial(*partial.args, **partial.keywords)
    except TypeError as error:
        raise ValueError(f"partial object {partial!r} has incorrect arguments") from error
    keyword = False
    for name, parameter in list(parameters.items()):
        kind = parameter.kind
        if name in bound.arguments:
            if kind is _POSITIONAL_ONLY:
                del parameters[name]
                continue
            if kind is _POSITIONAL_OR_KEYWORD:
                if name in partial.keywords:
                    keyword = True
                    parameters[name] = parameter.replace(default=bound.arguments[name])
                else:
                    del parameters[name]
                    continue
            elif kind is _KEYWORD_ONLY:
                parameters[name] = parameter.replace(default=bound.arguments[name])
        if keyword:
            if kind is _POSITIONAL_OR_KEYWORD:
                parameters[name] = parameters.pop(name).replace(kind=_KEYWORD_ONLY)
            elif kind in (_KEYWORD_ONLY, _VAR_KEYWORD):
                parameters[name] = parameters.pop(name)
            elif kind is _VAR_POSITIONAL:
                del parameters[name]
    return wrapped.replace(parameters=parameters.values())


def _class_method(cls, name):
    """The class's own method of that name; None where it is a built-in class's."""
    for base in cls.__mro__:
        if name in base.__dict__:
            return None if base.__module__ == "builtins" else base.__dict__[name]
    return None


def _of(obj, follow_wrapped, cls):
    if not callable(obj):
        raise TypeError(f"{obj!r} is not a callable object")
    if isinstance(obj, types.MethodType):
        return _without_first(_of(obj.__func__, follow_wrapped, cls))
    if follow_wrapped:
        while hasattr(obj, "__wrapped__") and not hasattr(obj, "__signature__") and not isinstance(obj, type):
            obj = obj.__wrapped__
        if isinstance(obj, types.MethodType):
            return _of(obj, follow_wrapped, cls)
    found = getattr(obj, "__signature__", None)
    if found is not None:
        if not isinstance(found, Signature):
            raise TypeError(f"unexpected object {found!r} in __signature__ attribute")
        return found
    if isinstance(obj, types.FunctionType):
        if hasattr(obj, "__dataclass_parameters__"):
            return _from_fields(obj, cls)
        return _from_names(obj, cls) if hasattr(obj, "__named_parameters__") else _from_function(obj, cls)
    if type(obj).__name__ == "partial" and hasattr(obj, "func"):
        return _from_partial(_of(obj.func, follow_wrapped, cls), obj)
    if isinstance(obj, type):
        meta = _class_method(type(obj), "__call__")
        if meta is not None and type(obj).__module__ not in ("enum", "abc"):
            return _without_first(_of(meta, follow_wrapped, cls))
        for name in ("__new__", "__init__"):
            method = _class_method(obj, name)
            if method is not None:
                method = method.__func__ if isinstance(method, staticmethod) else method
                return _without_first(_of(method, follow_wrapped, cls))
        if all(base is object or base.__module__ != "builtins" for base in obj.__mro__):
            return cls([])
        raise ValueError(f"no signature found for builtin type {obj!r}")
    call = _class_method(type(obj), "__call__")
    if call is not None:
        return _without_first(_of(call, follow_wrapped, cls))
    raise ValueError(f"no signature found for builtin {obj!r}")


for _class in (Parameter, BoundArguments, Signature, _empty):
    _class.__module__ = "inspect"
