"""From an expression of another program to a condition here, with the same outcome for every set of answers.

There an unanswered question is an empty text: `q != 'a'` and `not(q = 'a')` are true for it, `q < 18` is not. Here a
term that reads an unanswered question fails, and a failing condition is not met. So negations are pushed down to the
comparisons, and one that an unanswered question passes over there gets `!answered(q) ||` before it here.
"""

from __future__ import annotations

import operator as op
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from consult.errors import N_
from consult.exchange.foreign import BEYOND, Compare, Const, Foreign, Function, Join, Not, NotRead, Ref, Sum
from consult.surveys.conditions.expression import Binary, Call, Choice, ListOf, Literal, Member, Name, Tree, Unary

NO_QUESTION = N_("The question “%(name)s” is not there, or was not carried over.")
NO_OPTION = N_("“%(name)s” has no answer “%(code)s”.")
WHOLE_LIST = N_("A question with several answers (“%(name)s”) can only be asked for single answers.")
NOT_A_NUMBER = N_("“%(part)s” is compared as a number, but is none.")
TWO_EMPTY = N_("Two questions are compared that may both be without an answer.")

OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "=": op.eq, "!=": op.ne, "<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge,
}  # fmt: skip
INVERSE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
FLIPPED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
CEL = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
COUNTS = {"count-selected", "string-length", "strlen", "count"}
SIZE = {"string-length", "strlen"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a name there stands for here.

    kind   code: one of `codes` (there -> here); codes: several of them; tick: whether `code` is chosen in a multiple
           question; number; text; other: known only by being answered
    sure   answered by everybody who comes later: required, and no condition hides it
    """

    tree: Name | Member
    kind: OneOf["code", "codes", "tick", "number", "text", "other"]
    codes: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    sure: bool = False


Lookup = Callable[[str], Asked | None]


def condition(tree: Foreign, lookup: Lookup) -> Tree:
    """Met here exactly when it is true there. Raises NotRead."""
    return _Translator(lookup).truth(tree, True, frozenset())


def value(tree: Foreign, lookup: Lookup) -> Tree:
    """A calculation: a number or a text. Raises NotRead."""
    return _Translator(lookup).value(tree)


def plain(constant: str | float | bool) -> str:
    """A constant as the text that it equals there."""
    if isinstance(constant, bool):
        return "true" if constant else "false"
    if isinstance(constant, float):
        return str(int(constant)) if constant.is_integer() else repr(constant)
    return constant


def numeric(written: str) -> float | None:
    try:
        found = float(written)
    except ValueError:
        return None
    return found if found == found and abs(found) != float("inf") else None


def code(text: str) -> Literal:
    return Literal(text, 0)


def answered(tree: Tree) -> Tree:
    return Call("answered", (tree,), 0)


def chain(operator: str, parts: Iterable[Tree]) -> Tree:
    found = list(parts)
    tree = found[0]
    for part in found[1:]:
        tree = Binary(operator, tree, part, 0)
    return tree


def flat(operator: str, tree: Tree) -> list[Tree]:
    if isinstance(tree, Binary) and tree.operator == operator:
        return [*flat(operator, tree.left), *flat(operator, tree.right)]
    return [tree]


class _Translator:
    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.total = False

    def asked(self, name: str) -> Asked:
        found = self.lookup(name)
        if found is None:
            raise NotRead(NO_QUESTION, name=name)
        return found

    def truth(self, tree: Foreign, yes: bool, known: frozenset[Tree]) -> Tree:
        """A condition met exactly when `tree` is `yes`; known: questions that are answered where it is asked."""
        match tree:
            case Const(value=bool(value)):
                return Literal(value is yes, 0)
            case Not(part=part):
                return self.truth(part, not yes, known)
            case Join(operator=operator, parts=parts):
                return self.join(parts, yes, (operator == "and") is yes, known)
            case Compare():
                return self.compare(tree, yes, known)
            case Function(name="if", arguments=(when, then, other)):
                both = [self.join((when, then), True, True, known), self.join((Not(when), other), True, True, known)]
                if not yes:
                    both = [
                        self.join((when, Not(then)), True, True, known),
                        self.join((Not(when), Not(other)), True, True, known),
                    ]
                return chain("||", both)
            case Function(name="selected", arguments=(first, second)):
                return self.selected(first, second, yes, known)
            case Function(name="is_empty", arguments=(Ref() as asked,)):
                return self.truth(Compare("=", asked, Const("")), yes, known)
            case Function(name="boolean", arguments=(part,)):
                return self.truth(part, yes, known)
            case Function(name="contains", arguments=(Ref(name=name), Const(value=str(part)))):
                return self.text_part(self.asked(name), "contains", part, yes, known)
            case Function(name="starts-with", arguments=(Ref(name=name), Const(value=str(part)))):
                return self.text_part(self.asked(name), "startsWith", part, yes, known)
        raise NotRead(BEYOND, part=told(tree))

    def join(self, parts: Iterable[Foreign], yes: bool, is_and: bool, known: frozenset[Tree]) -> Tree:
        found: list[Tree] = []
        for part in parts:
            tree = self.truth(part, yes, known)
            found += flat("&&" if is_and else "||", tree)
            if is_and and isinstance(tree, Call) and tree.function == "answered":
                known |= {tree.arguments[0]}
        if is_and:
            return chain("&&", _needed(found))
        return chain("||", _gathered(found))

    def guarded(self, tree: Tree, asked: Iterable[Asked], passes: bool, known: frozenset[Tree]) -> Tree:
        """With what an unanswered question makes of it there: passes says whether it is true then."""
        open_ = [one.tree for one in _unique(asked, known)]
        if not open_:
            return tree
        if passes:
            return chain("||", [*(Unary("!", answered(one), 0) for one in open_), tree])
        return chain("&&", [*(answered(one) for one in open_), tree]) if self.total else tree

    def compare(self, tree: Compare, yes: bool, known: frozenset[Tree]) -> Tree:
        left, right, operator = tree.left, tree.right, tree.operator
        if isinstance(left, Const) and not isinstance(right, Const):
            left, right, operator = right, left, FLIPPED[operator]
        if isinstance(left, Ref) and isinstance(right, Const):
            return self.against(self.asked(left.name), left.name, operator, right.value, yes, known)
        if isinstance(left, Function) and left.name in COUNTS and isinstance(right, Const):
            return self.counted(left, operator, right, yes, known)
        if isinstance(left, Const):
            raise NotRead(BEYOND, part=told(tree))
        first, second = self.number(left), self.number(right)
        asked = [*self.refs(left), *self.refs(right)]
        is_same = operator in ("=", "!=") and isinstance(left, Ref) and isinstance(right, Ref)
        if is_same and not all(one.sure or one.tree in known for one in asked):
            raise NotRead(TWO_EMPTY)
        used = operator if yes else INVERSE[operator]
        return self.guarded(Binary(CEL[used], first, second, 0), asked, (operator == "!=") is yes, known)

    def against(
        self, asked: Asked, name: str, operator: str, constant: str | float | bool, yes: bool, known: frozenset[Tree]
    ) -> Tree:
        """A question compared with a constant."""
        written = plain(constant)
        if written == "" and operator in ("=", "!="):
            return self.emptiness(asked, (operator == "=") is yes)
        passes = (operator == "!=") is yes
        used = operator if yes else INVERSE[operator]
        match asked.kind:
            case "code":
                return self.guarded(self.of_codes(asked, name, operator, written, yes), [asked], passes, known)
            case "tick" if operator in ("=", "!=") and written == "Y":
                chosen = Binary("in", code(asked.code), asked.tree, 0)
                return self.guarded(chosen if used == "=" else Unary("!", chosen, 0), [asked], passes, known)
            case "number":
                figure = numeric(written)
                if figure is None:
                    raise NotRead(NOT_A_NUMBER, part=written)
                tree = Binary(CEL[used], asked.tree, Literal(figure, 0), 0)
                return self.guarded(tree, [asked], passes, known)
            case "text" if operator in ("=", "!="):
                return self.guarded(Binary(CEL[used], asked.tree, code(written), 0), [asked], passes, known)
            case "codes":
                raise NotRead(WHOLE_LIST, name=name)
        raise NotRead(BEYOND, part=f"{name} {operator} {written}")

    def emptiness(self, asked: Asked, empty: bool) -> Tree:
        if asked.kind == "tick":
            chosen = Binary("in", code(asked.code), asked.tree, 0)
            if not empty:
                return chosen
            return self.guarded(Unary("!", chosen, 0), [asked], True, frozenset())
        tree = answered(asked.tree)
        return Unary("!", tree, 0) if empty else tree

    def of_codes(self, asked: Asked, name: str, operator: str, written: str, yes: bool) -> Tree:
        if operator in ("=", "!="):
            if written not in asked.codes:
                raise NotRead(NO_OPTION, name=name, code=written)
            used = operator if yes else INVERSE[operator]
            return Binary(CEL[used], asked.tree, code(asked.codes[written]), 0)
        figure = numeric(written)
        if figure is None:
            raise NotRead(NOT_A_NUMBER, part=written)
        met = []
        for there, here in asked.codes.items():
            value = numeric(there)
            if (value is not None and OPERATORS[operator](value, figure)) is yes:
                met.append(here)
        if not met:
            raise NotRead(NO_OPTION, name=name, code=f"{operator} {written}")
        return one_of(asked.tree, met)

    def counted(self, call: Function, operator: str, right: Const, yes: bool, known: frozenset[Tree]) -> Tree:
        figure = numeric(plain(right.value))
        if figure is None:
            raise NotRead(NOT_A_NUMBER, part=plain(right.value))
        counting = self.number(call)
        passes = OPERATORS[operator](0.0, figure) is yes
        if (operator, figure) in ((">", 0.0), (">=", 1.0), ("!=", 0.0)):
            return self.emptiness(self.refs(call)[0], not yes)
        if (operator, figure) in (("=", 0.0), ("<", 1.0), ("<=", 0.0)):
            return self.emptiness(self.refs(call)[0], yes)
        used = operator if yes else INVERSE[operator]
        return self.guarded(Binary(CEL[used], counting, Literal(figure, 0), 0), self.refs(call), passes, known)

    def selected(self, first: Foreign, second: Foreign, yes: bool, known: frozenset[Tree]) -> Tree:
        if isinstance(first, Ref) and isinstance(second, Const):
            asked, written = self.asked(first.name), plain(second.value)
            if asked.kind != "codes":
                return self.against(asked, first.name, "=", written, yes, known)
            if written not in asked.codes:
                raise NotRead(NO_OPTION, name=first.name, code=written)
            chosen = Binary("in", code(asked.codes[written]), asked.tree, 0)
            return self.guarded(chosen if yes else Unary("!", chosen, 0), [asked], not yes, known)
        if isinstance(first, Const) and isinstance(second, Ref):
            each = tuple(Compare("=", second, Const(word)) for word in plain(first.value).split())
            if each:
                return self.truth(Join("or", each), yes, known)
        raise NotRead(BEYOND, part="selected()")

    def text_part(self, asked: Asked, function: str, part: str, yes: bool, known: frozenset[Tree]) -> Tree:
        if asked.kind != "text" or not part:
            raise NotRead(BEYOND, part=f"{function}()")
        tree: Tree = Call(function, (asked.tree, code(part)), 0)
        return self.guarded(tree if yes else Unary("!", tree, 0), [asked], not yes, known)

    def value(self, tree: Foreign) -> Tree:
        match tree:
            case Const(value=str(written)):
                return code(written)
            case Ref(name=name):
                asked = self.asked(name)
                if asked.kind in ("codes", "tick", "other"):
                    raise NotRead(WHOLE_LIST, name=name)
                return asked.tree
            case Function(name="string", arguments=(Ref() as inner,)):
                return self.value(inner)
            case Function(name="if" | "coalesce"):
                return self.choice(tree, self.value)
        return self.number(tree)

    def choice(self, tree: Function, part: Callable[[Foreign], Tree]) -> Tree:
        if tree.name == "coalesce" and len(tree.arguments) == 2 and isinstance(tree.arguments[0], Ref):
            first = part(tree.arguments[0])
            return Choice(answered(first), first, part(tree.arguments[1]), 0)
        if tree.name == "if" and len(tree.arguments) == 3:
            before, self.total = self.total, True
            when = self.truth(tree.arguments[0], True, frozenset())
            self.total = before
            return Choice(when, part(tree.arguments[1]), part(tree.arguments[2]), 0)
        raise NotRead(BEYOND, part=f"{tree.name}()")

    def number(self, tree: Foreign) -> Tree:
        match tree:
            case Const(value=value):
                figure = numeric(plain(value))
                if figure is None:
                    raise NotRead(NOT_A_NUMBER, part=plain(value))
                return Literal(figure, 0)
            case Ref(name=name):
                asked = self.asked(name)
                if asked.kind != "number":
                    raise NotRead(NOT_A_NUMBER, part=name)
                return asked.tree
            case Sum(operator=operator, left=left, right=right):
                return Binary(operator, self.number(left), self.number(right), 0)
            case Function(name=name, arguments=(Ref(name=inner),)) if name in COUNTS:
                asked = self.asked(inner)
                if name in SIZE and asked.kind == "text":
                    return Call("size", (asked.tree,), 0)
                if name not in SIZE and asked.kind == "codes":
                    return Call("count", (asked.tree,), 0)
            case Function(name="number", arguments=(inner_tree,)):
                return self.number(inner_tree)
            case Function(name="if" | "coalesce"):
                return self.choice(tree, self.number)
        raise NotRead(BEYOND, part=told(tree))

    def refs(self, tree: Foreign) -> list[Asked]:
        match tree:
            case Ref(name=name):
                return [self.asked(name)]
            case Sum(left=left, right=right) | Compare(left=left, right=right):
                return [*self.refs(left), *self.refs(right)]
            case Function(name="coalesce"):
                return []
            case Function(arguments=parts) | Join(parts=parts):
                return [asked for part in parts for asked in self.refs(part)]
            case Not(part=part):
                return self.refs(part)
        return []


def _unique(asked: Iterable[Asked], known: frozenset[Tree]) -> list[Asked]:
    found: dict[Tree, Asked] = {}
    for one in asked:
        if not one.sure and one.tree not in known:
            found.setdefault(one.tree, one)
    return list(found.values())


def one_of(tree: Tree, codes: list[str]) -> Tree:
    if len(codes) == 1:
        return Binary("==", tree, code(codes[0]), 0)
    return Binary("in", tree, ListOf(tuple(code(one) for one in codes), 0), 0)


def _needed(parts: list[Tree]) -> list[Tree]:
    """Without `answered(q)` where another part fails for an unanswered q anyway."""
    reads = {read for part in parts for read in reads_of(part)}
    kept = [p for p in parts if not (isinstance(p, Call) and p.function == "answered" and p.arguments[0] in reads)]
    return list(dict.fromkeys(kept))


def reads_of(tree: Tree) -> list[Tree]:
    """Questions without whose answer a part fails for certain."""
    match tree:
        case Name() | Member():
            return [tree]
        case Binary(operator=operator, left=left, right=right) if operator not in ("&&", "||"):
            return [*reads_of(left), *reads_of(right)]
        case Unary(operand=operand) if not (isinstance(operand, Call) and operand.function == "answered"):
            return reads_of(operand)
        case Call(function=function, arguments=arguments) if function != "answered":
            return [read for argument in arguments for read in reads_of(argument)]
    return []


def _gathered(parts: list[Tree]) -> list[Tree]:
    """`q == 'a' || q == 'b'` as `q in ['a', 'b']`, and `q < 5 || q > 5` as `q != 5`."""
    match parts:
        case [Binary(operator="<", left=low, right=least), Binary(operator=">", left=high, right=most)]:
            if low == high and least == most and isinstance(least, Literal):
                return [Binary("!=", low, least, 0)]
    found: list[Tree] = []
    lists: dict[Tree, tuple[int, list[str]]] = {}
    for part in parts:
        match part:
            case Binary(operator="==", left=(Name() | Member()) as asked, right=Literal(value=str(first))):
                codes = [first]
            case Binary(operator="in", left=(Name() | Member()) as asked, right=ListOf(items=items)):
                codes = [str(item.value) for item in items if isinstance(item, Literal)]
            case _:
                found.append(part)
                continue
        if asked not in lists:
            lists[asked] = (len(found), [])
            found.append(part)
        lists[asked][1].extend(codes)
    for question, (place, gathered) in lists.items():
        found[place] = one_of(question, list(dict.fromkeys(gathered)))
    return list(dict.fromkeys(found))


def told(tree: Foreign) -> str:
    """The part's name, for a report."""
    match tree:
        case Function(name=name):
            return f"{name}()"
        case Ref(name=name):
            return name
        case Const(value=value):
            return plain(value)
        case Join(operator=operator) | Compare(operator=operator) | Sum(operator=operator):
            return operator
    return "not()"
