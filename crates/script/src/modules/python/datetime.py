# The module datetime: dates, times, and what lies between them.
import math
import time as _time
from _datetime_text import (
    DAYS, MONTHS, format_time, offset_text, parse_iso_date)

__all__ = ["date", "datetime", "time", "timedelta", "timezone", "tzinfo", "MINYEAR", "MAXYEAR", "UTC"]
MINYEAR = 1
MAXYEAR = 9999
_DAYS_IN = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS_BEFORE = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_MAXORDINAL = 3652059
_EPOCH = 719163  # the ordinal of 1 January 1970


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in_month(year, month):
    return 29 if month == 2 and _is_leap(year) else _DAYS_IN[month]


def _ordinal(year, month, day):
    before = year - 1
    leap = month > 2 and _is_leap(year)
    return before * 365 + before // 4 - before // 100 + before // 400 + _DAYS_BEFORE[month] + leap + day


def _from_ordinal(n):
    n -= 1
    cycles400, n = divmod(n, 146097)
    cycles100, n = divmod(n, 36524)
    cycles4, n = divmod(n, 1461)
    years, n = divmod(n, 365)
    year = cycles400 * 400 + cycles100 * 100 + cycles4 * 4 + years + 1
    if years == 4 or cycles100 == 4:
        return year - 1, 12, 31
    leap = _is_leap(year)
    month = 12
    while n < _DAYS_BEFORE[month] + (leap and month > 2):
        month -= 1
    return year, month, n - _DAYS_BEFORE[month] - (leap and month > 2) + 1


def _index(value):
    if isinstance(value, int):
        return int(value)
    method = getattr(type(value), "__index__", None)
    if method is None:
        raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
    return method(value)


def _check_date(year, month, day):
    year, month, day = _index(year), _index(month), _index(day)
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f"year {year} is out of range")
    if not 1 <= month <= 12:
        raise ValueError("month must be in 1..12")
    if not 1 <= day <= _days_in_month(year, month):
        raise ValueError("day is out of range for month")
    return year, month, day


def _check_time(hour, minute, second, microsecond, fold):
    hour, minute, second, microsecond = _index(hour), _index(minute), _index(second), _index(microsecond)
    if not 0 <= hour <= 23:
        raise ValueError("hour must be in 0..23")
    if not 0 <= minute <= 59:
        raise ValueError("minute must be in 0..59")
    if not 0 <= second <= 59:
        raise ValueError("second must be in 0..59")
    if not 0 <= microsecond <= 999999:
        raise ValueError("microsecond must be in 0..999999")
    if fold not in (0, 1):
        raise ValueError("fold must be either 0 or 1")
    return hour, minute, second, microsecond


def _check_zone(tz):
    if tz is not None and not isinstance(tz, tzinfo):
        raise TypeError(f"tzinfo argument must be None or of a tzinfo subclass, not type '{type(tz).__name__}'")


def _check_offset(name, offset):
    if offset is None:
        return None
    if not isinstance(offset, timedelta):
        raise TypeError(f"tzinfo.{name}() must return None or a timedelta, not '{type(offset).__name__}'")
    if not -timedelta(1) < offset < timedelta(1):
        raise ValueError("offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), "
                         f"not {offset!r}")
    return offset


def _reader(name, doc=None):
    return property(lambda self: getattr(self, name))


def _divide(a, b):
    """a / b of integers, rounded half to even."""
    q, r = divmod(a, b)
    r *= 2
    above = r > b if b > 0 else r < b
    return q + 1 if above or r == b and q % 2 == 1 else q


