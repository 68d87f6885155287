# The module csv: reading and writing tables of separated values.

__all__ = ["QUOTE_MINIMAL", "QUOTE_ALL", "QUOTE_NONNUMERIC", "QUOTE_NONE", "Error", "Dialect", "excel", "excel_tab",
           "field_size_limit", "reader", "writer", "register_dialect", "get_dialect", "list_dialects", "Sniffer",
           "unregister_dialect", "DictReader", "DictWriter", "unix_dialect"]
__version__ = "1.0"
QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE = range(4)
_limit = 131072
_dialects = {}


class Error(Exception):
    pass


def field_size_limit(*new_limit):
    global _limit
    old = _limit
    if new_limit:
        new_limit, = new_limit
        if not isinstance(new_limit, int):
            raise TypeError("limit must be an integer")
        _limit = new_limit
    return old


class Dialect:
    """A way to write tables; subclasses set its attributes."""

    _name = ""
    _valid = False
    delimiter = None
    quotechar = None
    escapechar = None
    doublequote = None
    skipinitialspace = None
    lineterminator = None
    quoting = None

    def __init__(self):
        if self.__class__ != Dialect:
            self._valid = True
        try:
            _Rules(self)
        except TypeError as error:
            raise Error(str(error)) from None


class excel(Dialect):
    delimiter = ","
    quotechar = '"'
    doublequote = True
    skipinitialspace = False
    lineterminator = "\r\n"
    quoting = QUOTE_MINIMAL


class excel_tab(excel):
    delimiter = "\t"


class unix_dialect(Dialect):
    delimiter = ","
    quotechar = '"'
    doublequote = True
    skipinitialspace = False
    lineterminator = "\n"
    quoting = QUOTE_ALL


class _Rules:
    """A dialect, checked and complete."""

    _standard = {"delimiter": ",", "doublequote": True, "escapechar": None, "lineterminator": "\r\n", "quotechar": '"',
                 "quoting": QUOTE_MINIMAL, "skipinitialspace": False, "strict": False}

    def __init__(self, dialect=None, /, **options):
        if isinstance(dialect, str):
            dialect = get_dialect(dialect)
        for name in options:
            if name not in self._standard:
                raise TypeError(f"'{name}' is an invalid keyword argument for this function")
        for name, standard in self._standard.items():
            if name in options:
                value = options[name]
            else:
                value = standard if dialect is None else getattr(dialect, name, standard)
            setattr(self, name, value)
        self.doublequote = bool(self.doublequote)
        self.skipinitialspace = bool(self.skipinitialspace)
        self.strict = bool(self.strict)
        quoting_given = "quoting" in options or dialect is not None and hasattr(dialect, "quoting")
        if type(self.quoting) is not int:
            raise TypeError('"quoting" must be an integer')
        if not QUOTE_MINIMAL <= self.quoting <= QUOTE_NONE:
            raise TypeError('bad "quoting" value')
        self._check("delimiter", False)
        self._check("escapechar", True)
        self._check("quotechar", True)
        if self.quotechar is None and not quoting_given:
            self.quoting = QUOTE_NONE
        if self.quoting != QUOTE_NONE and self.quotechar is None:
            raise TypeError("quotechar must be set if quoting enabled")
        if self.lineterminator is None:
            raise TypeError("lineterminator must be set")
        if not isinstance(self.lineterminator, str):
            raise TypeError('"lineterminator" must be a string')

    def _check(self, name, optional):
        value = getattr(self, name)
        if value is None and optional or isinstance(value, str) and len(value) == 1:
            return
        if not isinstance(value, str):
            kind = "string or None" if optional else "string"
            raise TypeError(f'"{name}" must be {kind}, not {type(value).__name__}')
        raise TypeError(f'"{name}" must be a 1-character string')


def register_dialect(name, dialect=None, /, **options):
    if not isinstance(name, str):
        raise TypeError("dialect name must be a string")
    _dialects[name] = _Rules(dialect, **options)


def unregister_dialect(name):
    if name not in _dialects:
        raise Error("unknown dialect")
    del _dialects[name]


def get_dialect(name):
    if name not in _dialects:
        raise Error("unknown dialect")
    return _dialects[name]


def list_dialects():
    return list(_dialects)


register_dialect("excel", excel)
register_dialect("excel-tab", excel_tab)
register_dialect("unix", unix_dialect)
_START_RECORD, _START_FIELD, _ESCAPED, _IN_FIELD, _IN_QUOTED, _ESCAPED_IN_QUOTED, _QUOTE_IN_QUOTED, _EAT_NEWLINE, _AFTER_NEWLINE = \
    range(9)


