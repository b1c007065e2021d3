"""A second factor: by whom it is demanded, that nothing opens without, that no code is taken twice."""

import base64
import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from cases.actions import members
from cases.liberi import UnreadableLiberiId, unseal
from cases.models import Review, Role
from kscmp_review.accounts import code_forms, second_factor
from kscmp_review.accounts.adapter import SealedSecondFactor
from kscmp_review.accounts.middleware import DemandSecondFactor
from kscmp_review.accounts.models import Session, User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.accounts.codes import NOW, PERIOD, SECRET, clock_at, code_at, signed_in_with_it, with_app

pytestmark = pytest.mark.django_db
Sabotage = Callable[[pytest.MonkeyPatch], None]
LOGIN, CODE, HOME = "/accounts/login/", "/accounts/security/code/", "/"


@pytest.fixture
def bola() -> User:
    return build.user("bola", opens_reviews=True)


@pytest.fixture
def review(bola: User) -> Review:
    return build.review(by=bola)


def password_given(user: User) -> Client:
    client = Client()
    client.post(LOGIN, {"login": user.email, "password": build.PASSWORD})
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def try_code(client: Client, code: str, at: float = NOW) -> bool:
    """Whether the code signs the client in."""
    with clock_at(at):
        client.post(CODE, {"code": code})
    return "_auth_user_id" in client.session


class TestByWhomItIsDemanded:
    @pytest.mark.usefixtures("demanded")
    @pytest.mark.parametrize("role", [Role.DISTRICT_LEAD, Role.REVIEWER, Role.BUSINESS_TEAM])
    def test_of_every_role_in_a_review(self, review: Review, bola: User, role: str) -> None:
        district = "North" if role == Role.DISTRICT_LEAD else None
        member = build.member(review, "nora", role, by=bola, district=district)
        assert signed_in(member).get(f"/reviews/{review.slug}/report/")["Location"] == "/accounts/security/"

    @pytest.mark.usefixtures("demanded")
    def test_of_administrators_those_who_open_reviews_and_whoever_has_no_role_yet(self, bola: User) -> None:
        for user in (bola, build.user("ada", is_administrator=True), build.user("nell")):
            assert signed_in(user).get(HOME)["Location"] == "/accounts/security/"

    @pytest.mark.usefixtures("demanded")
    def test_not_of_a_board_reader_but_of_one_who_is_more_elsewhere(self, review: Review, bola: User) -> None:
        bert = build.member(review, "bert", Role.BOARD_READER, by=bola)
        assert signed_in(bert).get(HOME).status_code == 200
        other = build.review("other", by=bola)
        members.add(review=other, user=bert, role=Role.REVIEWER, by=bola)
        assert signed_in(bert).get(HOME).status_code == 302

    def test_where_only_this_machine_is_served_it_is_offered(self, bola: User) -> None:
        assert signed_in(bola).get(HOME).status_code == 200
        assert "Set up" in signed_in(bola).get("/accounts/security/").content.decode()


