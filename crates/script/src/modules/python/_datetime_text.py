# Dates and times as text: strftime, strptime and ISO 8601.
import re

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")


def offset_text(offset, separator=":"):
    """A UTC offset as +HH:MM, with seconds where it has some; None: nothing."""
    if offset is None:
        return ""
    total = offset.days * 86400 + offset.seconds
    micro = offset.microseconds
    sign = "+"
    if total < 0:
        sign = "-"
        total = -total
        if micro:
            total, micro = total - 1, 1000000 - micro
    text = f"{sign}{total // 3600:02d}{separator}{total // 60 % 60:02d}"
    if total % 60 or micro:
        text += f"{separator}{total % 60:02d}"
    return f"{text}.{micro:06d}" if micro else text


def time_text(hour, minute, second, micro, timespec):
    texts = {
        "hours": f"{hour:02d}", "minutes": f"{hour:02d}:{minute:02d}", "seconds": f"{hour:02d}:{minute:02d}:{second:02d}",
        "milliseconds": f"{hour:02d}:{minute:02d}:{second:02d}.{micro // 1000:03d}",
        "microseconds": f"{hour:02d}:{minute:02d}:{second:02d}.{micro:06d}"}
    if timespec == "auto":
        timespec = "microseconds" if micro else "seconds"
    if timespec not in texts:
        raise ValueError("Unknown timespec value")
    return texts[timespec]


