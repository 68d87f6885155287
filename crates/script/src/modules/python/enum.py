# The module enum: classes whose attributes are a fixed set of named values.
from types import MappingProxyType, DynamicClassAttribute
from _enum_body import _EnumDict, _deprecated, auto, member, nonmember

__all__ = ["EnumType", "EnumMeta", "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum", "auto", "unique", "property",
           "verify", "member", "nonmember", "FlagBoundary", "STRICT", "CONFORM", "EJECT", "KEEP", "global_flag_repr",
           "global_enum_repr", "global_str", "global_enum", "EnumCheck", "CONTINUOUS", "NAMED_FLAGS", "UNIQUE"]

_OPERATORS = ("__or__", "__and__", "__xor__", "__ror__", "__rand__", "__rxor__", "__invert__")
_builtin_property = property
Enum = Flag = ReprEnum = EJECT = None


class property(DynamicClassAttribute):
    """A property of members that leaves the same name free for a member."""

    name = clsname = member = None

    def __get__(self, instance, owner=None):
        if instance is None:
            if self.member is not None:
                return self.member
            raise AttributeError(f"{owner!r} has no attribute {self.name!r}")
        if self.fget is None:
            raise AttributeError(f"{owner!r} has no attribute {self.name!r}")
        return self.fget(instance)

    def __set__(self, instance, value):
        if self.fset is None:
            raise AttributeError(f"<enum {self.clsname!r}> cannot set attribute {self.name!r}")
        self.fset(instance, value)

    def __delete__(self, instance):
        if self.fdel is None:
            raise AttributeError(f"<enum {self.clsname!r}> cannot delete attribute {self.name!r}")
        self.fdel(instance)

    def __set_name__(self, owner, name):
        self.name = name
        self.clsname = owner.__name__


def _find_mixins(cls_name, bases):
    """The type of the values (object: any) and the enum that is extended."""
    if not bases:
        return object, Enum
    first_enum = bases[-1]
    if not isinstance(first_enum, EnumType):
        raise TypeError("new enumerations should be created as `EnumName([mixin_type, ...] [data_type,] enum_type)`")
    found = {}
    for chain in bases:
        candidate = None
        for base in chain.__mro__:
            if base is object:
                continue
            if isinstance(base, EnumType):
                if base._member_type_ is not object:
                    found[base._member_type_] = None
                    break
            elif base.__module__ == "builtins" or "__new__" in base.__dict__ or "__dataclass_fields__" in base.__dict__:
                found[candidate or base] = None
                break
            else:
                candidate = candidate or base
    if len(found) > 1:
        raise TypeError(f"too many data types for {cls_name!r}: {set(found)!r}")
    return (next(iter(found)) if found else object), first_enum


def _find_data_repr(bases):
    for chain in bases:
        for base in chain.__mro__:
            if base is object or base.__module__ == "builtins":
                continue
            if isinstance(base, EnumType):
                if base._value_repr_ is not None:
                    return base._value_repr_
            elif "__repr__" in base.__dict__ and not getattr(base, "__dataclass_fields__", None):
                return base.__dict__["__repr__"]
    return None


def _data_str(self):
    return str(self._value_)


def _data_format(self, spec):
    return format(self._value_, spec)


