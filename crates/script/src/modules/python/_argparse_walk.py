# The walk of argparse along a command line: which strings belong to which argument.
import re
from _argparse_actions import ArgumentError, _argument_name
from _argparse_help import ONE_OR_MORE, OPTIONAL, PARSER, REMAINDER, SUPPRESS, ZERO_OR_MORE

# Strings are one letter each: O an option, A an argument, - the first "--".
_PATTERNS = {None: "(-*A-*)", OPTIONAL: "(-*A?-*)", ZERO_OR_MORE: "(-*[A-]*)", ONE_OR_MORE: "(-*A[A-]*)",
             REMAINDER: "([AO-]*)", PARSER: "(-*A[AO-]*)", SUPPRESS: "(-*)"}


def _pattern(action):
    pattern = _PATTERNS.get(action.nargs)
    if pattern is None:
        pattern = f"(-*{'-*'.join('A' * action.nargs)})"
    if action.option_strings:
        pattern = {"(-*[A-]*)": "(A*)", "(-*A[A-]*)": "(A+)", "([AO-]*)": "([AO]*)", "(-*A[AO-]*)": "(A[AO]*)"}.get(
            pattern, pattern.replace("-*", "").replace("-", ""))
    return pattern


def _match_one(action, letters):
    """How many of the strings the action takes."""
    found = re.match(_pattern(action), letters)
    if found is not None:
        return len(found.group(1))
    texts = {None: "expected one argument", OPTIONAL: "expected at most one argument",
             ONE_OR_MORE: "expected at least one argument"}
    nargs = action.nargs
    raise ArgumentError(action, texts.get(nargs) or f"expected {nargs} argument{'' if nargs == 1 else 's'}")


def _match_some(actions, letters):
    """How many strings each of as many actions as possible takes."""
    for count in range(len(actions), 0, -1):
        found = re.match("".join([_pattern(action) for action in actions[:count]]), letters)
        if found is not None:
            return [len(group) for group in found.groups()]
    return []


class Walk:
    """One call of parse_known_args."""

    def __init__(self, parser, strings, namespace):
        self.parser = parser
        self.strings = strings
        self.namespace = namespace
        self.extras = []
        self.seen = set()
        self.seen_non_default = set()
        self.positionals = [action for action in parser._actions if not action.option_strings]
        self.options = {}
        self.conflicts = {}
        for group in parser._mutually_exclusive_groups:
            for action in group._group_actions:
                others = [other for other in group._group_actions if other is not action]
                self.conflicts.setdefault(action, []).extend(others)
        letters = []
        rest = False
        for place, string in enumerate(strings):
            if rest:
                letters.append("A")
            elif string == "--":
                letters.append("-")
                rest = True
            else:
                option = parser._parse_optional(string)
                if option is not None:
                    self.options[place] = option
                letters.append("A" if option is None else "O")
        self.letters = "".join(letters)

    def run(self):
        start = 0
        last = max(self.options, default=-1)
        while start <= last:
            following = min([place for place in self.options if place >= start])
            if start != following:
                stop = self.consume_positionals(start)
                if stop > start:
                    start = stop
                    continue
            if start not in self.options:
                self.extras.extend(self.strings[start:following])
                start = following
            start = self.consume_optional(start)
        stop = self.consume_positionals(start)
        self.extras.extend(self.strings[stop:])
        self.check_required()
        return self.namespace, self.extras

    def take(self, action, strings, option=None):
        self.seen.add(action)
        values = self.parser._get_values(action, strings)
        if values is not action.default:
            self.seen_non_default.add(action)
            for other in self.conflicts.get(action, ()):
                if other in self.seen_non_default:
                    raise ArgumentError(action, f"not allowed with argument {_argument_name(other)}")
        if values is not SUPPRESS:
            action(self.parser, self.namespace, values, option)

    def consume_positionals(self, start):
        counts = _match_some(self.positionals, self.letters[start:])
        actions = self.positionals[:len(counts)]
        self.positionals = self.positionals[len(counts):]
        for action, count in zip(actions, counts):
            strings = self.strings[start:start + count]
            start += count
            self.take(action, strings)
        return start

    def consume_optional(self, start):
        action, option, value = self.options[start]
        known = self.parser._option_string_actions
        taken = []
        while True:
            if action is None:
                self.extras.append(self.strings[start])
                return start + 1
            if value is None:
                stop = start + 1
                stop += _match_one(action, self.letters[stop:])
                taken.append((action, self.strings[start + 1:stop], option))
                break
            count = _match_one(action, "A")
            if count == 0 and option[1] not in self.parser.prefix_chars and value != "":
                taken.append((action, [], option))
                option = option[0] + value[0]
                if option not in known:
                    raise ArgumentError(action, f"ignored explicit argument {value!r}")
                action = known[option]
                value = value[1:] or None
            elif count == 1:
                stop = start + 1
                taken.append((action, [value], option))
                break
            else:
                raise ArgumentError(action, f"ignored explicit argument {value!r}")
        for action, strings, option in taken:
            self.take(action, strings, option)
        return stop

    def check_required(self):
        missing = []
        parser, namespace = self.parser, self.namespace
        for action in parser._actions:
            if action in self.seen:
                continue
            if action.required:
                missing.append(_argument_name(action))
            elif isinstance(action.default, str) and action.default is not None and hasattr(namespace, action.dest) \
                    and action.default is getattr(namespace, action.dest):
                setattr(namespace, action.dest, parser._get_value(action, action.default))
        if missing:
            parser.error(f"the following arguments are required: {', '.join(missing)}")
        for group in parser._mutually_exclusive_groups:
            if group.required and not any(action in self.seen_non_default for action in group._group_actions):
                names = [_argument_name(action) for action in group._group_actions if action.help is not SUPPRESS]
                parser.error(f"one of the arguments {' '.join(names)} is required")
