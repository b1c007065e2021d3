"""The account: an e-mail address, a name, and what the account may do outside any one review."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def with_email(self, email: str) -> "UserQuerySet":
        return self.filter(email__iexact=email.strip())


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def with_email(self, email: str) -> UserQuerySet:
        return self.get_queryset().with_email(email)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get_queryset().get(email__iexact=email or "")

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account; e-mail is stored in lower case, no password means none can be used."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user


class User(AbstractBaseUser):
    """One person. What a person does in a review is a membership of that review, not kept here."""

    email = models.EmailField("e-mail", unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(
        default=False, help_text="Makes and disables accounts; sees no review."
    )
    opens_reviews = models.BooleanField(
        default=False, help_text="Belongs to the business team's office and may open a review."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_an_email"),
            # Whoever keeps the service running must not be able to read what it holds.
            models.CheckConstraint(
                condition=~models.Q(is_administrator=True, opens_reviews=True),
                name="administrator_opens_no_review",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email