class EnumType(type):
    """The type of enums."""

    @classmethod
    def __prepare__(metacls, cls, bases, **kwds):
        for base in bases:
            if isinstance(base, EnumType) and base._member_names_:
                raise TypeError(f"<enum {cls!r}> cannot extend {base!r}")
        namespace = _EnumDict(cls)
        _, first_enum = _find_mixins(cls, bases)
        if first_enum is not None:
            namespace["_generate_next_value_"] = first_enum._generate_next_value_
        return namespace

    def __new__(metacls, cls, bases, classdict, *, boundary=None, _simple=False, **kwds):
        names = list(classdict._member_names)
        body = dict(classdict)
        for name in body.pop("_ignore_", ()):
            body.pop(name, None)
        values = [(name, body.pop(name)) for name in names]
        invalid = set(names) & {"mro", ""}
        if invalid:
            raise ValueError(f"invalid enum member name(s) {','.join([repr(name) for name in invalid])}")
        order = body.pop("_order_", None)
        member_type, first_enum = _find_mixins(cls, bases)
        body["_member_names_"] = []
        body["_member_map_"] = {}
        body["_value2member_map_"] = {}
        body["_member_type_"] = member_type
        body["_value_repr_"] = _find_data_repr(bases)
        is_flag = first_enum is not None and Flag is not None and issubclass(first_enum, Flag)
        body["_boundary_"] = boundary or getattr(first_enum, "_boundary_", None)
        if first_enum is not None and "__str__" in body:
            body.setdefault("__format__", Enum.__format__)
        if ReprEnum is not None and ReprEnum in bases:
            body.setdefault("__str__", _data_str)
            body.setdefault("__format__", _data_format)
        if is_flag:
            body["_flag_mask_"] = body["_singles_mask_"] = body["_all_bits_"] = 0
            if member_type is not object:
                for name in _OPERATORS:
                    body.setdefault(name, getattr(Flag, name))
        if first_enum is None:
            body["_custom_new_"] = None
        else:
            own_new = body.pop("__new__", None)
            if own_new is not None:
                if not isinstance(own_new, staticmethod):
                    own_new = staticmethod(own_new)
                body["_custom_new_"] = body["__new_member__"] = own_new
            if own_new is not None or member_type is not object:
                body["__new__"] = Enum.__new__
        made = super().__new__(metacls, cls, bases, body, **kwds)
        if first_enum is not None and member_type is not object:
            _restore_methods(made, body, member_type, first_enum)
        for name, value in values:
            made._add_member(name, value, member_type, is_flag)
        if order is not None:
            order = order.replace(",", " ").split() if isinstance(order, str) else list(order)
            if is_flag:
                order = [name for name in order if name in made._member_names_]
            if order != made._member_names_:
                raise TypeError(f"member order does not match _order_:\n  {order!r}\n  {made._member_names_!r}")
        return made

    def __init__(cls, *args, **kwds):
        pass

    def _add_member(cls, name, value, member_type, is_flag):
        args = value if isinstance(value, tuple) else (value,)
        if member_type is tuple:
            args = (args,)
        if cls._custom_new_ is not None:
            made = cls._custom_new_(cls, *args)
        elif member_type is object or not _makes_values(member_type):
            made = object.__new__(cls)
        else:
            made = member_type.__new__(cls, *args)
        if not hasattr(made, "_value_"):
            if member_type is object:
                made._value_ = value
            else:
                try:
                    made._value_ = member_type(*args)
                except Exception as error:
                    raise TypeError("_value_ not set in __new__, unable to create it") from error
        value = made._value_
        made._name_ = name
        made.__objclass__ = cls
        made.__init__(*args)
        made._sort_order_ = len(cls._member_names_)
        if is_flag:
            mask = cls._flag_mask_
            mask |= value
            type.__setattr__(cls, "_flag_mask_", mask)
            if value > 0 and value & (value - 1) == 0:
                type.__setattr__(cls, "_singles_mask_", cls._singles_mask_ | value)
            type.__setattr__(cls, "_all_bits_", 2 ** mask.bit_length() - 1)
        same = None
        try:
            same = cls._value2member_map_.get(value)
        except TypeError:
            for other in cls._member_map_.values():
                if other._value_ == value:
                    same = other
                    break
        if same is not None:
            made = same
        elif not is_flag or value > 0 and value & (value - 1) == 0:
            cls._member_names_.append(name)
        cls._member_map_[name] = made
        try:
            cls._value2member_map_.setdefault(value, made)
        except TypeError:
            pass
        attribute = made
        for base in cls.__mro__[1:]:
            found = base.__dict__.get(name)
            if isinstance(found, (DynamicClassAttribute, _builtin_property)):
                attribute = property(found.fget, found.fset, found.fdel)
                attribute.member = made
                attribute.__set_name__(cls, name)
                break
        type.__setattr__(cls, name, attribute)

    def __call__(cls, value, names=None, *, module=None, qualname=None, type=None, start=1, boundary=None):
        if names is None and type is None:
            try:
                return cls._value2member_map_[value]
            except (KeyError, TypeError):
                pass
            return cls._find(value)
        return cls._create_(value, names, module=module, qualname=qualname, type=type, start=start, boundary=boundary)

    def _find(cls, value):
        if type(value) is cls:
            return value
        for found in cls._member_map_.values():
            if found._value_ == value:
                return found
        if not cls._member_map_:
            raise TypeError(f"{cls!r} has no members defined")
        problem = found = None
        try:
            found = cls._missing_(value)
        except Exception as error:
            problem = error
        if isinstance(found, cls) or issubclass(cls, Flag) and cls._boundary_ is EJECT and isinstance(found, int):
            return found
        invalid = ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        if found is None and problem is None:
            raise invalid
        if problem is None:
            problem = TypeError(f"error in {cls.__name__}._missing_: returned {found!r} instead of None or a valid member")
        if not isinstance(problem, ValueError):
            problem.__context__ = invalid
        raise problem

    def _create_(cls, class_name, names, *, module=None, qualname=None, type=None, start=1, boundary=None):
        metacls = cls.__class__
        bases = (cls,) if type is None else (type, cls)
        body = metacls.__prepare__(class_name, bases)
        if isinstance(names, str):
            names = names.replace(",", " ").split()
        names = list(names.items()) if hasattr(names, "items") else list(names or ())
        if names and isinstance(names[0], str):
            values = []
            for count, name in enumerate(names):
                values.append(cls._generate_next_value_(name, start, count, values[:]))
            names = list(zip(names, values))
        for name, value in names:
            body[name] = value
        body["__module__"] = module or "__main__"
        if qualname is not None:
            body["__qualname__"] = qualname
        return metacls.__new__(metacls, class_name, bases, body, boundary=boundary)

    def __contains__(cls, value):
        if not isinstance(value, Enum):
            _deprecated("in 3.12 __contains__ will no longer raise TypeError, but will return True or\n"
                        "False depending on whether the value is a member or the value of a member", 2)
            raise TypeError(f"unsupported operand type(s) for 'in': '{type(value).__qualname__}' and "
                            f"'{cls.__class__.__qualname__}'")
        return isinstance(value, cls) and value._name_ in cls._member_map_

    def __getattr__(cls, name):
        raise AttributeError(name)

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", ()):
            raise AttributeError(f"cannot reassign member {name!r}")
        super().__setattr__(name, value)

    def __delattr__(cls, name):
        if name in cls._member_map_:
            raise AttributeError(f"{cls.__name__!r} cannot delete member {name!r}.")
        super().__delattr__(name)

    def __dir__(cls):
        names = ["__class__", "__contains__", "__doc__", "__getitem__", "__init_subclass__", "__iter__", "__len__",
                 "__members__", "__module__", "__name__", "__qualname__", *cls._member_names_]
        names += [name for name in ("__new__", "_generate_next_value_", "_missing_") if name in cls.__dict__ and
                  cls._custom_new_ is not None and name == "__new__"]
        return sorted(set(names) | (set() if cls._member_type_ is object else set(dir(cls._member_type_))))

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __iter__(cls):
        return (cls._member_map_[name] for name in cls._member_names_)

    def __reversed__(cls):
        return (cls._member_map_[name] for name in reversed(cls._member_names_))

    def __len__(cls):
        return len(cls._member_names_)

    def __bool__(cls):
        return True

    @_builtin_property
    def __members__(cls):
        return MappingProxyType(cls._member_map_)

    def __repr__(cls):
        return f"<{'flag' if Flag is not None and issubclass(cls, Flag) else 'enum'} {cls.__name__!r}>"


