"""Another record key: everything comes under it, and the old one may go."""

from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from pytest_django import Settings

from cases import liberi
from cases.errors import Refused
from cases.models import Case, Review
from kscmp_review import sealing
from kscmp_review.accounts.adapter import SealedSecondFactor
from kscmp_review.audit.chain import ChainState, verify
from kscmp_review.audit.models import AuditEvent
from kscmp_review.backup import rotating
from kscmp_review.privacy import ledger
from tests import build
from tests.audit.chains import tampering
from tests.backup.installations import back_up, killed, restore

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = {"old": b"o" * 32}, {"new": b"n" * 32}
ID = "700123456"


@pytest.fixture
def review(settings: Settings, tmp_path: Path, transactional_db: None) -> Review:
    """Written under the old key, to which the new one has been added since."""
    settings.RECORD_KEYS = OLD
    settings.ERASURE_LEDGER = str(tmp_path / "erasures")
    bola = build.user("bola", opens_reviews=True)
    review = build.review(by=bola)
    for number in (ID, "0071", "0072"):
        build.case(review, "North", number, "pa?p", by=bola)
    secret = SealedSecondFactor().encrypt("SECRET")
    Authenticator.objects.create(user=bola, type=Authenticator.Type.TOTP, data={"secret": secret})
    ledger.add(tmp_path / "erasures", "1" * 64, review.created_at)
    settings.RECORD_KEYS = NEW | OLD
    return review


def rotate() -> None:
    call_command("rotate_keys", service_is_stopped=True)


def all_is_well_under_the_new_key_alone(settings: Settings) -> bool:
    settings.RECORD_KEYS = NEW
    ids = {case.liberi_id: case.liberi_id_digest for case in Case.objects.all()}
    secret = SealedSecondFactor().decrypt(Authenticator.objects.get().data["secret"])
    return (
        set(ids) == {ID, "0071", "0072"}
        and all(liberi.digest(number) == digest for number, digest in ids.items())
        and secret == "SECRET"
        and isinstance(verify(), ChainState)
        and set(ledger.read(Path(settings.ERASURE_LEDGER))) == {"1" * 64}
    )


def test_everything_opens_under_the_new_key_alone(review: Review, settings: Settings) -> None:
    rotate()
    assert all_is_well_under_the_new_key_alone(settings)
    assert AuditEvent.objects.filter(action="keys.rotated").count() == 1


def test_an_id_is_still_unique_afterwards(review: Review, settings: Settings) -> None:
    rotate()
    settings.RECORD_KEYS = NEW
    bola = review.created_by
    with pytest.raises(Refused):
        build.case(review, "South", ID, "pppp", by=bola)


def test_twice_does_no_harm(review: Review, settings: Settings) -> None:
    rotate()
    rotate()
    assert AuditEvent.objects.filter(action="keys.rotated").count() == 1
    assert all_is_well_under_the_new_key_alone(settings)


def test_the_database_refuses_to_change_the_audit_afterwards(review: Review) -> None:
    rotate()
    with pytest.raises(Exception, match="never changed or removed"):
        AuditEvent.objects.filter(pk=1).delete()


def test_a_backup_from_before_is_restored_with_both_keys_and_rotated_again(
    review: Review, settings: Settings, tmp_path: Path
) -> None:
    settings.RECORD_KEYS = OLD
    back_up(tmp_path / "file")
    settings.RECORD_KEYS = NEW | OLD
    rotate()
    settings.RECORD_KEYS = NEW | OLD
    # The ledger is under the new key by then, and the chain that comes back under the old one.
    restore(tmp_path / "file")
    rotate()
    assert all_is_well_under_the_new_key_alone(settings)


@pytest.mark.parametrize("kept", [OLD, NEW])
def test_one_key_alone_is_no_rotation(kept: dict[str, bytes], review: Review, settings: Settings) -> None:
    settings.RECORD_KEYS = kept
    with pytest.raises(CommandError, match="one key only"):
        rotate()


def test_the_service_has_to_be_stopped(review: Review) -> None:
    with pytest.raises(CommandError, match="stop the service"):
        call_command("rotate_keys")
    assert all(bytes(case.liberi_id_sealed).startswith(b"old:") for case in Case.objects.all())


def test_a_broken_chain_is_not_made_whole_by_it(review: Review) -> None:
    with tampering() as events:
        events.filter(pk=2).update(object_id="other")
    with pytest.raises(CommandError, match="does not hold"):
        rotate()


@pytest.mark.parametrize("sabotage", ["sealed left", "digests left", "codes left", "others left"])
def test_what_is_left_under_the_old_key_is_noticed(
    sabotage: str, review: Review, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the proof at the end, or where nothing else could tell, by this test."""
    if sabotage == "sealed left":
        monkeypatch.setattr(rotating, "_seal_batch", lambda field, keys: 0)
    elif sabotage == "digests left":
        monkeypatch.setattr(rotating, "_digest_anew", lambda newest, progress: 0)
    elif sabotage == "codes left":
        monkeypatch.setattr(rotating, "_chain_anew", lambda newest: 0)
    else:
        monkeypatch.setattr(sealing, "others", {})
        rotate()
        with pytest.raises(sealing.Unreadable):
            all_is_well_under_the_new_key_alone(settings)
        return
    with pytest.raises(CommandError):
        rotate()


KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.RECORD_KEYS = {"new": b"n" * 32, "old": b"o" * 32}
settings.ERASURE_LEDGER = sys.argv[1]
from django.core.management import call_command
from kscmp_review.backup import rotating
plain, calls = getattr(rotating, sys.argv[2]), []
def die(*arguments, **named):
    calls.append(1)
    if len(calls) == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(*arguments, **named)
assert hasattr(rotating, sys.argv[2])
setattr(rotating, sys.argv[2], die)
rotating.AT_A_TIME = 1
call_command("rotate_keys", service_is_stopped=True)
"""


@pytest.mark.parametrize(
    ("place", "call"),
    [
        ("_seal_batch", 2),
        pytest.param("_digest_anew", 1, marks=pytest.mark.long),
        pytest.param("_chain_anew", 1, marks=pytest.mark.long),
        ("_prove", 1),
    ],
)
def test_killed_half_way_the_next_run_finishes_it(
    place: str, call: int, review: Review, settings: Settings
) -> None:
    killed(KILLED, settings.ERASURE_LEDGER, place, str(call))
    assert isinstance(verify(), ChainState), "still whole under the old key"
    rotate()
    assert all_is_well_under_the_new_key_alone(settings)