def format_time(parts, text):
    """strftime of (year, month, day, hour, minute, second, microsecond, weekday, day of the year, ISO year, week, offset, zone)."""
    year, month, day, hour, minute, second, micro, weekday, yearday, iso_year, iso_week, offset, zone = parts

    def one(code):
        if code == "d":
            return f"{day:02d}"
        if code == "m":
            return f"{month:02d}"
        if code == "Y":
            return str(year)
        if code == "H":
            return f"{hour:02d}"
        if code == "M":
            return f"{minute:02d}"
        if code == "S":
            return f"{second:02d}"
        if code == "y":
            return f"{year % 100:02d}"
        if code == "B":
            return MONTHS[month - 1]
        if code in "bh":
            return MONTHS[month - 1][:3]
        if code == "A":
            return DAYS[weekday]
        if code == "a":
            return DAYS[weekday][:3]
        if code == "j":
            return f"{yearday:03d}"
        if code == "I":
            return f"{(hour + 11) % 12 + 1:02d}"
        if code == "l":
            return f"{(hour + 11) % 12 + 1:2d}"
        if code == "k":
            return f"{hour:2d}"
        if code == "p":
            return "AM" if hour < 12 else "PM"
        if code == "P":
            return "am" if hour < 12 else "pm"
        if code == "f":
            return f"{micro:06d}"
        if code == "z":
            return offset_text(offset, "")
        if code == "Z":
            return zone or ""
        if code == "w":
            return str((weekday + 1) % 7)
        if code == "u":
            return str(weekday + 1)
        if code == "U":
            return f"{(yearday + 6 - (weekday + 1) % 7) // 7:02d}"
        if code == "W":
            return f"{(yearday + 6 - weekday) // 7:02d}"
        if code == "G":
            return str(iso_year)
        if code == "g":
            return f"{iso_year % 100:02d}"
        if code == "V":
            return f"{iso_week:02d}"
        if code == "e":
            return f"{day:2d}"
        if code == "C":
            return str(year // 100)
        if code == "c":
            return f"{DAYS[weekday][:3]} {MONTHS[month - 1][:3]} {day:2d} {hour:02d}:{minute:02d}:{second:02d} {year}"
        if code in "xD":
            return f"{month:02d}/{day:02d}/{year % 100:02d}"
        if code in "XT":
            return f"{hour:02d}:{minute:02d}:{second:02d}"
        if code == "R":
            return f"{hour:02d}:{minute:02d}"
        if code == "r":
            return f"{(hour + 11) % 12 + 1:02d}:{minute:02d}:{second:02d} {'AM' if hour < 12 else 'PM'}"
        if code == "F":
            return f"{year}-{month:02d}-{day:02d}"
        return {"n": "\n", "t": "\t", "%": "%"}.get(code, "%" + code)

    made, place = [], 0
    while place < len(text):
        if text[place] == "%" and place + 1 < len(text):
            made.append(one(text[place + 1]))
            place += 2
        else:
            made.append(text[place])
            place += 1
    return "".join(made)


_iso_date = re.compile(r"(\d{4})(?:-(\d\d)-(\d\d)|(\d\d)(\d\d)|(-?)W(\d\d)(?:(-?)(\d))?)\Z", re.ASCII)
_iso_time = re.compile(r"(\d\d)(?:(:?)(\d\d)(?:(:?)(\d\d)(?:[.,](\d+))?)?)?\Z", re.ASCII)


def parse_iso_date(text):
    """(year, month, day) or (year, week, weekday, "week"); None for what is no date."""
    found = _iso_date.match(text)
    if found is None:
        return None
    year, month, day, short_month, short_day, dash, week, second_dash, weekday = found.groups()
    if week is None:
        return int(year), int(month or short_month), int(day or short_day)
    if weekday is not None and dash != second_dash:
        return None
    return int(year), int(week), int(weekday or 1), "week"


def date_end(text):
    """Where the date of a date and time ends."""
    if len(text) < 7:
        return len(text)
    if text[4:5] == "-":
        if text[5:6] == "W":
            return 10 if text[8:9] == "-" and len(text) > 9 and text[9:10].isdigit() else 8
        return 10
    if text[4:5] == "W":
        place = 7
        while place < len(text) and text[place].isdigit():
            place += 1
        if place < 9:
            return place
        return 7 if place % 2 == 0 else 8
    return 8


def _parse_clock(text):
    """(hour, minute, second, microsecond), or None."""
    found = _iso_time.match(text)
    if found is None:
        return None
    hour, first, minute, second_colon, second, fraction = found.groups()
    if second is not None and first != second_colon:
        return None
    micro = int((fraction + "000000")[:6]) if fraction else 0
    return int(hour), int(minute or 0), int(second or 0), micro


def parse_iso_time(text):
    """(hour, minute, second, microsecond, seconds of UTC offset or None, its microseconds), or None."""
    place = 0
    while place < len(text) and text[place] not in "+-Zz":
        place += 1
    clock = _parse_clock(text[:place])
    if clock is None:
        return None
    zone = text[place:]
    if not zone:
        return (*clock, None, 0)
    if zone in ("Z", "z"):
        return (*clock, 0, 0) if zone == "Z" else None
    offset = _parse_clock(zone[1:])
    if offset is None:
        return None
    seconds, micro = offset[0] * 3600 + offset[1] * 60 + offset[2], offset[3]
    return (*clock, -seconds, -micro) if zone[0] == "-" else (*clock, seconds, micro)


def _words(words):
    return "|".join([word.lower() for word in words])


_DIRECTIVES = {
    "d": r"(?P<d>3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])", "f": r"(?P<f>[0-9]{1,6})", "H": r"(?P<H>2[0-3]|[0-1]\d|\d)",
    "I": r"(?P<I>1[0-2]|0[1-9]|[1-9])", "G": r"(?P<G>\d\d\d\d)",
    "j": r"(?P<j>36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9])", "m": r"(?P<m>1[0-2]|0[1-9]|[1-9])",
    "M": r"(?P<M>[0-5]\d|\d)", "S": r"(?P<S>6[0-1]|[0-5]\d|\d)", "U": r"(?P<U>5[0-3]|[0-4]\d|\d)",
    "W": r"(?P<W>5[0-3]|[0-4]\d|\d)", "w": r"(?P<w>[0-6])", "u": r"(?P<u>[1-7])", "V": r"(?P<V>5[0-3]|0[1-9]|[1-4]\d|\d)",
    "y": r"(?P<y>\d\d)", "Y": r"(?P<Y>\d\d\d\d)", "z": r"(?P<z>[+-]\d\d:?[0-5]\d(?::?[0-5]\d(?:\.\d{1,6})?)?|(?-i:Z))",
    "A": f"(?P<A>{_words(DAYS)})", "a": f"(?P<a>{_words([day[:3] for day in DAYS])})", "B": f"(?P<B>{_words(MONTHS)})",
    "b": f"(?P<b>{_words([month[:3] for month in MONTHS])})", "p": "(?P<p>am|pm)", "Z": "(?P<Z>utc|gmt)", "%": "%"}
_COMPOUND = {"c": "%a %b %d %H:%M:%S %Y", "x": "%m/%d/%y", "X": "%H:%M:%S", "T": "%H:%M:%S", "D": "%m/%d/%y", "F": "%Y-%m-%d",
             "R": "%H:%M"}
_patterns = {}


def _pattern(text):
    known = _patterns.get(text)
    if known is not None:
        return known
    made, place = [], 0
    full = re.sub("%([cxX])", lambda found: _COMPOUND[found.group(1)], text)
    while place < len(full):
        char = full[place]
        place += 1
        if char == "%":
            if place == len(full):
                raise ValueError(f"stray %% in format '{text}'")
            code = full[place]
            place += 1
            if code not in _DIRECTIVES:
                raise ValueError(f"'{code}' is a bad directive in format '{text}'")
            made.append(_DIRECTIVES[code])
        elif char.isspace():
            while place < len(full) and full[place].isspace():
                place += 1
            made.append(r"\s+")
        else:
            made.append(re.escape(char))
    known = _patterns[text] = re.compile("".join(made), re.IGNORECASE)
    return known


def parse_time(string, text):
    """What a text says by strptime's format; None for what it does not say."""
    for value, place in ((string, 0), (text, 1)):
        if not isinstance(value, str):
            raise TypeError(f"strptime() argument {place} must be str, not {type(value)}")
    found = _pattern(text).match(string)
    if found is None:
        raise ValueError(f"time data {string!r} does not match format {text!r}")
    if len(string) != found.end():
        raise ValueError(f"unconverted data remains: {string[found.end():]}")
    got = {key: value.lower() for key, value in found.groupdict().items() if value is not None}
    year = month = day = None
    if "y" in got:
        year = int(got["y"])
        year += 2000 if year <= 68 else 1900
    if "Y" in got:
        year = int(got["Y"])
    if "m" in got:
        month = int(got["m"])
    elif "B" in got:
        month = [name.lower() for name in MONTHS].index(got["B"]) + 1
    elif "b" in got:
        month = [name[:3].lower() for name in MONTHS].index(got["b"]) + 1
    if "d" in got:
        day = int(got["d"])
    hour = int(got.get("H", 0))
    if "I" in got:
        hour = int(got["I"]) % 12 + (12 if got.get("p") == "pm" else 0)
    micro = int((got["f"] + "00000")[:6]) if "f" in got else 0
    weekday = None
    if "A" in got:
        weekday = [name.lower() for name in DAYS].index(got["A"])
    elif "a" in got:
        weekday = [name[:3].lower() for name in DAYS].index(got["a"])
    elif "w" in got:
        weekday = (int(got["w"]) + 6) % 7
    elif "u" in got:
        weekday = int(got["u"]) - 1
    week = None
    for code in "UW":
        if code in got:
            week = (code, int(got[code]))
    iso_year, iso_week = int(got["G"]) if "G" in got else None, int(got["V"]) if "V" in got else None
    if iso_year is not None:
        if "j" in got:
            raise ValueError("Day of the year directive '%j' is not compatible with ISO year directive '%G'. Use '%Y' instead.")
        if iso_week is None or weekday is None:
            raise ValueError("ISO year directive '%G' must be used with the ISO week directive '%V' and a weekday directive "
                             "('%A', '%a', '%w', or '%u').")
    elif iso_week is not None:
        if year is None or weekday is None:
            raise ValueError("ISO week directive '%V' must be used with the ISO year directive '%G' and a weekday directive "
                             "('%A', '%a', '%w', or '%u').")
        raise ValueError("ISO week directive '%V' is incompatible with the year directive '%Y'. Use the ISO year '%G' instead.")
    offset = None
    zone = None
    if "z" in got:
        offset = _parse_offset(got["z"])
    if "Z" in got:
        zone = got["Z"].upper()
    return {"year": year, "month": month, "day": day, "hour": hour, "minute": int(got.get("M", 0)),
            "second": int(got.get("S", 0)), "micro": micro, "offset": offset, "zone": zone, "weekday": weekday, "week": week,
            "iso": None if iso_year is None else (iso_year, iso_week), "yearday": int(got["j"]) if "j" in got else None}


def _parse_offset(text):
    """(seconds, microseconds) of a UTC offset."""
    if text == "z":
        return 0, 0
    sign = -1 if text[0] == "-" else 1
    body = text[1:]
    if ":" in body:
        if body[2] != ":" or len(body) > 5 and body[5] != ":":
            raise ValueError(f"Inconsistent use of : in {text}")
        body = body.replace(":", "")
    seconds = int(body[:2]) * 3600 + int(body[2:4]) * 60 + int(body[4:6] or 0)
    return sign * seconds, sign * int((body[7:] + "000000")[:6])