EnumMeta = EnumType


def _restore_methods(cls, body, member_type, first_enum):
    """Puts the enum's methods before those of the values' type, which comes first among the bases."""
    for name in ("__repr__", "__str__", "__format__", "__reduce_ex__"):
        if name in body:
            continue
        for base in cls.__mro__[1:]:
            if name in base.__dict__:
                if base in member_type.__mro__ or isinstance(base, EnumType):
                    setattr(cls, name, getattr(first_enum, name))
                break


def _makes_values(member_type):
    """Whether the type of the values has a __new__ of its own."""
    for base in member_type.__mro__:
        if base is object:
            return False
        if "__new__" in base.__dict__ or base.__module__ == "builtins":
            return True


class _Stored(property):
    """What every member has; quicker than a property with a function."""

    slot = None

    def __get__(self, instance, owner=None):
        if instance is None:
            raise AttributeError(f"{owner!r} has no attribute {self.name!r}")
        return getattr(instance, self.slot)


def _stored(slot):
    made = _Stored(lambda self: getattr(self, slot))
    made.slot = slot
    return made


class Enum(metaclass=EnumType):
    name = _stored("_name_")
    value = _stored("_value_")

    def __init__(self, *args, **kwds):
        pass

    def __new__(cls, value):
        return cls._find(value)

    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start
        try:
            highest = max(last_values)
            if highest == last_values[-1]:
                return highest + 1
        except TypeError:
            highest = None
        _deprecated("In 3.13 the default `auto()`/`_generate_next_value_` will require all values to be sortable and support "
                    "adding +1\nand the value returned will be the largest value in the enum incremented by 1", 4)
        for last in [highest] if isinstance(highest, (int, float)) else reversed(last_values):
            try:
                return last + 1
            except TypeError:
                pass
        return start

    @classmethod
    def _missing_(cls, value):
        return None

    def __repr__(self):
        shown = self.__class__._value_repr_ or repr
        return f"<{self.__class__.__name__}.{self._name_}: {shown(self._value_)}>"

    def __str__(self):
        return f"{self.__class__.__name__}.{self._name_}"

    def __dir__(self):
        if self._member_type_ is object:
            names = {"__class__", "__doc__", "__eq__", "__hash__", "__module__", "name", "value"}
        else:
            names = set(object.__dir__(self))
        names.update([name for name in getattr(self, "__dict__", ()) if name[0] != "_"])
        for cls in self.__class__.__mro__:
            for name, value in cls.__dict__.items():
                if name[0] != "_":
                    shown = isinstance(value, property) and value.fget is not None or name not in self._member_map_
                    names.add(name) if shown else names.discard(name)
        return sorted(names)

    def __format__(self, format_spec):
        return str.__format__(str(self), format_spec)

    def __hash__(self):
        return hash(self._name_)

    def __reduce_ex__(self, proto):
        return self.__class__, (self._value_,)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


