# Binds a call's arguments to named parameters, with the errors that a function defined in source would raise.


def listed(names):
    names = [repr(name) for name in names]
    if len(names) < 3:
        return " and ".join(names)
    return ", ".join(names[:-1]) + ", and " + names[-1]


def _missing(where, kind, names):
    plural = "" if len(names) == 1 else "s"
    return TypeError(f"{where}() missing {len(names)} required {kind} argument{plural}: {listed(names)}")


def bind(where, first, positional, keyword_only, defaults, args, kwargs):
    """The values of all parameters in order; `first` is the name of self, which `args` lacks."""
    values = dict(zip(positional, args))
    named = 0
    for key, value in kwargs.items():
        if key in values or key == first:
            raise TypeError(f"{where}() got multiple values for argument {key!r}")
        if key in keyword_only:
            named += 1
        elif key not in positional:
            raise TypeError(f"{where}() got an unexpected keyword argument {key!r}")
        values[key] = value
    if len(args) > len(positional):
        most = len(positional) + 1
        optional = sum(name in defaults for name in positional)
        if optional:
            takes = f"from {most - optional} to {most} positional arguments"
        else:
            takes = f"{most} positional argument{'' if most == 1 else 's'}"
        given = str(len(args) + 1)
        if named:
            given += f" positional arguments (and {named} keyword-only argument{'' if named == 1 else 's'})"
        raise TypeError(f"{where}() takes {takes} but {given} were given")
    for kind, names in (("positional", positional), ("keyword-only", keyword_only)):
        missing = [name for name in names if name not in values and name not in defaults]
        if missing:
            raise _missing(where, kind, missing)
    return [values[name] if name in values else defaults[name] for name in (*positional, *keyword_only)]
