"""What an action says when a rule of the review, not a person's role, stands in the way."""


class Refused(ValueError):
    """A rule forbids this. The message is a sentence for the person who asked."""


class Stale(Refused):
    """Somebody saved since this form was opened: nothing was written, and both texts are to be shown."""