class ReprEnum(Enum):
    """Only the repr is the enum's; str and format are the value's."""


class IntEnum(int, ReprEnum):
    """Members are integers."""


class StrEnum(str, ReprEnum):
    """Members are strings."""

    def __new__(cls, *values):
        if len(values) > 3:
            raise TypeError(f"too many arguments for str(): {values!r}")
        if len(values) == 1 and not isinstance(values[0], str):
            raise TypeError(f"{values[0]!r} is not a string")
        for value, what in zip(values[1:], ("encoding", "errors")):
            if not isinstance(value, str):
                raise TypeError(f"{what} must be a string, not {value!r}")
        value = str(*values)
        made = str.__new__(cls, value)
        made._value_ = value
        return made

    def _generate_next_value_(name, start, count, last_values):
        return name.lower()


class FlagBoundary(StrEnum):
    STRICT = auto()
    CONFORM = auto()
    EJECT = auto()
    KEEP = auto()


STRICT = FlagBoundary.STRICT
CONFORM = FlagBoundary.CONFORM
EJECT = FlagBoundary.EJECT
KEEP = FlagBoundary.KEEP


def bin(num, max_bits=None):
    """An integer's bits behind its sign bit."""
    width = num.bit_length()
    if num < 0:
        sign, digits = "1", format(num + (1 << width), f"0{width}b") if width else ""
    else:
        sign, digits = "0", format(num, "b") if num else "0"
    if max_bits is not None and len(digits) < max_bits:
        digits = (sign * max_bits + digits)[-max_bits:]
    return f"0b{sign} {digits}"


