# The module types: names for the machine's own types, and making classes at run time.


class _Absent:
    """The type of what this machine does not have."""


def _probe(make):
    """The type of what `make` makes, or one that nothing has where the machine lacks such a thing."""
    try:
        return type(make())
    except (TypeError, AttributeError, NameError, ImportError, KeyError):
        return _Absent


def _function():
    yield


class _Class:
    def method(self):
        pass


def _cell():
    value = 1
    return (lambda: value).__closure__[0]


def _caught():
    try:
        raise TypeError
    except TypeError as error:
        return error.__traceback__


def _module():
    import sys

    return sys


FunctionType = type(_function)
LambdaType = FunctionType
MethodType = type(_Class().method)
GeneratorType = _probe(_function)
BuiltinFunctionType = type(len)
BuiltinMethodType = type([].append)
CodeType = _probe(lambda: _function.__code__)
CellType = _probe(_cell)
ModuleType = _probe(_module)
MappingProxyType = type(type.__dict__)
TracebackType = _probe(_caught)
FrameType = _probe(lambda: _caught().tb_frame)
WrapperDescriptorType = _probe(lambda: object.__init__)
MethodWrapperType = _probe(lambda: object().__str__)
MethodDescriptorType = _probe(lambda: str.join)
ClassMethodDescriptorType = _probe(lambda: dict.__dict__["fromkeys"])
GetSetDescriptorType = _probe(lambda: FunctionType.__code__)
MemberDescriptorType = _probe(lambda: FunctionType.__globals__)
GenericAlias = _probe(lambda: list[int])
UnionType = _probe(lambda: int | str)
NoneType = type(None)
NotImplementedType = type(NotImplemented)
EllipsisType = type(Ellipsis)


class SimpleNamespace:
    def __init__(self, /, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)

    def __repr__(self):
        if id(self) in _shown:
            return "namespace(...)"
        _shown.add(id(self))
        try:
            name = "namespace" if type(self) is SimpleNamespace else type(self).__name__
            return f"{name}({', '.join([f'{key}={value!r}' for key, value in self.__dict__.items()])})"
        finally:
            _shown.discard(id(self))

    def __eq__(self, other):
        if isinstance(self, SimpleNamespace) and isinstance(other, SimpleNamespace):
            return self.__dict__ == other.__dict__
        return NotImplemented

    __hash__ = None


SimpleNamespace.__module__ = "types"
_shown = set()


class DynamicClassAttribute:
    """A property that answers instances only; from the class the metaclass's __getattr__ is asked."""

    def __init__(self, fget=None, fset=None, fdel=None, doc=None):
        self.fget = fget
        self.fset = fset
        self.fdel = fdel
        self.__doc__ = doc or (fget.__doc__ if fget is not None else None)

    def __get__(self, instance, owner=None):
        if instance is None:
            raise AttributeError()
        if self.fget is None:
            raise AttributeError("unreadable attribute")
        return self.fget(instance)

    def __set__(self, instance, value):
        if self.fset is None:
            raise AttributeError("can't set attribute")
        self.fset(instance, value)

    def __delete__(self, instance):
        if self.fdel is None:
            raise AttributeError("can't delete attribute")
        self.fdel(instance)

    def getter(self, fget):
        return type(self)(fget, self.fset, self.fdel, self.__doc__)

    def setter(self, fset):
        return type(self)(self.fget, fset, self.fdel, self.__doc__)

    def deleter(self, fdel):
        return type(self)(self.fget, self.fset, fdel, self.__doc__)


def resolve_bases(bases):
    resolved = []
    for base in bases:
        entries = None if isinstance(base, type) else getattr(base, "__mro_entries__", None)
        if entries is None:
            resolved.append(base)
        else:
            new = entries(bases)
            if not isinstance(new, tuple):
                raise TypeError("__mro_entries__ must return a tuple")
            resolved.extend(new)
    return bases if len(resolved) == len(bases) and all(a is b for a, b in zip(resolved, bases)) else tuple(resolved)


def prepare_class(name, bases=(), kwds=None):
    kwds = dict(kwds or {})
    meta = kwds.pop("metaclass", None) or (type(bases[0]) if bases else type)
    if isinstance(meta, type):
        for base in bases:
            kind = type(base)
            if issubclass(meta, kind):
                continue
            if not issubclass(kind, meta):
                raise TypeError("metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass "
                                "of the metaclasses of all its bases")
            meta = kind
    namespace = meta.__prepare__(name, bases, **kwds) if hasattr(meta, "__prepare__") else {}
    return meta, namespace, kwds


def new_class(name, bases=(), kwds=None, exec_body=None):
    resolved = resolve_bases(bases)
    meta, namespace, kwds = prepare_class(name, resolved, kwds)
    if exec_body is not None:
        exec_body(namespace)
    if resolved is not bases:
        namespace["__orig_bases__"] = bases
    return meta(name, resolved, namespace, **kwds)
