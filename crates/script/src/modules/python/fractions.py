# The module fractions: exact ratios of integers.
import math
import numbers
import re
from abc import update_abstractmethods

__all__ = ["Fraction"]
_text = re.compile(r"\s*(?P<sign>[-+]?)(?=\d|\.\d)(?P<num>\d*|\d+(?:_\d+)*)(?:(?:/(?P<denom>\d+(?:_\d+)*))?|"
                   r"(?:\.(?P<decimal>\d*|\d+(?:_\d+)*))?(?:[eE](?P<exp>[-+]?\d+(?:_\d+)*))?)\s*\Z")
# What Python's numeric hash is taken modulo.
_MODULUS = 2 ** 61 - 1


class Fraction(numbers.Rational):
    """A ratio of two integers in lowest terms."""

    __slots__ = ("_numerator", "_denominator")

    def __new__(cls, numerator=0, denominator=None, *, _normalize=True):
        self = object.__new__(cls)
        if denominator is None:
            if type(numerator) is int:
                self._numerator, self._denominator = numerator, 1
                return self
            if isinstance(numerator, numbers.Rational):
                self._numerator, self._denominator = numerator.numerator, numerator.denominator
                return self
            if isinstance(numerator, float) or type(numerator).__name__ == "Decimal":
                self._numerator, self._denominator = numerator.as_integer_ratio()
                return self
            if not isinstance(numerator, str):
                raise TypeError("argument should be a string or a Rational instance")
            numerator, denominator = cls._parse(numerator)
        elif not (type(numerator) is int is type(denominator)):
            if not (isinstance(numerator, numbers.Rational) and isinstance(denominator, numbers.Rational)):
                raise TypeError("both arguments should be Rational instances")
            numerator, denominator = (numerator.numerator * denominator.denominator,
                                      denominator.numerator * numerator.denominator)
        if denominator == 0:
            raise ZeroDivisionError(f"Fraction({numerator}, 0)")
        if _normalize:
            divisor = math.gcd(numerator, denominator)
            if denominator < 0:
                divisor = -divisor
            numerator //= divisor
            denominator //= divisor
        self._numerator, self._denominator = numerator, denominator
        return self

    @staticmethod
    def _parse(text):
        found = _text.match(text)
        if found is None:
            raise ValueError(f"Invalid literal for Fraction: {text!r}")
        numerator = int(found.group("num") or "0")
        denominator = 1
        if found.group("denom"):
            denominator = int(found.group("denom"))
        else:
            decimal = found.group("decimal")
            if decimal:
                decimal = decimal.replace("_", "")
                denominator = 10 ** len(decimal)
                numerator = numerator * denominator + int(decimal)
            exponent = int(found.group("exp") or 0)
            if exponent >= 0:
                numerator *= 10 ** exponent
            else:
                denominator *= 10 ** -exponent
        return (-numerator if found.group("sign") == "-" else numerator), denominator

    @classmethod
    def from_float(cls, f):
        if isinstance(f, numbers.Integral):
            return cls(f)
        if not isinstance(f, float):
            raise TypeError(f"{cls.__name__}.from_float() only takes floats, not {f!r} ({type(f).__name__})")
        return cls(*f.as_integer_ratio())

    @classmethod
    def from_decimal(cls, dec):
        return cls(*dec.as_integer_ratio())

    def as_integer_ratio(self):
        return self._numerator, self._denominator

    def limit_denominator(self, max_denominator=1000000):
        if max_denominator < 1:
            raise ValueError("max_denominator should be at least 1")
        if self._denominator <= max_denominator:
            return Fraction(self)
        p0, q0, p1, q1 = 0, 1, 1, 0
        n, d = self._numerator, self._denominator
        while True:
            a = n // d
            q2 = q0 + a * q1
            if q2 > max_denominator:
                break
            p0, q0, p1, q1 = p1, q1, p0 + a * p1, q2
            n, d = d, n - a * d
        k = (max_denominator - q0) // q1
        bound1 = Fraction(p0 + k * p1, q0 + k * q1)
        bound2 = Fraction(p1, q1)
        return bound2 if abs(bound2 - self) <= abs(bound1 - self) else bound1

    @property
    def numerator(self):
        return self._numerator

    @property
    def denominator(self):
        return self._denominator

    def __repr__(self):
        return f"{self.__class__.__name__}({self._numerator}, {self._denominator})"

    def __str__(self):
        return str(self._numerator) if self._denominator == 1 else f"{self._numerator}/{self._denominator}"

    def __floordiv__(a, b):
        b = _as_fraction(b)
        if b is None:
            return NotImplemented
        if type(b) is not Fraction:
            return b.__class__(a) // b
        return (a._numerator * b._denominator) // (a._denominator * b._numerator)

    def __rfloordiv__(b, a):
        a = _as_fraction(a)
        if a is None:
            return NotImplemented
        return a // b if type(a) is Fraction else a // a.__class__(b)

    def __divmod__(a, b):
        b = _as_fraction(b)
        if b is None:
            return NotImplemented
        if type(b) is not Fraction:
            return divmod(b.__class__(a), b)
        quotient = a // b
        return quotient, a - b * quotient

    def __rdivmod__(b, a):
        a = _as_fraction(a)
        if a is None:
            return NotImplemented
        return divmod(a, b if type(a) is Fraction else a.__class__(b))

    def __mod__(a, b):
        b = _as_fraction(b)
        if b is None:
            return NotImplemented
        return a - b * (a // b) if type(b) is Fraction else b.__class__(a) % b

    def __rmod__(b, a):
        a = _as_fraction(a)
        if a is None:
            return NotImplemented
        return a % (b if type(a) is Fraction else a.__class__(b))

    def __pow__(a, b):
        if not isinstance(b, numbers.Rational):
            return float(a) ** b
        if b.denominator != 1:
            return float(a) ** float(b)
        power = b.numerator
        if power >= 0:
            return Fraction(a._numerator ** power, a._denominator ** power, _normalize=False)
        if a._numerator == 0:
            raise ZeroDivisionError(f"Fraction({a._denominator ** -power}, 0)")
        numerator, denominator = a._denominator ** -power, a._numerator ** -power
        return Fraction(numerator, denominator)

    def __rpow__(b, a):
        if b._denominator == 1 and b._numerator >= 0:
            return a ** b._numerator
        if isinstance(a, numbers.Rational):
            return Fraction(a.numerator, a.denominator) ** b
        return a ** b._numerator if b._denominator == 1 else a ** float(b)

    def __pos__(a):
        return Fraction(a._numerator, a._denominator, _normalize=False)

    def __neg__(a):
        return Fraction(-a._numerator, a._denominator, _normalize=False)

    def __abs__(a):
        return Fraction(abs(a._numerator), a._denominator, _normalize=False)

    def __int__(a):
        return a.__trunc__()

    def __trunc__(a):
        return -(-a._numerator // a._denominator) if a._numerator < 0 else a._numerator // a._denominator

    def __floor__(a):
        return a._numerator // a._denominator

    def __ceil__(a):
        return -(-a._numerator // a._denominator)

    def __round__(self, ndigits=None):
        if ndigits is None:
            floor, remainder = divmod(self._numerator, self._denominator)
            twice = remainder * 2
            if twice != self._denominator:
                return floor + (twice > self._denominator)
            return floor + floor % 2
        shift = 10 ** abs(ndigits)
        return Fraction(round(self * shift), shift) if ndigits > 0 else Fraction(round(self / shift) * shift)

    def __hash__(self):
        try:
            inverse = pow(self._denominator, -1, _MODULUS)
        except ValueError:
            result = 314159
        else:
            result = hash(hash(abs(self._numerator)) * inverse)
        if self._numerator < 0:
            result = -result
        return -2 if result == -1 else result

    def __eq__(a, b):
        if type(b) is int:
            return a._numerator == b and a._denominator == 1
        if isinstance(b, numbers.Rational):
            return a._numerator == b.numerator and a._denominator == b.denominator
        if isinstance(b, numbers.Complex) and b.imag == 0:
            b = b.real
        if isinstance(b, float):
            return 0.0 == b if math.isnan(b) or math.isinf(b) else a == a.from_float(b)
        return NotImplemented

    def _compared(self, other):
        """The two numbers of which the comparison is the same, or None."""
        if isinstance(other, numbers.Rational):
            return self._numerator * other.denominator, self._denominator * other.numerator
        if isinstance(other, float):
            if math.isnan(other) or math.isinf(other):
                return 0.0, other
            return self._compared(self.from_float(other))
        return None

    def __lt__(a, b):
        pair = a._compared(b)
        return NotImplemented if pair is None else pair[0] < pair[1]

    def __gt__(a, b):
        pair = a._compared(b)
        return NotImplemented if pair is None else pair[0] > pair[1]

    def __le__(a, b):
        pair = a._compared(b)
        return NotImplemented if pair is None else pair[0] <= pair[1]

    def __ge__(a, b):
        pair = a._compared(b)
        return NotImplemented if pair is None else pair[0] >= pair[1]

    def __bool__(a):
        return bool(a._numerator)

    def __reduce__(self):
        return self.__class__, (self._numerator, self._denominator)

    def __copy__(self):
        return self if type(self) is Fraction else self.__class__(self._numerator, self._denominator)

    def __deepcopy__(self, memo):
        return self.__copy__()


def _as_fraction(value):
    """A rational as a Fraction, a float or complex as it is, None for the rest."""
    if isinstance(value, numbers.Rational):
        return value if type(value) is Fraction else Fraction(value)
    return value if isinstance(value, (float, complex)) else None


def _operation(name, of_fractions, of_numbers):
    """A binary operation and its reflection."""

    def forward(a, b):
        b = _as_fraction(b)
        if b is None:
            return NotImplemented
        return of_fractions(a, b) if type(b) is Fraction else of_numbers(b.__class__(a), b)

    def backward(b, a):
        a = _as_fraction(a)
        if a is None:
            return NotImplemented
        return of_fractions(a, b) if type(a) is Fraction else of_numbers(a, a.__class__(b))

    forward.__name__ = f"__{name}__"
    backward.__name__ = f"__r{name}__"
    return forward, backward


def _add(a, b):
    return Fraction(a._numerator * b._denominator + b._numerator * a._denominator, a._denominator * b._denominator)


def _subtract(a, b):
    return Fraction(a._numerator * b._denominator - b._numerator * a._denominator, a._denominator * b._denominator)


def _multiply(a, b):
    return Fraction(a._numerator * b._numerator, a._denominator * b._denominator)


def _divide(a, b):
    return Fraction(a._numerator * b._denominator, a._denominator * b._numerator)


for _name, _of_fractions, _of_numbers in (
        ("add", _add, lambda a, b: a + b), ("sub", _subtract, lambda a, b: a - b), ("mul", _multiply, lambda a, b: a * b),
        ("truediv", _divide, lambda a, b: a / b)):
    _forward, _backward = _operation(_name, _of_fractions, _of_numbers)
    setattr(Fraction, f"__{_name}__", _forward)
    setattr(Fraction, f"__r{_name}__", _backward)
update_abstractmethods(Fraction)
