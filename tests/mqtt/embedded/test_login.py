"""The login of the embedded broker, as amqtt calls it."""

import asyncio

import pytest
from amqtt.contexts import BaseContext
from amqtt.session import Session
from hypothesis import given
from hypothesis import strategies as st

from moodstream.mqtt.embedded.login import Login


def admitted(known, given_):
    context = BaseContext()
    context.config = Login.Config(username=known[0], password=known[1])
    session = Session()
    session.username, session.password = given_
    return asyncio.run(Login(context).authenticate(session=session))


@pytest.mark.parametrize("login", [("me", "pass"), ("mé", "päss"), ("a", "")])
def test_who_knows_it_is_admitted(login):
    assert admitted(login, login)


words = st.none() | st.text(max_size=5)


@given(st.tuples(st.text(max_size=5), st.text(max_size=5)), st.tuples(words, words))
def test_nobody_else_is(known, given_):
    if "\0" not in "".join(known) + "".join(filter(None, given_)):
        assert admitted(known, given_) == (known == tuple(map(str, given_)))


def test_the_password_is_not_shown():
    assert "secret" not in repr(Login.Config("me", "secret"))
