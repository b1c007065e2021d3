"""Another record key in place of the one there is: everything sealed, digested or chained under the newest.

Sealed values are opened and sealed anew batch by batch, each batch for itself, so that a run that was killed
goes on where it stopped. Digests and the codes of the audit follow in one transaction, for they only mean
something together. The oldest key of the ring keys both until then, the newest afterwards: the old one has to
leave the ring before anybody uses the service again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

import kscmp_review.sealing as sealing
from kscmp_review.audit import chain, guard
from kscmp_review.audit.models import AuditEvent, ChainHead
from kscmp_review.audit.record import record
from kscmp_review.backup.progress import Progress
from kscmp_review.privacy import ledger

AT_A_TIME = 1000


class CannotRotate(RuntimeError):
    """What is there does not allow it; the message says why."""


def rotate(*, sealing_anew: Progress, digesting: Progress) -> dict[str, int]:
    """Bring all under the newest key; how many of what. Raises CannotRotate and sealing.Unreadable.

    To be called again where it was stopped; where all is done already nothing changes.
    """
    ring = settings.RECORD_KEYS
    if len(ring) < 2:
        raise CannotRotate("there is one key only: put the new one before it in KSCMP_RECORD_KEYS")
    oldest, newest = list(ring.values())[-1], next(iter(ring.values()))
    done = {"sealed": _seal_anew(sealing_anew)}
    path = Path(settings.ERASURE_LEDGER)
    with transaction.atomic(durable=True):
        if _is_chained_under(newest):
            done |= {"digests": 0, "events": 0}
        elif _is_chained_under(oldest):
            _record(ring)
            done["digests"] = _digest_anew(newest, digesting)
            done["events"] = _chain_anew(newest)
        else:
            raise CannotRotate("the chain of the audit does not hold: see verify_audit")
        _prove(newest)
    ledger.recode(path, newest)
    return done


def _seal_anew(progress: Progress) -> int:
    total = sum(_rows(field).count() for field in sealing.fields)
    seen = anew = 0
    for field in sealing.fields:
        for keys in _batches(_rows(field)):
            anew += _seal_batch(field, keys)
            seen += len(keys)
            progress.show(seen, total + 1)
    for others in sealing.others.values():
        anew += others()
    progress.show(1, 1)
    return anew


def _rows(field: sealing.SealedField) -> Any:
    """Rows that hold something sealed in the field."""
    manager: Any = apps.get_model(field.model)._base_manager
    return manager.exclude(**{field.field: b""}).exclude(**{field.field: None})


def _batches(rows: Any) -> Iterator[list[Any]]:
    last = None
    while True:
        waiting = rows.order_by("pk") if last is None else rows.order_by("pk").filter(pk__gt=last)
        keys = list(waiting.values_list("pk", flat=True)[:AT_A_TIME])
        if not keys:
            return
        yield keys
        last = keys[-1]


@transaction.atomic
def _seal_batch(field: sealing.SealedField, keys: list[Any]) -> int:
    model = apps.get_model(field.model)
    rows = model._base_manager.select_for_update().filter(pk__in=keys).only("pk", field.field)
    late = [row for row in rows if not sealing.is_current(getattr(row, field.field))]
    for row in late:
        setattr(row, field.field, sealing.seal(sealing.unseal(getattr(row, field.field))))
    model._base_manager.bulk_update(late, [field.field], batch_size=100)
    return len(late)


def _digest_anew(newest: bytes, progress: Progress) -> int:
    total = sum(_digested(each).count() for each in sealing.digests)
    seen = 0
    for each in sealing.digests:
        model = apps.get_model(each.model)
        for keys in _batches(_digested(each)):
            rows = list(model._base_manager.filter(pk__in=keys).only("pk", each.sealed, each.digest))
            for row in rows:
                content = sealing.unseal(getattr(row, each.sealed))
                setattr(row, each.digest, each.work_out(content, newest))
            model._base_manager.bulk_update(rows, [each.digest], batch_size=100)
            seen += len(rows)
            progress.show(seen, total + 1)
    progress.show(1, 1)
    return seen


def _digested(each: sealing.Digest) -> Any:
    return apps.get_model(each.model)._base_manager.all()


def _is_chained_under(key: bytes) -> bool:
    return isinstance(chain.verify(key=chain.chain_key(key)), chain.ChainState)


def _record(ring: dict[str, bytes]) -> None:
    names = list(ring)
    record(
        "keys.rotated",
        by=None,
        object_type="installation",
        object_id="",
        before={"key": names[-1]},
        after={"key": names[0]},
    )


def _chain_anew(newest: bytes) -> int:
    """Give every event its code under the newest key; what the codes cover is not touched."""
    key, mac, made = chain.chain_key(newest), chain.START, 0
    with _guard_lifted():
        events = AuditEvent.objects.order_by("pk").values_list(*chain.FIELDS)
        waiting = list[AuditEvent]()
        for values in events.iterator(chunk_size=AT_A_TIME):
            mac = chain.mac_of(values, mac, key)
            waiting.append(AuditEvent(id=values[0], mac=mac))
            made += 1
            if len(waiting) == AT_A_TIME:
                AuditEvent.objects.bulk_update(waiting, ["mac"], batch_size=250)
                waiting = []
        AuditEvent.objects.bulk_update(waiting, ["mac"], batch_size=250)
    ChainHead.objects.filter(pk=ChainHead.ONLY).update(mac=mac)
    return made


@contextmanager
def _guard_lifted() -> Iterator[None]:
    """In this transaction: where it is undone, the guard was never away."""
    with guard.lifted(connection):
        yield


def _prove(newest: bytes) -> None:
    """Every sealed value under the newest key and open, every digest that of its value, the chain whole."""
    for field in sealing.fields:
        for value in _rows(field).values_list(field.field, flat=True).iterator(chunk_size=AT_A_TIME):
            if not sealing.is_current(value):
                raise CannotRotate(
                    f"{field.model} was written to meanwhile: stop the service, run this again"
                )
            sealing.unseal(value)
    for each in sealing.digests:
        rows = _digested(each).values_list(each.sealed, each.digest)
        for sealed, digest in rows.iterator(chunk_size=AT_A_TIME):
            if each.work_out(sealing.unseal(sealed), newest) != digest:
                raise CannotRotate(f"a digest of {each.model} is not that of its value")
    if not _is_chained_under(newest):
        raise CannotRotate("the chain of the audit does not hold under the new key")