class Flag(Enum, boundary=STRICT):
    """Members are bits and can be combined."""

    _numeric_repr_ = repr

    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start if start is not None else 1
        last = max(last_values)
        try:
            return 1 << last.bit_length()
        except AttributeError:
            raise TypeError(f"invalid flag value {last!r}") from None

    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        mask, bits = cls._flag_mask_, cls._all_bits_
        negative = value if value < 0 else None
        if not ~bits <= value <= bits or value & (bits ^ mask):
            if cls._boundary_ is STRICT:
                width = max(value.bit_length(), mask.bit_length())
                raise ValueError(f"{cls!r} invalid value {value!r}\n    given {bin(value, width)}\n  allowed {bin(mask, width)}")
            if cls._boundary_ is CONFORM:
                value = value & mask
            elif cls._boundary_ is EJECT:
                return value
            elif value < 0:
                value += max(bits + 1, 2 ** value.bit_length())
        if value < 0:
            value += bits + 1
        unknown = value & ~mask
        if cls._member_type_ is object:
            made = object.__new__(cls)
        else:
            made = cls._member_type_.__new__(cls, value)
        made._value_ = value
        names = []
        named = unknown
        for found in (*cls, *cls._member_map_.values()):
            bits = found._value_
            if bits & value == bits and bits & ~named:
                names.append(found._name_)
                named |= bits
        if names and unknown:
            names.append(cls._numeric_repr_(unknown))
        made._name_ = "|".join(names) if names else None
        made = cls._value2member_map_.setdefault(value, made)
        if negative is not None:
            cls._value2member_map_[negative] = made
        return made

    def __contains__(self, other):
        if not isinstance(other, self.__class__):
            raise TypeError(f"unsupported operand type(s) for 'in': {type(other).__qualname__!r} and "
                            f"{self.__class__.__qualname__!r}")
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        value = self._value_
        return (found for found in self.__class__ if found._value_ & value)

    def __len__(self):
        return self._value_.bit_count()

    def __repr__(self):
        shown = self.__class__._value_repr_ or repr
        name = "" if self._name_ is None else f".{self._name_}"
        return f"<{self.__class__.__name__}{name}: {shown(self._value_)}>"

    def __str__(self):
        if self._name_ is None:
            return f"{self.__class__.__name__}({self._value_!r})"
        return f"{self.__class__.__name__}.{self._name_}"

    def __bool__(self):
        return bool(self._value_)

    def _bits_of(self, other):
        if isinstance(other, self.__class__):
            return other._value_
        if self._member_type_ is not object and isinstance(other, self._member_type_):
            return other
        return None

    def __or__(self, other):
        bits = self._bits_of(other)
        return NotImplemented if bits is None else self.__class__(self._value_ | bits)

    def __and__(self, other):
        bits = self._bits_of(other)
        return NotImplemented if bits is None else self.__class__(self._value_ & bits)

    def __xor__(self, other):
        bits = self._bits_of(other)
        return NotImplemented if bits is None else self.__class__(self._value_ ^ bits)

    def __invert__(self):
        mask = self._flag_mask_ if self._boundary_ in (EJECT, KEEP) else self._singles_mask_
        return self.__class__(mask & ~self._value_)

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__


class IntFlag(int, ReprEnum, Flag, boundary=KEEP):
    """Flags that are integers."""


def unique(enumeration):
    same = [f"{alias} -> {found.name}" for alias, found in enumeration.__members__.items() if alias != found.name]
    if same:
        raise ValueError(f"duplicate values found in {enumeration!r}: {', '.join(same)}")
    return enumeration


def show_flag_values(value):
    return [1 << bit for bit in range(value.bit_length()) if value >> bit & 1]


from _enum_global import global_enum, global_enum_repr, global_flag_repr, global_str  # they need the classes above
from _enum_verify import EnumCheck, verify

CONTINUOUS, NAMED_FLAGS, UNIQUE = EnumCheck