class _Reader:
    def __init__(self, iterable, rules):
        self._lines = iter(iterable)
        self.dialect = rules
        self.line_num = 0
        self._plain = not rules.skipinitialspace and rules.quoting != QUOTE_NONNUMERIC

    def __iter__(self):
        return self

    def __next__(self):
        rules = self.dialect
        line = next(self._lines)
        self.line_num += 1
        if type(line) is not str:
            raise Error(f"iterator should return strings, not {type(line).__name__} (the file should be opened in text mode)")
        # Most lines have nothing special in them.
        if self._plain and (rules.quotechar is None or rules.quotechar not in line) \
                and (rules.escapechar is None or rules.escapechar not in line) and len(line) < _limit:
            bare = line[:-2] if line.endswith("\r\n") else line[:-1] if line[-1:] in ("\n", "\r") else line
            if "\n" not in bare and "\r" not in bare:
                return bare.split(rules.delimiter) if bare else []
        return self._parse(line)

    def _parse(self, line):
        rules = self.dialect
        delimiter, quote, escape = rules.delimiter, rules.quotechar, rules.escapechar
        quoting = rules.quoting
        fields, field = [], []
        state = _START_RECORD
        numeric = False

        def save():
            nonlocal numeric
            text = "".join(field)
            field.clear()
            if numeric:
                numeric = False
                fields.append(float(text))
            else:
                fields.append(text)

        while True:
            for char in (*line, None):  # None is the end of the line
                end = char is None
                if state == _START_RECORD:
                    if end:
                        break
                    if char in "\n\r":
                        state = _EAT_NEWLINE
                        continue
                    state = _START_FIELD
                if state == _START_FIELD:
                    if end or char in "\n\r":
                        save()
                        state = _START_RECORD if end else _EAT_NEWLINE
                    elif char == quote and quoting != QUOTE_NONE:
                        state = _IN_QUOTED
                    elif char == escape:
                        state = _ESCAPED
                    elif char == " " and rules.skipinitialspace:
                        pass
                    elif char == delimiter:
                        save()
                    else:
                        numeric = quoting == QUOTE_NONNUMERIC
                        field.append(char)
                        state = _IN_FIELD
                elif state == _ESCAPED:
                    if end:
                        char = "\n"
                    field.append(char)
                    state = _AFTER_NEWLINE if char in "\n\r" and not end else _IN_FIELD
                elif state == _IN_FIELD or state == _AFTER_NEWLINE:
                    if end and state == _AFTER_NEWLINE:
                        pass
                    elif end or char in "\n\r":
                        save()
                        state = _START_RECORD if end else _EAT_NEWLINE
                    elif char == escape:
                        state = _ESCAPED
                    elif char == delimiter:
                        save()
                        state = _START_FIELD
                    else:
                        field.append(char)
                        state = _IN_FIELD
                elif state == _IN_QUOTED:
                    if end:
                        pass
                    elif char == escape:
                        state = _ESCAPED_IN_QUOTED
                    elif char == quote and quoting != QUOTE_NONE:
                        state = _QUOTE_IN_QUOTED if rules.doublequote else _IN_FIELD
                    else:
                        field.append(char)
                elif state == _ESCAPED_IN_QUOTED:
                    field.append("\n" if end else char)
                    state = _IN_QUOTED
                elif state == _QUOTE_IN_QUOTED:
                    if end or char in "\n\r":
                        save()
                        state = _START_RECORD if end else _EAT_NEWLINE
                    elif quoting != QUOTE_NONE and char == quote:
                        field.append(char)
                        state = _IN_QUOTED
                    elif char == delimiter:
                        save()
                        state = _START_FIELD
                    elif not rules.strict:
                        field.append(char)
                        state = _IN_FIELD
                    else:
                        raise Error(f"'{delimiter}' expected after '{quote}'")
                elif end:
                    state = _START_RECORD
                elif char not in "\n\r":
                    raise Error("new-line character seen in unquoted field - do you need to open the file in "
                                "universal-newline mode?")
                if len(field) > _limit:
                    raise Error(f"field larger than field limit ({_limit})")
            if state == _START_RECORD:
                return fields
            try:
                line = next(self._lines)
            except StopIteration:
                if field or state == _IN_QUOTED:
                    if rules.strict:
                        raise Error("unexpected end of data") from None
                    save()
                    return fields
                raise
            self.line_num += 1


def reader(iterable, /, dialect=None, **options):
    return _Reader(iterable, _Rules(dialect, **options))


class _Writer:
    def __init__(self, file, rules):
        self._write = file.write
        self.dialect = rules
        special = rules.delimiter + "\r\n" + rules.lineterminator + (rules.quotechar or "") + (rules.escapechar or "")
        self._special = frozenset(special)

    def _field(self, value, only):
        rules = self.dialect
        quoting = rules.quoting
        quoted = quoting == QUOTE_ALL
        if value is None:
            text = ""
        elif isinstance(value, str):
            text = value
            quoted = quoted or quoting == QUOTE_NONNUMERIC
        else:
            text = repr(value) if type(value) is float else str(value)
            quoted = quoted or quoting == QUOTE_NONNUMERIC and not isinstance(value, (int, float, complex))
        if not self._special.isdisjoint(text):
            quote, escape = rules.quotechar, rules.escapechar
            made = []
            for char in text:
                if char in self._special:
                    wants_escape = False
                    if quoting == QUOTE_NONE:
                        wants_escape = True
                    elif char == quote:
                        if rules.doublequote:
                            made.append(quote)
                            quoted = True
                        else:
                            wants_escape = True
                    elif char == escape:
                        wants_escape = True
                    else:
                        quoted = True
                    if wants_escape:
                        if escape is None:
                            raise Error("need to escape, but no escapechar set")
                        made.append(escape)
                made.append(char)
            text = "".join(made)
        if only and not text and not quoted:
            if quoting == QUOTE_NONE:
                raise Error("single empty field record must be quoted")
            quoted = True
        return f"{rules.quotechar}{text}{rules.quotechar}" if quoted else text

    def writerow(self, row, /):
        try:
            row = list(row)
        except TypeError:
            raise Error(f"iterable expected, not {type(row).__name__}") from None
        only = len(row) == 1
        rules = self.dialect
        return self._write(rules.delimiter.join([self._field(value, only) for value in row]) + rules.lineterminator)

    def writerows(self, rows, /):
        for row in rows:
            self.writerow(row)


