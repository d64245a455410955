"""A settled statement says the same with its constants written into it, and is not planned anew at every run."""

import pytest
from flask import Flask
from sqlalchemy import bindparam, literal, select, text

from kernel.db import WRITING, session, settled, transaction
from onboarding.accounts.models import Organisation


@pytest.mark.parametrize("words", ["on", "a'b", "a:b", ":name", "100%", "%(x)s", "a\\b", "", "中文；--"])
def test_any_constant_stays_what_it_is(app: Flask, words: str) -> None:
    asked = settled(select(literal(words)))
    assert session().connection().execute(asked).scalar_one() == words
    assert asked.compile().params == {}


def test_what_was_left_open_stays_open(app: Flask) -> None:
    kinds = Organisation.kind.in_(("factory", "merchant"))
    asked = settled(select(Organisation.id).where(Organisation.name == bindparam("name"), kinds, Organisation.id > 0))
    assert set(asked.compile().params) == {"name"}
    assert session().connection().execute(asked, {"name": "谁"}).all() == []


def test_a_list_that_comes_later_is_left_open(app: Flask) -> None:
    asked = settled(select(Organisation.id).where(Organisation.kind.in_(bindparam("kinds", expanding=True))))
    assert session().connection().execute(asked, {"kinds": ["factory", "none"]}).all() == []


@pytest.mark.only_on("sqlite")
def test_a_connection_that_goes_on_reading_is_told_so_once_on_sqlite(app: Flask) -> None:
    def tells() -> bool:
        session().rollback()
        return bool(session().connection().connection.info[WRITING])

    def refuses() -> bool:
        return bool(session().connection().execute(text("PRAGMA query_only")).scalar_one())

    assert (tells(), refuses()) == (False, True)
    with transaction():
        assert refuses() is False
    assert (tells(), refuses()) == (False, True)
