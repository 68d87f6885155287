# The classes of the module datetime that have a clock: time and datetime.
import math
import time as _time
import datetime as _dates
from datetime import (
    _EPOCH, _MAXORDINAL, _check_date, _check_offset, _check_time, _check_zone, _delta, _from_iso_calendar,
    _from_ordinal, _iso_calendar, _local, _name, _ordinal, _reader, _utc, date, timedelta, timezone, tzinfo)
from _datetime_text import (
    DAYS, MONTHS, date_end, format_time, offset_text, parse_iso_date, parse_iso_time, parse_time, time_text)


def _zone_of(seconds, micro):
    """The time zone of an offset; None: none."""
    if seconds is None:
        return None
    return timezone.utc if seconds == micro == 0 else timezone(timedelta(seconds=seconds, microseconds=micro))


class time:
    """A time of day."""

    def __new__(cls, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        self = object.__new__(cls)
        self._hour, self._minute, self._second, self._microsecond = _check_time(hour, minute, second, microsecond, fold)
        _check_zone(tzinfo)
        self._tzinfo = tzinfo
        self._fold = fold
        return self

    hour = _reader("_hour")
    minute = _reader("_minute")
    second = _reader("_second")
    microsecond = _reader("_microsecond")
    tzinfo = _reader("_tzinfo")
    fold = _reader("_fold")

    @classmethod
    def fromisoformat(cls, time_string):
        if not isinstance(time_string, str):
            raise TypeError("fromisoformat: argument must be str")
        parts = parse_iso_time(time_string[1:] if time_string[:1] == "T" else time_string)
        if parts is None:
            raise ValueError(f"Invalid isoformat string: {time_string!r}")
        return cls(*parts[:4], _zone_of(*parts[4:]))

    def utcoffset(self):
        return None if self._tzinfo is None else _check_offset("utcoffset", self._tzinfo.utcoffset(None))

    def tzname(self):
        return None if self._tzinfo is None else self._tzinfo.tzname(None)

    def dst(self):
        return None if self._tzinfo is None else _check_offset("dst", self._tzinfo.dst(None))

    def isoformat(self, timespec="auto"):
        text = time_text(self._hour, self._minute, self._second, self._microsecond, timespec)
        return text + offset_text(self.utcoffset())

    def __str__(self):
        return self.isoformat()

    def __repr__(self):
        parts = [str(self._hour), str(self._minute)]
        if self._second or self._microsecond:
            parts.append(str(self._second))
        if self._microsecond:
            parts.append(str(self._microsecond))
        if self._tzinfo is not None:
            parts.append(f"tzinfo={self._tzinfo!r}")
        if self._fold:
            parts.append("fold=1")
        return f"{_name(self)}({', '.join(parts)})"

    def strftime(self, format):
        return format_time((1900, 1, 1, self._hour, self._minute, self._second, self._microsecond, 0, 1, 1900, 1,
                            self.utcoffset(), self.tzname()), format)

    def __format__(self, spec):
        if not isinstance(spec, str):
            raise TypeError(f"must be str, not {type(spec).__name__}")
        return self.strftime(spec) if spec else str(self)

    def replace(self, hour=None, minute=None, second=None, microsecond=None, tzinfo=True, *, fold=None):
        return type(self)(self._hour if hour is None else hour, self._minute if minute is None else minute,
                          self._second if second is None else second,
                          self._microsecond if microsecond is None else microsecond,
                          self._tzinfo if tzinfo is True else tzinfo, fold=self._fold if fold is None else fold)

    def _micros(self):
        offset = self.utcoffset()
        total = ((self._hour * 60 + self._minute) * 60 + self._second) * 1000000 + self._microsecond
        return total if offset is None else total - offset._total()

    def _order(self, other, equality=False):
        if not isinstance(other, time):
            return None
        if (self.utcoffset() is None) != (other.utcoffset() is None):
            if equality:
                return 0, 1
            raise TypeError("can't compare offset-naive and offset-aware times")
        return self._micros(), other._micros()

    def __eq__(self, other):
        pair = self._order(other, True)
        return NotImplemented if pair is None else pair[0] == pair[1]

    def __lt__(self, other):
        pair = self._order(other)
        return NotImplemented if pair is None else pair[0] < pair[1]

    def __le__(self, other):
        pair = self._order(other)
        return NotImplemented if pair is None else pair[0] <= pair[1]

    def __gt__(self, other):
        pair = self._order(other)
        return NotImplemented if pair is None else pair[0] > pair[1]

    def __ge__(self, other):
        pair = self._order(other)
        return NotImplemented if pair is None else pair[0] >= pair[1]

    def __hash__(self):
        return hash(("time", self._micros()))

    def __reduce__(self):
        return self.__class__, (self._hour, self._minute, self._second, self._microsecond, self._tzinfo)


time.min = time(0, 0, 0)
time.max = time(23, 59, 59, 999999)
time.resolution = timedelta(microseconds=1)


class datetime(date):
    """A day and a time."""

    def __new__(cls, year, month=None, day=None, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        if month is None or day is None:
            missing = "month" if month is None else "day"
            raise TypeError(f"function missing required argument '{missing}' (pos {2 if month is None else 3})")
        self = object.__new__(cls)
        self._year, self._month, self._day = _check_date(year, month, day)
        self._hour, self._minute, self._second, self._microsecond = _check_time(hour, minute, second, microsecond, fold)
        _check_zone(tzinfo)
        self._tzinfo = tzinfo
        self._fold = fold
        return self

    hour = _reader("_hour")
    minute = _reader("_minute")
    second = _reader("_second")
    microsecond = _reader("_microsecond")
    tzinfo = _reader("_tzinfo")
    fold = _reader("_fold")

    @classmethod
    def _at(cls, t, tz, utc):
        fraction, whole = math.modf(t)
        micro = round(fraction * 1e6)
        whole = int(whole)
        if micro >= 1000000:
            whole, micro = whole + 1, micro - 1000000
        elif micro < 0:
            whole, micro = whole - 1, micro + 1000000
        if micro == 1000000:
            whole, micro = whole + 1, 0
        made = cls(*(_utc if utc else _local)(whole), micro, tz)
        return made if tz is None else tz.fromutc(made)

    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        _check_zone(tz)
        return cls._at(timestamp, tz, tz is not None)

    @classmethod
    def utcfromtimestamp(cls, t):
        return cls._at(t, None, True)

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(_time.time(), tz)

    @classmethod
    def utcnow(cls):
        return cls.utcfromtimestamp(_time.time())

    @classmethod
    def combine(cls, date, time, tzinfo=True):
        if not isinstance(date, _dates.date):
            raise TypeError(f"combine() argument 1 must be datetime.date, not {type(date).__name__}")
        if not isinstance(time, _dates.time):
            raise TypeError(f"combine() argument 2 must be datetime.time, not {type(time).__name__}")
        return cls(date._year, date._month, date._day, time._hour, time._minute, time._second, time._microsecond,
                   time._tzinfo if tzinfo is True else tzinfo, fold=time._fold)

    @classmethod
    def fromordinal(cls, n):
        if not 1 <= n <= _MAXORDINAL:
            raise ValueError("ordinal must be >= 1" if n < 1 else f"year {_from_ordinal(n)[0]} is out of range")
        return cls(*_from_ordinal(n))

    @classmethod
    def fromisoformat(cls, date_string):
        if not isinstance(date_string, str):
            raise TypeError("fromisoformat: argument must be str")
        problem = ValueError(f"Invalid isoformat string: {date_string!r}")
        end = date_end(date_string)
        day = parse_iso_date(date_string[:end])
        if day is None or len(date_string) == end + 1:
            raise problem
        clock = parse_iso_time(date_string[end + 1:]) if len(date_string) > end else (0, 0, 0, 0, None, 0)
        if clock is None:
            raise problem
        day = day if len(day) == 3 else _from_iso_calendar(*day[:3])
        return cls(*day, *clock[:4], _zone_of(*clock[4:]))

    @classmethod
    def strptime(cls, date_string, format):
        got = parse_time(date_string, format)
        year, month, day = got["year"], got["month"], got["day"]
        leap_default = year is None and month == 2 and day == 29
        if got["iso"] is not None:
            try:
                year, month, day = _from_iso_calendar(*got["iso"], got["weekday"] + 1)
            except ValueError:
                raise
        elif got["yearday"] is not None and (month is None or day is None):
            year, month, day = _from_ordinal(_ordinal(year or 1900, 1, 1) + got["yearday"] - 1)
        elif got["week"] is not None and got["weekday"] is not None and year is not None and got["yearday"] is None \
                and (month is None or day is None):
            code, week = got["week"]
            first = (_ordinal(year, 1, 1) + 6) % 7
            weekday = got["weekday"]
            if code == "U":
                first, weekday = (first + 1) % 7, (weekday + 1) % 7
            start = (7 - first) % 7
            offset = weekday - first if week == 0 else start + 7 * (week - 1) + weekday
            year, month, day = _from_ordinal(_ordinal(year, 1, 1) + offset)
        year = 1904 if leap_default else 1900 if year is None else year
        if leap_default:
            raise ValueError("day is out of range for month")
        zone = None
        if got["offset"] is not None:
            seconds, micro = got["offset"]
            offset = timedelta(seconds=seconds, microseconds=micro)
            zone = timezone(offset, got["zone"]) if got["zone"] else timezone(offset)
        second = got["second"]
        return cls(year, month or 1, day or 1, got["hour"], got["minute"], second, got["micro"], zone)

    def timetuple(self):
        saving = self.dst()
        saving = -1 if saving is None else 1 if saving else 0
        return _time.struct_time((self._year, self._month, self._day, self._hour, self._minute, self._second, self.weekday(),
                                  self._yearday(), saving))

    def utctimetuple(self):
        offset = self.utcoffset()
        moved = self - offset if offset else self
        return _time.struct_time((moved._year, moved._month, moved._day, moved._hour, moved._minute, moved._second,
                                  moved.weekday(), moved._yearday(), 0))

    def _seconds(self):
        """Seconds after 1970 as if this were UTC."""
        days = _ordinal(self._year, self._month, self._day) - _EPOCH
        return days * 86400 + self._hour * 3600 + self._minute * 60 + self._second

    def timestamp(self):
        if self._tzinfo is not None:
            return (self - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds()
        wanted = self._seconds()
        # The offsets of the day before and the day after: one of them holds, both where clocks are set back.
        guesses = [wanted - (_ordinal_seconds(_local(near)) - near) for near in (wanted - 86400, wanted + 86400)]
        right = [t for t in guesses if _ordinal_seconds(_local(t)) == wanted]
        if right:
            t = max(right) if self._fold else min(right)
        else:
            t = min(guesses) if self._fold else max(guesses)
        return t + self._microsecond / 1e6

    def date(self):
        return _dates.date(self._year, self._month, self._day)

    def time(self):
        return _dates.time(self._hour, self._minute, self._second, self._microsecond, fold=self._fold)

    def timetz(self):
        return _dates.time(self._hour, self._minute, self._second, self._microsecond, self._tzinfo, fold=self._fold)

    def replace(self, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None, tzinfo=True, *,
                fold=None):
        return type(self)(self._year if year is None else year, self._month if month is None else month,
                          self._day if day is None else day, self._hour if hour is None else hour,
                          self._minute if minute is None else minute, self._second if second is None else second,
                          self._microsecond if microsecond is None else microsecond,
                          self._tzinfo if tzinfo is True else tzinfo, fold=self._fold if fold is None else fold)

    def astimezone(self, tz=None):
        if tz is None:
            tz = self._local_zone()
        elif not isinstance(tz, _dates.tzinfo):
            raise TypeError("tz argument must be an instance of tzinfo")
        own = self._tzinfo
        if own is None:
            own = self._local_zone()
            offset = own.utcoffset(self)
        elif tz is own:
            return self
        else:
            offset = own.utcoffset(self)
            if offset is None:
                own = self.replace(tzinfo=None)._local_zone()
                offset = own.utcoffset(self)
        return tz.fromutc((self - offset).replace(tzinfo=tz))

    def _local_zone(self):
        t = math.floor(self.timestamp())
        found = _time.localtime(t)
        name = getattr(found, "tm_zone", None)
        offset = timedelta(seconds=_ordinal_seconds(found[:6]) - t)
        return timezone(offset, name) if name else timezone(offset)

    def utcoffset(self):
        return None if self._tzinfo is None else _check_offset("utcoffset", self._tzinfo.utcoffset(self))

    def tzname(self):
        return None if self._tzinfo is None else self._tzinfo.tzname(self)

    def dst(self):
        return None if self._tzinfo is None else _check_offset("dst", self._tzinfo.dst(self))

    def ctime(self):
        return (f"{DAYS[self.weekday()][:3]} {MONTHS[self._month - 1][:3]} {self._day:2d} "
                f"{self._hour:02d}:{self._minute:02d}:{self._second:02d} {self._year:04d}")

    def isoformat(self, sep="T", timespec="auto"):
        day = f"{self._year:04d}-{self._month:02d}-{self._day:02d}"
        clock = time_text(self._hour, self._minute, self._second, self._microsecond, timespec)
        return f"{day}{sep}{clock}{offset_text(self.utcoffset())}"

    def __str__(self):
        return self.isoformat(" ")

    def __repr__(self):
        parts = [self._year, self._month, self._day, self._hour, self._minute]
        if self._second or self._microsecond:
            parts.append(self._second)
        if self._microsecond:
            parts.append(self._microsecond)
        parts = [str(part) for part in parts]
        if self._tzinfo is not None:
            parts.append(f"tzinfo={self._tzinfo!r}")
        if self._fold:
            parts.append("fold=1")
        return f"{_name(self)}({', '.join(parts)})"

    def _parts(self):
        iso = _iso_calendar(self._year, self._month, self._day)
        return (self._year, self._month, self._day, self._hour, self._minute, self._second, self._microsecond, self.weekday(),
                self._yearday(), iso[0], iso[1], self.utcoffset(), self.tzname())

    def _micros(self):
        return self._seconds() * 1000000 + self._microsecond

    def _order(self, other, equality=False):
        if not isinstance(other, datetime):
            return None
        if self._tzinfo is other._tzinfo:
            return self._micros(), other._micros()
        own, others = self.utcoffset(), other.utcoffset()
        if own is None and others is None:
            return self._micros(), other._micros()
        if own is None or others is None:
            if equality:
                return 0, 1
            raise TypeError("can't compare offset-naive and offset-aware datetimes")
        return self._micros() - own._total(), other._micros() - others._total()

    def __eq__(self, other):
        pair = self._order(other, True)
        if pair is None:
            return NotImplemented if not isinstance(other, date) else False
        return pair[0] == pair[1]

    def __hash__(self):
        offset = self.utcoffset()
        return hash(("datetime", self._micros() - (0 if offset is None else offset._total())))

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        seconds, micro = divmod(self._micros() + other._total(), 1000000)
        if not 0 < seconds // 86400 + _EPOCH <= _MAXORDINAL:
            raise OverflowError("date value out of range")
        return type(self)(*_utc(seconds), micro, self._tzinfo)

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + -other
        if not isinstance(other, datetime):
            return NotImplemented
        difference = self._micros() - other._micros()
        if self._tzinfo is not other._tzinfo:
            own, others = self.utcoffset(), other.utcoffset()
            if own is not None or others is not None:
                if own is None or others is None:
                    raise TypeError("can't subtract offset-naive and offset-aware datetimes")
                difference += others._total() - own._total()
        return _delta(timedelta, difference)

    def __reduce__(self):
        parts = (self._year, self._month, self._day, self._hour, self._minute, self._second, self._microsecond)
        return self.__class__, parts if self._tzinfo is None else (*parts, self._tzinfo)


def _ordinal_seconds(parts):
    year, month, day, hour, minute, second = parts
    return (_ordinal(year, month, day) - _EPOCH) * 86400 + hour * 3600 + minute * 60 + second


datetime.min = datetime(1, 1, 1)
datetime.max = datetime(9999, 12, 31, 23, 59, 59, 999999)
datetime.resolution = timedelta(microseconds=1)
for _class in (time, datetime):
    _class.__module__ = "datetime"