class TestWithoutOneNothingOpens:
    @pytest.mark.usefixtures("demanded")
    def test_but_the_pages_to_set_one_up_and_to_sign_out(self, review: Review, bola: User) -> None:
        client = signed_in(bola)
        for address in (
            HOME,
            f"/reviews/{review.slug}/",
            "/accounts/password/change/",
            "/accounts/sessions/",
        ):
            assert client.get(address)["Location"] == "/accounts/security/", address
            assert client.post(address)["Location"] == "/accounts/security/", address
        page = client.get("/accounts/security/")
        assert "Nothing else opens" in page.content.decode()
        assert client.post("/accounts/logout/")["Location"] == LOGIN

    @pytest.mark.usefixtures("demanded")
    def test_nor_with_one_that_this_session_has_not_shown(self, bola: User) -> None:
        """Adding another would be a way around the one there is."""
        with_app(bola)
        client = signed_in(bola)
        for address in (HOME, "/accounts/security/", "/accounts/security/passkeys/add/"):
            assert client.get(address)["Location"].startswith("/accounts/security/code/again/"), address
        with clock_at(NOW):
            client.post(f"/accounts/security/code/again/?next={HOME}", {"code": code_at(NOW)})
        assert client.get(HOME).status_code == 200

    @pytest.mark.usefixtures("demanded")
    def test_a_password_alone_is_not_signed_in(self, bola: User) -> None:
        with_app(bola)
        client = password_given(bola)
        assert client.get(HOME)["Location"].startswith(LOGIN)
        assert try_code(client, code_at(NOW))
        assert client.get(HOME).status_code == 200

    @pytest.mark.usefixtures("demanded")
    def test_what_one_account_has_shown_does_not_count_for_the_next(self, bola: User) -> None:
        client = signed_in_with_it(bola)
        client.force_login(build.user("nell"))
        assert client.get(HOME).status_code == 302

    @pytest.mark.usefixtures("demanded")
    def test_once_shown_a_page_asks_the_database_nothing_of_it(
        self, bola: User, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = signed_in_with_it(bola)
        client.get("/healthz")
        with django_assert_num_queries(2):  # the session with its account, the page's own
            client.get("/healthz")


class TestSettingOneUp:
    @pytest.mark.usefixtures("demanded")
    def test_whoever_just_signed_in_is_led_through_it(
        self, bola: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        elsewhere = signed_in(bola)
        elsewhere.get(HOME)
        client = password_given(bola)
        page = client.get("/accounts/security/app/").content.decode()
        assert '<svg class="house-code" role="img"' in page
        secret = re.search(r'house-key">([A-Z2-7]+)<', page)
        assert secret is not None
        with clock_at(NOW), django_capture_on_commit_callbacks(execute=True):
            done = client.post("/accounts/security/app/", {"code": code_at(NOW, secret[1])})
        assert done["Location"] == "/accounts/security/recovery-codes/"
        codes = re.findall(r"<li>(\d{8})</li>", client.get(done["Location"]).content.decode())
        assert len(codes) == 10
        assert client.get(HOME).status_code == 200
        assert [message.to for message in mail.outbox] == [[bola.email]]
        assert "authenticator app was added" in str(mail.outbox[0].body)
        assert "_auth_user_id" not in elsewhere.session, "everybody else is signed out"

    def test_recovery_codes_are_shown_once(self, bola: User) -> None:
        with_app(bola)
        RecoveryCodes.activate(bola)
        client = signed_in_with_it(bola)
        confirmed(client)
        address = "/accounts/security/recovery-codes/"
        assert re.findall(r"<li>(\d{8})</li>", client.get(address).content.decode())
        assert not re.findall(r"\d{8}", client.get(address).content.decode())

    def test_a_wrong_code_adds_nothing(self, bola: User) -> None:
        client = password_given(bola)
        client.get("/accounts/security/app/")
        client.post("/accounts/security/app/", {"code": "000000"})
        assert not Authenticator.objects.exists()

    @pytest.mark.usefixtures("demanded")
    def test_the_last_one_stays_where_it_is_demanded(self, bola: User) -> None:
        with_app(bola)
        client = signed_in_with_it(bola)
        confirmed(client)
        page = client.post("/accounts/security/app/remove/").content.decode()
        assert "only second factor" in page
        assert Authenticator.objects.filter(type="totp").exists()

    def test_elsewhere_it_can_be_removed_and_that_is_an_event(self, bola: User) -> None:
        with_app(bola)
        client = signed_in_with_it(bola)
        confirmed(client)
        client.post("/accounts/security/app/remove/")
        assert not Authenticator.objects.exists()
        event = AuditEvent.objects.filter(action="account.second factor removed").get()
        assert (event.actor_id, event.before) == (bola.pk, {"kind": "totp"})

    def test_to_change_it_one_confirms_who_one_is(self, bola: User) -> None:
        with_app(bola)
        answer = signed_in_with_it(bola).get("/accounts/security/app/remove/")
        assert answer["Location"].startswith("/accounts/reauthenticate/")


def confirmed(client: Client) -> None:
    answer = client.post("/accounts/reauthenticate/", {"password": build.PASSWORD})
    assert answer.status_code == 302


class TestCodes:
    @pytest.mark.parametrize(
        ("late", "taken"), [(0, True), (PERIOD, True), (-PERIOD, True), (2 * PERIOD, False)]
    )
    def test_a_clock_may_be_half_a_minute_off(self, bola: User, late: int, taken: bool) -> None:
        with_app(bola)
        assert try_code(password_given(bola), code_at(NOW), at=NOW + late) is taken

    @pytest.mark.parametrize("late", [0, PERIOD])
    def test_a_code_is_taken_once(self, bola: User, late: int) -> None:
        with_app(bola)
        assert try_code(password_given(bola), code_at(NOW))
        assert not try_code(password_given(bola), code_at(NOW), at=NOW + late)

    def test_nor_an_older_one_after_a_newer(self, bola: User) -> None:
        with_app(bola)
        assert try_code(password_given(bola), code_at(NOW + PERIOD), at=NOW)
        assert not try_code(password_given(bola), code_at(NOW), at=NOW)

    def test_nor_that_by_which_the_app_was_added(self, bola: User) -> None:
        client = password_given(bola)
        page = client.get("/accounts/security/app/").content.decode()
        secret = re.search(r'house-key">([A-Z2-7]+)<', page)
        assert secret is not None
        with clock_at(NOW):
            client.post("/accounts/security/app/", {"code": code_at(NOW, secret[1])})
        assert not try_code(password_given(bola), code_at(NOW, secret[1]))

    def test_a_recovery_code_is_taken_once_and_its_owner_told(self, bola: User) -> None:
        with_app(bola)
        code = RecoveryCodes.activate(bola).generate_codes()[0]
        assert try_code(password_given(bola), code)
        assert not try_code(password_given(bola), code)
        assert "recovery code was used" in str(mail.outbox[-1].body)
        assert code not in str(mail.outbox[-1].body)

    def test_five_wrong_codes_slow_the_account(self, bola: User) -> None:
        with_app(bola)
        for _ in range(5):
            assert not try_code(password_given(bola), "000000")
        assert not try_code(password_given(bola), code_at(NOW)), "the right one is refused for a while, too"

    def test_a_right_code_lets_no_client_address_off(self, bola: User) -> None:
        """Somebody with an account of their own could otherwise guess at others' for ever."""
        with_app(bola)
        for number in range(19):
            Client().post(LOGIN, {"login": f"{number}@kscmp.example", "password": "wrong"})
        assert try_code(password_given(bola), code_at(NOW))
        Client().post(LOGIN, {"login": "19@kscmp.example", "password": "wrong"})
        assert password_given(build.user("nell")).get(HOME).status_code == 302

    def test_wrong_codes_are_events(self, bola: User) -> None:
        with_app(bola)
        try_code(password_given(bola), "000000")
        failed = AuditEvent.objects.filter(action="account.second factor failed")
        assert failed.get().object_id == str(bola.pk)


class TestAtRest:
    def test_no_table_holds_a_secret_in_clear(self, bola: User) -> None:
        """The seed of recovery codes and a secret that is only being set up included."""
        with_app(bola)
        codes = RecoveryCodes.activate(bola)
        seed = SealedSecondFactor().decrypt(codes.instance.data["seed"])
        page = password_given(build.user("nell")).get("/accounts/security/app/").content.decode()
        shown = re.search(r'house-key">([A-Z2-7]+)<', page)
        assert shown is not None
        held = everything_held()
        for secret in (SECRET, seed, shown[1], *codes.generate_codes()):
            assert secret not in held

    def test_the_search_finds_one_that_is_not_sealed(
        self, bola: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(SealedSecondFactor, "encrypt", lambda self, text: text)
        with_app(bola)
        assert SECRET in everything_held()

    def test_a_sealed_secret_opens_for_nothing_else(self) -> None:
        sealed = base64.b64decode(SealedSecondFactor().encrypt(SECRET))
        with pytest.raises(UnreadableLiberiId):
            unseal(sealed)


def everything_held() -> str:
    """Every value of every table, sessions opened."""
    held = [str(session.get_decoded()) for session in Session.objects.all()]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # nosec B608
            held += [str(row) for row in cursor.fetchall()]
    return " ".join(held)


def nothing_demanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DemandSecondFactor, "process_view", lambda *args: None)


def everybody_exempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_factor, "is_demanded_of", lambda user: False)


def set_up_is_as_good_as_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_factor, "was_shown", lambda request: second_factor.is_set_up(request.user))


