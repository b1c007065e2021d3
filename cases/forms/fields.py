"""The fields and the base classes every form of the program is made of."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
else:
    AnyModelForm = forms.ModelForm

PROPER_NAMES = ("I", "Liberi", "North", "South", "East", "West")
DATE_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d.%m.%Y", "%d-%m-%Y")
DATE_HINT = "For example, 5/3/2021"


def in_sentence(label: str) -> str:
    """A label as it reads inside a sentence: "Assessment date" → "assessment date", "Liberi ID" stays."""
    first = label.split(" ", 1)[0]
    if not label or first in PROPER_NAMES or any(letter.isupper() for letter in first[1:]):
        return label
    return label[0].lower() + label[1:]


class PlainWords:
    """Gives each field messages that name it and say what to do, wherever the field has none of its own."""

    use_required_attribute = False
    # Off for filters, where every field may stay empty and the page says so by its nature.
    mark_optional = True
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            label = str(field.label or name.replace("_", " ").capitalize())
            for code, message in plain_messages(field, label).items():
                if field.error_messages.get(code) == standard_message(field, code):
                    field.error_messages[code] = message

    def take_without_checking(self) -> None:
        """Show what a draft holds as it is: it is checked when the person asks for that, not on opening."""
        self._errors = ErrorDict()


def standard_message(field: forms.Field, code: str) -> object:
    """The message a field of this class has when nobody chose one; None where it comes from a validator."""
    for owner in type(field).__mro__:
        messages = vars(owner).get("default_error_messages", {})
        if code in messages:
            # What this module words itself is a choice already.
            return object() if owner.__module__ == __name__ else messages[code]
    return None


def plain_messages(field: forms.Field, label: str) -> dict[str, str]:
    """Messages by error code; Django fills in the limits."""
    named, inside = label.replace("%", "%%"), in_sentence(label)
    chosen = isinstance(field, (forms.ChoiceField, forms.ModelChoiceField))
    messages = {"required": f"{asking_verb(field)} {inside}"}
    if isinstance(field, forms.FileField):
        return messages
    messages |= {
        "max_length": f"{named} must be %(limit_value)d characters or fewer",
        "min_length": f"{named} must be %(limit_value)d characters or more",
        "min_value": f"{named} must be %(limit_value)s or more",
        "max_value": f"{named} must be %(limit_value)s or less",
    }
    if chosen:
        messages["invalid_choice"] = f"Choose {inside} from the list".replace("%", "%%")
    elif isinstance(field, forms.IntegerField) and not isinstance(
        field, (forms.FloatField, forms.DecimalField)
    ):
        messages["invalid"] = f"{label} must be a whole number"
    elif isinstance(field, forms.EmailField):
        messages["invalid"] = "Enter an email address in the correct format, like name@example.com"
    return messages


def asking_verb(field: forms.Field) -> str:
    if isinstance(field, forms.FileField):
        return "Choose a file:"
    if isinstance(field, forms.BooleanField):
        return "Confirm:"
    return "Select" if isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)) else "Enter"


class Form(PlainWords, forms.Form):
    """Base of every form that is not of a model."""


class ModelForm(PlainWords, AnyModelForm):
    """Base of every form of a model."""


class Radios(forms.RadioSelect):
    """Radio buttons; `inline` sets them side by side, `hints` maps a value to a line under its option."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Sequence[Any] = (),
        *,
        inline: bool = False,
        small: bool = False,
        hints: Mapping[str, str] | None = None,
    ) -> None:
        classes = [(attrs or {}).get("class", "")]
        classes += ["govuk-radios--inline"] * inline + ["govuk-radios--small"] * small
        super().__init__({**(attrs or {}), "class": " ".join(filter(None, classes))}, choices)
        self.hints = dict(hints or {})


class Checkboxes(forms.CheckboxSelectMultiple):
    """Checkboxes; `hints` maps a value to a line under its option."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Sequence[Any] = (),
        *,
        small: bool = False,
        hints: Mapping[str, str] | None = None,
    ) -> None:
        classes = [(attrs or {}).get("class", "")] + ["govuk-checkboxes--small"] * small
        super().__init__({**(attrs or {}), "class": " ".join(filter(None, classes))}, choices)
        self.hints = dict(hints or {})


class LongTextField(forms.CharField):
    """A text of several lines. Its newlines are "\\n", so that a position in it means the same everywhere."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class DateField(forms.DateField):
    """A date typed as one text: 5/3/2021, 2021-03-05 or 5 March 2021."""

    widget = forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"})
    default_error_messages = {"invalid": f"Enter a real date. {DATE_HINT}"}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", DATE_HINT)
        kwargs.setdefault("input_formats", DATE_FORMATS)
        super().__init__(**kwargs)


class DateParts(forms.MultiWidget):
    """Day, month and year in three inputs, in that order."""

    part_labels = ("Day", "Month", "Year")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        widths = (("day", 2), ("month", 2), ("year", 4))
        inputs: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput({"inputmode": "numeric", "class": f"govuk-input--width-{width}"})
            for name, width in widths
        }
        super().__init__(inputs, attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return [None, None, None]
        return [value.day, value.month, value.year] if isinstance(value, date) else [None, None, None]


class DatePartsField(forms.DateField):
    """A date in three inputs. `params["parts"]` of an error: the wrong parts (0 day, 1 month, 2 year)."""

    widget = DateParts

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "For example, 5\u00a03\u00a02021")
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, (list, tuple)):
            return super().to_python(value)
        typed = [str(part or "").strip() for part in value]
        if not any(typed):
            return None
        name = str(self.label or "Date").replace("%", "%%")
        missing = [position for position, part in enumerate(typed) if not part]
        if missing:
            words = " and ".join("a " + DateParts.part_labels[position].lower() for position in missing)
            raise ValidationError(
                f"{name} must include {words}", code="incomplete", params={"parts": missing}
            )
        try:
            return datetime.strptime("/".join(typed), "%d/%m/%Y").date()
        except ValueError:
            wrong = wrong_date_parts(typed)
            raise ValidationError(
                f"{name} must be a real date", code="invalid", params={"parts": wrong}
            ) from None


def wrong_date_parts(typed: Sequence[str]) -> list[int]:
    """Positions of the parts that can stand in no date; all three when only their combination is wrong."""
    lowest, highest = (1, 1, 1000), (31, 12, 9999)
    wrong = [
        position
        for position, part in enumerate(typed)
        if not (part.isascii() and part.isdigit() and lowest[position] <= int(part) <= highest[position])
    ]
    return wrong or [0, 1, 2]
