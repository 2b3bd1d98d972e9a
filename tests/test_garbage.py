"""The collector is as it was before, whatever happens in between."""

from __future__ import annotations

import gc

import pytest

from kg.garbage import uncollected


def test_it_is_stopped_within_and_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError), uncollected():
        assert not gc.isenabled()
        raise ValueError
    assert gc.isenabled()


def test_where_it_was_stopped_it_stays_so() -> None:
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
