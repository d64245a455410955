"""Two pages of the same form: what one saved, the other, opened before, does not undo unsaid. Pure."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from werkzeug.datastructures import MultiDict

from kernel.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kernel.errors import DomainError

SHOWN: Final = "shown"
"""The hidden field that says of every field what stood in it when the page was made."""
_MOVED: Final = "field.moved"
_MARK_CHARS: Final = 12
_NOW_CHARS: Final = 60


def marks(form: Mapping[str, object]) -> str:
    """What the hidden field says of a form as it is shown: short marks of the values, by field."""
    return " ".join(f"{name}={_mark(value)}" for name, value in form.items())


def merged(typed: Mapping[str, str], now: Mapping[str, object], *, whole: Iterable[str] = ()) -> MultiDict[str, str]:
    """A form as it was typed, where a field that was left as it was `SHOWN` holds what stands there `now`.

    Refuses with `field.moved` a field that is changed here and was changed meanwhile. Fields whose names begin with one
    of `whole` are told together. A form that does not say what was shown holds as it was typed.
    """
    shown, form = _marks_in(typed.get(SHOWN, "")), MultiDict(typed)
    form.poplist(SHOWN)
    groups: dict[str, list[str]] = {}
    for name in [name for name in form if name in shown and name in now]:
        groups.setdefault(next((start for start in whole if name.startswith(start)), name), []).append(name)
    moved: dict[str, tuple[str, dict[str, str | int]]] = {}
    for names in groups.values():
        touched = [name for name in names if _mark(form[name]) != shown[name]]
        other = [name for name in names if _mark(now[name]) != shown[name]]
        if not touched:
            for name in other:
                form[name] = str(now[name])
        elif other and any(_mark(form[name]) != _mark(now[name]) for name in names):
            moved |= {name: (_MOVED, {"now": _told(now[name])}) for name in other}
    if moved:
        raise InvalidInputError(moved)
    return form


def again(typed: Mapping[str, str], now: Mapping[str, object], error: DomainError) -> dict[str, str]:
    """A refused form to be shown again: of a field that was told to have moved, what stands there now is shown."""
    refused = {name: said for name, (said, _params) in getattr(error, "fields", {}).items()}
    shown = _marks_in(typed.get(SHOWN, ""))
    seen = shown | {name: _mark(now[name]) for name, said in refused.items() if said == _MOVED}
    return {**typed, SHOWN: " ".join(f"{name}={mark}" for name, mark in seen.items())}


def _marks_in(said: str) -> dict[str, str]:
    return {name: mark for name, _equals, mark in (one.partition("=") for one in said.split()) if mark}


def _mark(value: object) -> str:
    """Of the words alone: a browser ends lines otherwise, and blanks at the ends are cut off."""
    return sha256(" ".join(str(value).split()).encode()).hexdigest()[:_MARK_CHARS]


def _told(value: object) -> str:
    text = " ".join(str(value).split())
    return text if 0 < len(text) <= _NOW_CHARS else f"{text[:_NOW_CHARS]}…"