def codes_spent_by_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        code_forms, "spend", lambda each, code: TOTP(each) and code_forms.step_of(SECRET, code) is not None
    )


def nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_forms, "guess", lambda user: lambda: None)


def every_other_account(user: User) -> None:
    TestByWhomItIsDemanded().test_of_administrators_those_who_open_reviews_and_whoever_has_no_role_yet(user)


def not_shown_in_this_session(user: User) -> None:
    TestWithoutOneNothingOpens().test_nor_with_one_that_this_session_has_not_shown(user)


SABOTAGE: list[tuple[Sabotage, Callable[[User], None]]] = [
    (nothing_demanded, every_other_account),
    (everybody_exempt, not_shown_in_this_session),
    (set_up_is_as_good_as_shown, not_shown_in_this_session),
    (codes_spent_by_none, TestCodes().test_nor_an_older_one_after_a_newer),
    (codes_spent_by_none, lambda user: TestCodes().test_a_code_is_taken_once(user, PERIOD)),
    (nothing_counted, TestCodes().test_five_wrong_codes_slow_the_account),
]


@pytest.mark.usefixtures("demanded")
@pytest.mark.parametrize(("sabotage", "test"), SABOTAGE)
def test_each_of_these_fails_where_it_should(
    sabotage: Sabotage,
    test: Callable[[User], None],
    bola: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sabotage(monkeypatch)
    with pytest.raises((AssertionError, KeyError)):
        test(bola)
