# The checks of enum.verify.
from enum import Flag, StrEnum


class EnumCheck(StrEnum):
    CONTINUOUS = "no skipped integer values"
    NAMED_FLAGS = "multi-flag aliases may not contain unnamed flags"
    UNIQUE = "one name per value"


CONTINUOUS, NAMED_FLAGS, UNIQUE = EnumCheck


class verify:
    def __init__(self, *checks):
        self.checks = checks

    def __call__(self, enumeration):
        is_flag = issubclass(enumeration, Flag)
        for check in self.checks:
            if check is UNIQUE:
                same = [f"{alias} -> {found.name}" for alias, found in enumeration.__members__.items() if alias != found.name]
                if same:
                    raise ValueError(f"aliases found in {enumeration!r}: {', '.join(same)}")
            elif check is CONTINUOUS:
                values = {found.value for found in enumeration}
                if len(values) < 2:
                    continue
                if is_flag:
                    low, high = min(values).bit_length() - 1, max(values).bit_length() - 1
                    missing = [1 << bit for bit in range(low + 1, high) if 1 << bit not in values]
                else:
                    missing = [value for value in range(min(values) + 1, max(values)) if value not in values]
                if missing:
                    raise ValueError(f"invalid {'flag' if is_flag else 'enum'} {enumeration.__name__!r}: missing values "
                                     f"{', '.join([str(value) for value in missing])}"[:256])
            elif check is NAMED_FLAGS and is_flag:
                singles = {found.value for found in enumeration}
                bad, missing = [], 0
                for name, alias in enumeration._member_map_.items():
                    if name not in enumeration._member_names_ and alias.value >= 0:
                        lost = sum(1 << bit for bit in range(alias.value.bit_length())
                                   if alias.value >> bit & 1 and 1 << bit not in singles)
                        if lost:
                            bad.append(name)
                            missing |= lost
                if bad:
                    kind = "alias %s is" % bad[0] if len(bad) == 1 else "aliases %s and %s are" % (", ".join(bad[:-1]), bad[-1])
                    value = "value 0x%x" % missing if missing & (missing - 1) == 0 else "combined values of 0x%x" % missing
                    raise ValueError(f"invalid Flag {enumeration.__name__!r}: {kind} missing {value} "
                                     "[use enum.show_flag_values(value) for details]")
        return enumeration
