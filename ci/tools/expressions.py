"""Evaluates what workflows write between `${{` and `}}`, as far as ours and the recipes need it."""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Functions = Mapping[str, Callable[..., Any]]

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.S)
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+)|(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z_][\w-]*)|(?P<sign>&&|\|\||==|!=|[!().,*\[\]]))"
)
WORDS = {"true": True, "false": False, "null": None}
PLAIN: Functions = {
    "contains": lambda where, what: what in where if isinstance(where, list) else same(what) in same(where),
    "startsWith": lambda text, start: same(text).startswith(same(start)),
    "fromJSON": json.loads,
    "toJSON": json.dumps,
}


class Unknown(Exception):
    """An expression that this evaluator does not understand."""


def same(value: Any) -> str:
    """A value as comparisons see it: text, without regard to case."""
    return shown(value).lower()


def shown(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, (bool, dict, list)) else str(value)


class _Reader:
    """One expression, read from left to right."""

    def __init__(self, text: str, contexts: Mapping[str, Any], functions: Functions) -> None:
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while text[place:].strip():
            match = TOKEN.match(text, place)
            if match is None:
                raise Unknown(text)
            self.tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
            place = match.end()
        self.text = text
        self.contexts = contexts
        self.functions = {**PLAIN, **functions}

    def next(self, *signs: str) -> str:
        """The next token, taken, if it is one of these signs; else empty."""
        if self.tokens and self.tokens[0][0] == "sign" and self.tokens[0][1] in signs:
            return self.tokens.pop(0)[1]
        return ""

    def whole(self) -> Any:
        value = self.either()
        if self.tokens:
            raise Unknown(self.text)
        return value

    def either(self) -> Any:
        value = self.both()
        while self.next("||"):
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.equal()
        while self.next("&&"):
            other = self.equal()
            value = value and other
        return value

    def equal(self) -> Any:
        value = self.single()
        while sign := self.next("==", "!="):
            value = (same(value) == same(self.single())) == (sign == "==")
        return value

    def single(self) -> Any:
        if self.next("!"):
            return not self.single()
        if self.next("("):
            value = self.either()
            self._expect(")")
            return value
        if not self.tokens:
            raise Unknown(self.text)
        kind, word = self.tokens.pop(0)
        if kind == "text":
            return word[1:-1].replace("''", "'")
        if kind == "number":
            return int(word)
        if kind == "sign":
            raise Unknown(self.text)
        return self._call(word) if self.next("(") else WORDS[word] if word in WORDS else self._look_up(word)

    def _call(self, name: str) -> Any:
        if name not in self.functions:
            raise Unknown(f"{name}() in {self.text}")
        given: list[Any] = []
        while not self.next(")"):
            given.append(self.either())
            self.next(",")
            if not self.tokens:
                raise Unknown(self.text)
        return self.functions[name](*given)

    def _look_up(self, name: str) -> Any:
        if name not in self.contexts:
            raise Unknown(f"{name} in {self.text}")
        value = self.contexts[name]
        while sign := self.next(".", "["):
            kind, key = self.tokens.pop(0) if self.tokens else ("", "")
            if sign == "[":
                key = key[1:-1] if kind == "text" else key
                self._expect("]")
            if key == "*":
                value = Each((value or {}).values())
            elif isinstance(value, Each):
                value = Each(item.get(key) for item in value)
            else:
                value = value.get(key) if isinstance(value, dict) else None
        return value

    def _expect(self, sign: str) -> None:
        if not self.next(sign):
            raise Unknown(self.text)


class Each(list):  # type: ignore[type-arg]
    """What `.*` gives: the next name is looked up in each."""


def evaluate(text: str, contexts: Mapping[str, Any], functions: Functions) -> Any:
    return _Reader(text, contexts, functions).whole()


def fill(text: str, contexts: Mapping[str, Any], functions: Functions) -> str:
    """Text with each expression replaced by its value, once: what a value holds is no expression any more."""
    return EXPRESSION.sub(lambda match: shown(evaluate(match[1], contexts, functions)), text)


def holds(condition: Any, contexts: Mapping[str, Any], functions: Functions) -> bool:
    """Whether an `if` lets its step or job run. One that does not ask for the state wants success."""
    text = str(condition) if condition is not None else "success()"
    text = EXPRESSION.sub(lambda match: match[1], text) if text.strip().startswith("${{") else text
    if not re.search(r"\b(?:always|success|failure|cancelled)\(", text):
        text = f"success() && ({text})"
    return bool(evaluate(text, contexts, functions))
