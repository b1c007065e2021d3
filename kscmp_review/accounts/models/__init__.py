"""Accounts, the sessions they are signed in with, and invitations to have one."""

from kscmp_review.accounts.models.invitation import Invitation, InvitationKind
from kscmp_review.accounts.models.session import Session
from kscmp_review.accounts.models.user import User

__all__ = ["Invitation", "InvitationKind", "Session", "User"]