class timedelta:
    """A duration."""

    def __new__(cls, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        total, rest = 0, 0.0
        for value, factor, name in ((microseconds, 1, "microseconds"), (milliseconds, 1000, "milliseconds"),
                                    (seconds, 1000000, "seconds"), (minutes, 60000000, "minutes"),
                                    (hours, 3600000000, "hours"), (days, 86400000000, "days"),
                                    (weeks, 604800000000, "weeks")):
            if isinstance(value, int):
                total += value * factor
            elif isinstance(value, float):
                fraction, whole = math.modf(value)
                total += int(whole) * factor
                if fraction:
                    fraction, whole = math.modf(fraction * factor)
                    total += int(whole)
                    rest += fraction
            else:
                raise TypeError(f"unsupported type for timedelta {name} component: {type(value).__name__}")
        if rest:
            whole = round(rest)
            if abs(whole - rest) == 0.5:
                odd = total & 1
                whole = 2 * round((rest + odd) * 0.5) - odd
            total += whole
        return _delta(cls, total)

    days = _reader("_days")
    seconds = _reader("_seconds")
    microseconds = _reader("_microseconds")

    def _total(self):
        return (self._days * 86400 + self._seconds) * 1000000 + self._microseconds

    def total_seconds(self):
        return self._total() / 10 ** 6

    def __repr__(self):
        parts = [f"{name}={value}" for name, value in
                 (("days", self._days), ("seconds", self._seconds), ("microseconds", self._microseconds)) if value]
        return f"{_name(self)}({', '.join(parts) or '0'})"

    def __str__(self):
        minutes, seconds = divmod(self._seconds, 60)
        text = f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
        if self._days:
            text = f"{self._days} day{'' if abs(self._days) == 1 else 's'}, {text}"
        return f"{text}.{self._microseconds:06d}" if self._microseconds else text

    def __add__(self, other):
        return _delta(timedelta, self._total() + other._total()) if isinstance(other, timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        return _delta(timedelta, self._total() - other._total()) if isinstance(other, timedelta) else NotImplemented

    def __rsub__(self, other):
        return _delta(timedelta, other._total() - self._total()) if isinstance(other, timedelta) else NotImplemented

    def __neg__(self):
        return _delta(timedelta, -self._total())

    def __pos__(self):
        return _delta(timedelta, self._total())

    def __abs__(self):
        return _delta(timedelta, abs(self._total()))

    def __mul__(self, other):
        if isinstance(other, int):
            return _delta(timedelta, self._total() * other)
        if isinstance(other, float):
            a, b = other.as_integer_ratio()
            return _delta(timedelta, _divide(self._total() * a, b))
        return NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, other):
        if isinstance(other, timedelta):
            return self._total() // other._total()
        return _delta(timedelta, self._total() // other) if isinstance(other, int) else NotImplemented

    def __truediv__(self, other):
        if isinstance(other, timedelta):
            return self._total() / other._total()
        if isinstance(other, int):
            return _delta(timedelta, _divide(self._total(), other))
        if isinstance(other, float):
            a, b = other.as_integer_ratio()
            return _delta(timedelta, _divide(b * self._total(), a))
        return NotImplemented

    def __mod__(self, other):
        return _delta(timedelta, self._total() % other._total()) if isinstance(other, timedelta) else NotImplemented

    def __divmod__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        q, r = divmod(self._total(), other._total())
        return q, _delta(timedelta, r)

    def __eq__(self, other):
        return self._total() == other._total() if isinstance(other, timedelta) else NotImplemented

    def __lt__(self, other):
        return self._total() < other._total() if isinstance(other, timedelta) else NotImplemented

    def __le__(self, other):
        return self._total() <= other._total() if isinstance(other, timedelta) else NotImplemented

    def __gt__(self, other):
        return self._total() > other._total() if isinstance(other, timedelta) else NotImplemented

    def __ge__(self, other):
        return self._total() >= other._total() if isinstance(other, timedelta) else NotImplemented

    def __hash__(self):
        return hash((self._days, self._seconds, self._microseconds))

    def __bool__(self):
        return self._total() != 0

    def __reduce__(self):
        return self.__class__, (self._days, self._seconds, self._microseconds)


def _delta(cls, total):
    """The duration of so many microseconds."""
    self = object.__new__(cls)
    seconds, self._microseconds = divmod(total, 1000000)
    self._days, self._seconds = divmod(seconds, 86400)
    if abs(self._days) > 999999999:
        raise OverflowError(f"days={self._days}; must have magnitude <= 999999999")
    return self


def _name(value):
    cls = type(value)
    return f"{cls.__module__}.{cls.__qualname__}"


timedelta.min = timedelta(-999999999)
timedelta.max = timedelta(999999999, 86399, 999999)
timedelta.resolution = timedelta(microseconds=1)


class IsoCalendarDate(tuple):
    """Year, week and weekday as ISO 8601 counts them."""

    def __new__(cls, year, week, weekday):
        return tuple.__new__(cls, (year, week, weekday))

    year = property(lambda self: self[0])
    week = property(lambda self: self[1])
    weekday = property(lambda self: self[2])

    def __repr__(self):
        return f"datetime.IsoCalendarDate(year={self[0]}, week={self[1]}, weekday={self[2]})"


def _iso_week_one(year):
    """The ordinal of the Monday that starts the year's first week."""
    first = _ordinal(year, 1, 1)
    weekday = (first + 6) % 7
    return first - weekday + (7 if weekday > 3 else 0)


def _iso_calendar(year, month, day):
    today = _ordinal(year, month, day)
    start = _iso_week_one(year)
    if today < start:
        year -= 1
        start = _iso_week_one(year)
    elif today >= start + 364 and today >= _iso_week_one(year + 1):
        year += 1
        start = _iso_week_one(year)
    week, weekday = divmod(today - start, 7)
    return year, week + 1, weekday + 1


def _from_iso_calendar(year, week, weekday):
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f"Year is out of range: {year}")
    if not 0 < week < 53 and not (week == 53 and _iso_week_one(year + 1) - _iso_week_one(year) == 371):
        raise ValueError(f"Invalid week: {week}")
    if not 0 < weekday < 8:
        raise ValueError(f"Invalid weekday: {weekday} (range is [1, 7])")
    return _from_ordinal(_iso_week_one(year) + (week - 1) * 7 + weekday - 1)


def _local(t):
    """(year, month, day, hour, minute, second) here, at so many whole seconds after 1970."""
    return _time.localtime(t)[:6]


def _utc(t):
    days, seconds = divmod(t, 86400)
    return (*_from_ordinal(_EPOCH + days), seconds // 3600, seconds // 60 % 60, seconds % 60)


class date:
    """A day."""

    def __new__(cls, year, month=None, day=None):
        if month is None or day is None:
            missing = "month" if month is None else "day"
            raise TypeError(f"function missing required argument '{missing}' (pos {2 if month is None else 3})")
        self = object.__new__(cls)
        self._year, self._month, self._day = _check_date(year, month, day)
        return self

    @classmethod
    def fromtimestamp(cls, t):
        return cls(*_local(math.floor(t))[:3])

    @classmethod
    def today(cls):
        return cls.fromtimestamp(_time.time())

    @classmethod
    def fromordinal(cls, n):
        if n < 1:
            raise ValueError("ordinal must be >= 1")
        if n > _MAXORDINAL:
            raise ValueError(f"year {_from_ordinal(n)[0]} is out of range")
        return cls(*_from_ordinal(n))

    @classmethod
    def fromisoformat(cls, date_string):
        if not isinstance(date_string, str):
            raise TypeError("fromisoformat: argument must be str")
        parts = parse_iso_date(date_string)
        if parts is None:
            raise ValueError(f"Invalid isoformat string: {date_string!r}")
        return cls(*(parts if len(parts) == 3 else _from_iso_calendar(*parts[:3])))

    @classmethod
    def fromisocalendar(cls, year, week, day):
        return cls(*_from_iso_calendar(year, week, day))

    year = _reader("_year")
    month = _reader("_month")
    day = _reader("_day")

    def __repr__(self):
        return f"{_name(self)}({self._year}, {self._month}, {self._day})"

    def isoformat(self):
        return f"{self._year:04d}-{self._month:02d}-{self._day:02d}"

    def __str__(self):
        return self.isoformat()

    def ctime(self):
        return f"{DAYS[self.weekday()][:3]} {MONTHS[self._month - 1][:3]} {self._day:2d} 00:00:00 {self._year:04d}"

    def _parts(self):
        iso = _iso_calendar(self._year, self._month, self._day)
        return (self._year, self._month, self._day, 0, 0, 0, 0, self.weekday(), self._yearday(), iso[0], iso[1], None, None)

    def _yearday(self):
        return self.toordinal() - _ordinal(self._year, 1, 1) + 1

    def strftime(self, format):
        return format_time(self._parts(), format)

    def __format__(self, spec):
        if not isinstance(spec, str):
            raise TypeError(f"must be str, not {type(spec).__name__}")
        return self.strftime(spec) if spec else str(self)

    def timetuple(self):
        return _time.struct_time((self._year, self._month, self._day, 0, 0, 0, self.weekday(), self._yearday(), -1))

    def toordinal(self):
        return _ordinal(self._year, self._month, self._day)

    def replace(self, year=None, month=None, day=None):
        return type(self)(self._year if year is None else year, self._month if month is None else month,
                          self._day if day is None else day)

    def weekday(self):
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        return self.toordinal() % 7 or 7

    def isocalendar(self):
        return IsoCalendarDate(*_iso_calendar(self._year, self._month, self._day))

    def _order(self, other):
        """What the two are compared by, or None where they cannot be."""
        if isinstance(other, date) and not isinstance(other, datetime):
            return (self._year, self._month, self._day), (other._year, other._month, other._day)
        return None

    def __eq__(self, other):
        pair = self._order(other)
        return NotImplemented if pair is None else pair[0] == pair[1]

    def __lt__(self, other):
        pair = self._order(other)
        return _no_order(self, other) if pair is None else pair[0] < pair[1]

    def __le__(self, other):
        pair = self._order(other)
        return _no_order(self, other) if pair is None else pair[0] <= pair[1]

    def __gt__(self, other):
        pair = self._order(other)
        return _no_order(self, other) if pair is None else pair[0] > pair[1]

    def __ge__(self, other):
        pair = self._order(other)
        return _no_order(self, other) if pair is None else pair[0] >= pair[1]

    def __hash__(self):
        return hash((self._year, self._month, self._day))

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        n = self.toordinal() + other._days
        if not 0 < n <= _MAXORDINAL:
            raise OverflowError("date value out of range")
        return type(self)(*_from_ordinal(n))

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + timedelta(-other._days)
        if isinstance(other, date):
            return timedelta(self.toordinal() - other.toordinal())
        return NotImplemented

    def __reduce__(self):
        return self.__class__, (self._year, self._month, self._day)


def _no_order(a, b):
    if isinstance(a, date) and isinstance(b, date):
        raise TypeError(f"can't compare {_name(a)} to {_name(b)}")
    return NotImplemented


date.min = date(1, 1, 1)
date.max = date(9999, 12, 31)
date.resolution = timedelta(days=1)


class tzinfo:
    """The base of time zones."""

    def tzname(self, dt):
        raise NotImplementedError("a tzinfo subclass must implement tzname()")

    def utcoffset(self, dt):
        raise NotImplementedError("a tzinfo subclass must implement utcoffset()")

    def dst(self, dt):
        raise NotImplementedError("a tzinfo subclass must implement dst()")

    def fromutc(self, dt):
        if not isinstance(dt, datetime):
            raise TypeError("fromutc: argument must be a datetime")
        if dt.tzinfo is not self:
            raise ValueError("fromutc: dt.tzinfo is not self")
        offset, saving = dt.utcoffset(), dt.dst()
        if offset is None:
            raise ValueError("fromutc: non-None utcoffset() result required")
        if saving is None:
            raise ValueError("fromutc: non-None dst() result required")
        if offset != saving:
            dt += offset - saving
            saving = dt.dst()
        return dt + saving


class timezone(tzinfo):
    """A fixed offset from UTC."""

    def __new__(cls, offset, name=None):
        if not isinstance(offset, timedelta):
            raise TypeError(f"timezone() argument 1 must be datetime.timedelta, not {type(offset).__name__}")
        if name is not None and not isinstance(name, str):
            raise TypeError(f"timezone() argument 2 must be str, not {type(name).__name__}")
        if not -timedelta(1) < offset < timedelta(1):
            raise ValueError("offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), "
                             f"not {offset!r}")
        if name is None and not offset and "utc" in cls.__dict__:
            return cls.utc
        self = object.__new__(cls)
        self._offset = offset
        self._name = name
        return self

    def utcoffset(self, dt):
        return self._offset

    def tzname(self, dt):
        if self._name is not None:
            return self._name
        return "UTC" + (offset_text(self._offset) if self._offset else "")

    def dst(self, dt):
        return None

    def fromutc(self, dt):
        if not isinstance(dt, datetime):
            raise TypeError("fromutc: argument must be a datetime")
        if dt.tzinfo is not self:
            raise ValueError("fromutc: dt.tzinfo is not self")
        return dt + self._offset

    def __eq__(self, other):
        return self._offset == other._offset if isinstance(other, timezone) else NotImplemented

    def __hash__(self):
        return hash(self._offset)

    def __repr__(self):
        if self is timezone.utc:
            return "datetime.timezone.utc"
        name = "" if self._name is None else f", {self._name!r}"
        return f"{_full_name(self)}({self._offset!r}{name})"

    def __str__(self):
        return self.tzname(None)

    def __reduce__(self):
        return self.__class__, (self._offset,) if self._name is None else (self._offset, self._name)


_full_name = _name
timezone.utc = UTC = timezone(timedelta(0))
timezone.min = timezone(timedelta(hours=-23, minutes=-59))
timezone.max = timezone(timedelta(hours=23, minutes=59))

from _datetime_clock import datetime, time  # they need the names above