def writer(fileobj, /, dialect=None, **options):
    if not hasattr(fileobj, "write"):
        raise TypeError('argument 1 must have a "write" method')
    return _Writer(fileobj, _Rules(dialect, **options))


class DictReader:
    """Reads rows as dictionaries."""

    def __init__(self, f, fieldnames=None, restkey=None, restval=None, dialect="excel", *args, **kwds):
        if fieldnames is not None and iter(fieldnames) is fieldnames:
            fieldnames = list(fieldnames)
        self._fieldnames = fieldnames
        self.restkey = restkey
        self.restval = restval
        self.reader = reader(f, dialect, *args, **kwds)
        self.dialect = dialect
        self.line_num = 0

    def __iter__(self):
        return self

    @property
    def fieldnames(self):
        if self._fieldnames is None:
            try:
                self._fieldnames = next(self.reader)
            except StopIteration:
                pass
        self.line_num = self.reader.line_num
        return self._fieldnames

    @fieldnames.setter
    def fieldnames(self, value):
        self._fieldnames = value

    def __next__(self):
        names = self.fieldnames if self.line_num == 0 else self._fieldnames
        row = next(self.reader)
        self.line_num = self.reader.line_num
        while row == []:
            row = next(self.reader)
        made = dict(zip(names, row))
        if len(names) < len(row):
            made[self.restkey] = row[len(names):]
        else:
            for name in names[len(row):]:
                made[name] = self.restval
        return made


class DictWriter:
    """Writes dictionaries as rows."""

    def __init__(self, f, fieldnames, restval="", extrasaction="raise", dialect="excel", *args, **kwds):
        if fieldnames is not None and iter(fieldnames) is fieldnames:
            fieldnames = list(fieldnames)
        self.fieldnames = fieldnames
        self.restval = restval
        if extrasaction.lower() not in ("raise", "ignore"):
            raise ValueError(f"extrasaction ({extrasaction}) must be 'raise' or 'ignore'")
        self.extrasaction = extrasaction.lower()
        self.writer = writer(f, dialect, *args, **kwds)

    def writeheader(self):
        return self.writerow(dict(zip(self.fieldnames, self.fieldnames)))

    def _values(self, row):
        if self.extrasaction == "raise":
            wrong = [name for name in row if name not in self.fieldnames]
            if wrong:
                raise ValueError("dict contains fields not in fieldnames: " + ", ".join([repr(name) for name in wrong]))
        return [row.get(name, self.restval) for name in self.fieldnames]

    def writerow(self, row):
        return self.writer.writerow(self._values(row))

    def writerows(self, rows):
        return self.writer.writerows([self._values(row) for row in rows])


class Sniffer:
    """Guesses the delimiter of a sample and whether it has a header."""

    def __init__(self):
        self.preferred = [",", "\t", ";", " ", ":"]

    def sniff(self, sample, delimiters=None):
        lines = [line for line in sample.splitlines() if line.strip()]
        found, skip = None, False
        for char in delimiters or self.preferred + ["|"]:
            counts = {line.count(char) for line in lines}
            if len(counts) == 1 and counts != {0}:
                found = char
                break
        if found is None:
            raise Error("Could not determine delimiter")
        skip = all(line.count(found) == line.count(found + " ") for line in lines)

        class dialect(Dialect):
            _name = "sniffed"
            lineterminator = "\r\n"
            quoting = QUOTE_MINIMAL
            doublequote = True
            delimiter = found
            quotechar = "'" if sample.count("'") > sample.count('"') and found + "'" in sample else '"'
            skipinitialspace = skip

        return dialect

    def has_header(self, sample):
        rows = list(reader(sample.splitlines(), self.sniff(sample)))
        header, rows = rows[0], [row for row in rows[1:21] if len(row) == len(rows[0])]
        votes = 0
        for column, title in enumerate(header):
            values = [row[column] for row in rows]
            if all(_is_number(value) for value in values):
                votes += -1 if _is_number(title) else 1
            elif len({len(value) for value in values}) == 1:
                votes += 1 if len(title) != len(values[0]) else -1
        return votes > 0


def _is_number(text):
    try:
        complex(text)
        return True
    except ValueError:
        return False
