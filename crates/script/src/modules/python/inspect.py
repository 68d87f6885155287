# The module inspect: what things are, and what functions take.
import types
from _inspect_signature import BoundArguments, Parameter, Signature, formatannotation, signature

__all__ = ["BoundArguments", "Parameter", "Signature", "signature", "cleandoc", "formatannotation", "getdoc", "getfullargspec",
           "getmembers", "getmodule", "getmro", "getsource", "isabstract", "isbuiltin", "isclass", "iscode", "iscoroutinefunction",
           "isdatadescriptor", "isfunction", "isgenerator", "isgeneratorfunction", "ismethod", "ismethoddescriptor", "ismodule",
           "isroutine", "istraceback", "unwrap", "FullArgSpec", "getattr_static", "isframe", "isawaitable"]
CO_VARARGS, CO_VARKEYWORDS, CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR = 4, 8, 32, 128, 512


def ismodule(object):
    return isinstance(object, types.ModuleType)


def isclass(object):
    return isinstance(object, type)


def ismethod(object):
    return isinstance(object, types.MethodType)


def isfunction(object):
    return isinstance(object, types.FunctionType)


def isbuiltin(object):
    return isinstance(object, types.BuiltinFunctionType)


def iscode(object):
    return isinstance(object, types.CodeType)


def isgenerator(object):
    return isinstance(object, types.GeneratorType)


def istraceback(object):
    return isinstance(object, types.TracebackType)


def isframe(object):
    return isinstance(object, types.FrameType)


def isawaitable(object):
    return hasattr(type(object), "__await__")


def _has_flag(object, flag):
    while ismethod(object):
        object = object.__func__
    while type(object).__name__ == "partial":
        object = object.func
    return isfunction(object) and bool(object.__code__.co_flags & flag)


def isgeneratorfunction(object):
    return _has_flag(object, CO_GENERATOR)


def iscoroutinefunction(object):
    return _has_flag(object, CO_COROUTINE)


def isasyncgenfunction(object):
    return _has_flag(object, CO_ASYNC_GENERATOR)


def isroutine(object):
    return isbuiltin(object) or isfunction(object) or ismethod(object) or ismethoddescriptor(object)


def ismethoddescriptor(object):
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    return hasattr(type(object), "__get__") and not hasattr(type(object), "__set__")


def isdatadescriptor(object):
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    return hasattr(type(object), "__set__") or hasattr(type(object), "__delete__")


def isabstract(object):
    return isinstance(object, type) and bool(getattr(object, "__abstractmethods__", ()))


def getmro(cls):
    return cls.__mro__


def getmembers(object, predicate=None):
    found = []
    for name in dir(object):
        try:
            value = getattr(object, name)
        except AttributeError:
            continue
        if predicate is None or predicate(value):
            found.append((name, value))
    found.sort(key=lambda pair: pair[0])
    return found


def getattr_static(obj, attr, default=...):
    places = []
    if isinstance(obj, type):
        places += [base.__dict__ for base in obj.__mro__]
    else:
        values = getattr(obj, "__dict__", None)
        places += [values] if values is not None else []
        places += [base.__dict__ for base in type(obj).__mro__]
    for place in places:
        if attr in place:
            return place[attr]
    if default is ...:
        raise AttributeError(attr)
    return default


def unwrap(func, *, stop=None):
    seen = {id(func)}
    start = func
    while hasattr(func, "__wrapped__") and not (stop is not None and stop(func)):
        func = func.__wrapped__
        if id(func) in seen:
            raise ValueError(f"wrapper loop when unwrapping {start!r}")
        seen.add(id(func))
    return func


def cleandoc(doc):
    lines = doc.expandtabs().split("\n")
    margin = min([len(line) - len(line.lstrip()) for line in lines[1:] if line.lstrip()], default=0)
    lines = [lines[0].lstrip()] + [line[margin:] for line in lines[1:]]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines)


def getdoc(object):
    doc = getattr(object, "__doc__", None)
    if doc is None and isclass(object):
        for base in object.__mro__[1:]:
            if base is not _object and base.__doc__:
                doc = base.__doc__
                break
    return cleandoc(doc) if isinstance(doc, str) else None


_object = object


def getmodule(object):
    import sys

    return object if ismodule(object) else sys.modules.get(getattr(object, "__module__", None))


def getfile(object):
    if isfunction(object) or ismethod(object):
        return (object.__func__ if ismethod(object) else object).__code__.co_filename
    module = getmodule(object)
    if getattr(module, "__file__", None):
        return module.__file__
    raise TypeError(f"{object!r} is a built-in {'module' if ismodule(object) else 'class'}")


def getsource(object):
    raise OSError("could not get source code")


getsourcelines = getsource


class FullArgSpec(tuple):
    """What getfullargspec returns."""

    _fields = ("args", "varargs", "varkw", "defaults", "kwonlyargs", "kwonlydefaults", "annotations")

    def __repr__(self):
        return f"FullArgSpec({', '.join([f'{name}={value!r}' for name, value in zip(self._fields, self)])})"

    def __getattr__(self, name):
        if name in self._fields:
            return self[self._fields.index(name)]
        raise AttributeError(name)


def getfullargspec(func):
    try:
        found = signature(func, follow_wrapped=False)
    except (TypeError, ValueError):
        raise TypeError("unsupported callable") from None
    args, kwonly, defaults, kwdefaults, annotations = [], [], [], {}, {}
    varargs = varkw = None
    if ismethod(func):
        args.append(func.__func__.__code__.co_varnames[0])
    if found.return_annotation is not Signature.empty:
        annotations["return"] = found.return_annotation
    for parameter in found.parameters.values():
        kind, name = parameter.kind, parameter.name
        if kind is Parameter.VAR_POSITIONAL:
            varargs = name
        elif kind is Parameter.VAR_KEYWORD:
            varkw = name
        elif kind is Parameter.KEYWORD_ONLY:
            kwonly.append(name)
            if parameter.default is not Parameter.empty:
                kwdefaults[name] = parameter.default
        else:
            args.append(name)
            if parameter.default is not Parameter.empty:
                defaults.append(parameter.default)
        if parameter.annotation is not Parameter.empty:
            annotations[name] = parameter.annotation
    return FullArgSpec((args, varargs, varkw, tuple(defaults) or None, kwonly, kwdefaults or None, annotations))
