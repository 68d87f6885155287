# The module abc: classes that cannot be instantiated until all their methods are there, and virtual subclasses.
__all__ = ["ABC", "ABCMeta", "abstractmethod", "abstractproperty", "abstractclassmethod", "abstractstaticmethod",
           "update_abstractmethods", "get_cache_token"]
_registrations = 0
_walks = 0  # how many walks through the subclasses of abstract classes are under way


def abstractmethod(funcobj):
    funcobj.__isabstractmethod__ = True
    return funcobj


class abstractclassmethod(classmethod):
    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractstaticmethod(staticmethod):
    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractproperty(property):
    __isabstractmethod__ = True


def _is_abstract(value):
    if isinstance(value, property):
        return any(getattr(part, "__isabstractmethod__", False) for part in (value.fget, value.fset, value.fdel)) or \
            isinstance(value, abstractproperty)
    if isinstance(value, (classmethod, staticmethod)):
        value = value.__func__
    return getattr(value, "__isabstractmethod__", False)


def _abstract_names(cls, namespace):
    names = {name for name, value in namespace.items() if _is_abstract(value)}
    for base in cls.__bases__:
        for name in getattr(base, "__abstractmethods__", ()):
            if _is_abstract(_class_attribute(cls, name)):
                names.add(name)
    return frozenset(names)


def _class_attribute(cls, name):
    for base in cls.__mro__:
        if name in base.__dict__:
            return base.__dict__[name]
    return getattr(cls, name, None)


def update_abstractmethods(cls):
    if hasattr(cls, "__abstractmethods__"):
        cls.__abstractmethods__ = _abstract_names(cls, cls.__dict__)
    return cls


def get_cache_token():
    return _registrations


class ABCMeta(type):
    """The type of abstract base classes."""

    def __new__(mcls, name, bases, namespace, /, **kwargs):
        cls = super().__new__(mcls, name, bases, namespace, **kwargs)
        cls.__abstractmethods__ = _abstract_names(cls, namespace)
        for base in cls.__bases__:
            if isinstance(base, ABCMeta):
                _own(base, "_abc_children").append(cls)
        return cls

    def register(cls, subclass):
        global _registrations
        if not isinstance(subclass, type):
            raise TypeError("Can only register classes")
        if ABCMeta.__subclasscheck__(cls, subclass):
            return subclass
        if ABCMeta.__subclasscheck__(subclass, cls) if isinstance(subclass, ABCMeta) else issubclass(cls, subclass):
            raise RuntimeError("Refusing to create an inheritance cycle")
        _own(cls, "_abc_registry").append(subclass)
        _registrations += 1
        return subclass

    def __instancecheck__(cls, instance):
        kind = instance.__class__
        if cls.__subclasscheck__(kind):
            return True
        other = type(instance)
        return other is not kind and cls.__subclasscheck__(other)

    def __subclasscheck__(cls, subclass):
        if not isinstance(subclass, type):
            raise TypeError("issubclass() arg 1 must be a class")
        cache = cls.__dict__.get("_abc_cache")
        if cache is None or cache[0] != _registrations:
            cache = (_registrations, {})
            type.__setattr__(cls, "_abc_cache", cache)
        known = cache[1].get(subclass)
        if known is None:
            known = cache[1][subclass] = _is_subclass(cls, subclass)
        return known


def _own(cls, name):
    """The class's own list of that name."""
    found = cls.__dict__.get(name)
    if found is None:
        found = []
        type.__setattr__(cls, name, found)
    return found


def _is_subclass(cls, subclass):
    answer = cls.__subclasshook__(subclass)
    if answer is not NotImplemented:
        return answer
    if cls in subclass.__mro__:
        return True
    for registered in cls.__dict__.get("_abc_registry", ()):
        if issubclass(subclass, registered):
            return True
    global _walks
    _walks += 1
    try:
        for child in cls.__dict__.get("_abc_children", ()):
            if issubclass(subclass, child):
                return True
    finally:
        _walks -= 1
    return False


class ABC(metaclass=ABCMeta):
    """An abstract base class by inheritance."""

    __slots__ = ()
