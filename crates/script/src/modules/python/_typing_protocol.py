# The class typing.Protocol: bases that are told by their attributes.
import abc
from typing import Generic

EXCLUDED_ATTRIBUTES = frozenset([
    "__parameters__", "__orig_bases__", "__orig_class__", "_is_protocol", "_is_runtime_protocol", "__protocol_attrs__",
    "__abstractmethods__", "_abc_registry", "_abc_impl", "__annotations__", "__dict__", "__doc__", "__init__",
    "__module__", "__new__", "__slots__", "__subclasshook__", "__weakref__", "__class_getitem__", "__match_args__",
    "__qualname__", "__final__", "__static_attributes__", "__firstlineno__", "__init_subclass__", "__hash__"])


def _protocol_attributes(cls):
    found = set()
    for base in cls.__mro__[:-1]:
        if base.__name__ in ("Protocol", "Generic"):
            continue
        for name in list(base.__dict__) + list(base.__dict__.get("__annotations__", ())):
            if not name.startswith("_abc_") and name not in EXCLUDED_ATTRIBUTES:
                found.add(name)
    return found


def _refuse_init(self, *args, **kwargs):
    cls = type(self)
    if cls._is_protocol:
        raise TypeError("Protocols cannot be instantiated")
    if cls.__init__ is not _refuse_init:
        return
    for base in cls.__mro__:
        init = base.__dict__.get("__init__")
        if init is not None and init is not _refuse_init:
            init(self, *args, **kwargs)
            break


_asking = []  # the protocols of running isinstance(), which may have members that are no methods


class _ProtocolMeta(abc.ABCMeta):
    def __instancecheck__(cls, instance):
        if not cls.__dict__.get("_is_protocol", False):
            return super().__instancecheck__(instance)
        if not cls._is_runtime_protocol:
            raise TypeError("Instance and class checks can only be used with @runtime_checkable protocols")
        _asking.append(cls)
        try:
            if super().__instancecheck__(instance):
                return True
        finally:
            _asking.pop()
        return all(hasattr(instance, name) and (getattr(instance, name) is not None or not callable(getattr(cls, name, None)))
                   for name in _protocol_attributes(cls))

    def __subclasscheck__(cls, other):
        if cls.__dict__.get("_is_protocol", False) and cls not in _asking and not abc._walks:
            if not isinstance(other, type):
                raise TypeError("issubclass() arg 1 must be a class")
            if not cls._is_runtime_protocol:
                raise TypeError("Instance and class checks can only be used with @runtime_checkable protocols")
            if not _has_methods_only(cls, _protocol_attributes(cls)):
                raise TypeError("Protocols with non-method members don't support issubclass()")
        return super().__subclasscheck__(other)


def _has_methods_only(cls, names):
    return all(callable(getattr(cls, name, None)) for name in names)


def _protocol_subclasshook(cls, other):
    if not cls.__dict__.get("_is_protocol", False):
        return NotImplemented
    names = _protocol_attributes(cls)
    methods_only = _has_methods_only(cls, names)
    if not methods_only or not cls._is_runtime_protocol:
        return NotImplemented
    for name in names:
        for base in other.__mro__:
            if name in base.__dict__:
                if base.__dict__[name] is None:
                    return NotImplemented
                break
            if isinstance(base, _ProtocolMeta) and base._is_protocol and name in base.__dict__.get("__annotations__", ()):
                break
        else:
            return NotImplemented
    return True


class Protocol(Generic, metaclass=_ProtocolMeta):
    """The base of classes that are told by their attributes."""

    _is_protocol = True
    _is_runtime_protocol = False

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        if not cls.__dict__.get("_is_protocol", False):
            cls._is_protocol = any(base is Protocol for base in cls.__bases__)
        if "__subclasshook__" not in cls.__dict__:
            cls.__subclasshook__ = classmethod(_protocol_subclasshook)
        if not cls._is_protocol:
            return
        for base in cls.__bases__:
            if not (base in (object, Generic) or getattr(base, "_is_protocol", False) and isinstance(base, _ProtocolMeta)
                    or base.__module__ in ("collections.abc", "contextlib")):
                raise TypeError(f"Protocols can only inherit from other protocols, got {base!r}")
        if cls.__init__ is Protocol.__init__:
            cls.__init__ = _refuse_init


Protocol.__module__ = "typing"
