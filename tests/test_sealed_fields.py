"""Every column of bytes holds something sealed and is named, so that no key rotation forgets one."""

import pytest
from django.apps import apps
from django.db import models

from kscmp_review import sealing
from kscmp_review.sealing import SealedField

# Columns of bytes that hold nothing sealed, and why.
NOT_SEALED: dict[SealedField, str] = {
    SealedField("themes.ReportFile", "content"): "a released report, which every member may download"
}


def columns_of_bytes() -> set[SealedField]:
    return {
        SealedField(model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.BinaryField)
    }


def named() -> set[SealedField]:
    return {each for each in sealing.fields if isinstance(column(each), models.BinaryField)}


def column(each: SealedField) -> object:
    return apps.get_model(each.model)._meta.get_field(each.field)


def test_every_column_of_bytes_is_named_as_sealed_or_said_not_to_be() -> None:
    assert columns_of_bytes() == named() | set(NOT_SEALED)


def test_each_is_named_once_and_is_there() -> None:
    assert len(sealing.fields) == len(set(sealing.fields))
    assert all(column(each) is not None for each in sealing.fields)


def test_a_column_that_is_not_named_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "fields", sealing.fields[1:])
    with pytest.raises(AssertionError):
        test_every_column_of_bytes_is_named_as_sealed_or_said_not_to_be()


def test_what_was_sealed_comes_back_and_shows_nothing() -> None:
    sealed = sealing.seal(b"words")
    assert sealing.unseal(sealed) == b"words"
    assert sealing.is_current(sealed)
    assert b"words" not in sealed
