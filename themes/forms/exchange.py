"""Taking a codebook or codings from a file."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from cases.forms.fields import Form, Radios
from themes.models import Strand

MEGABYTE = 1_000_000
LARGEST = 20


class TakeForm(Form):
    file = forms.FileField(
        label="REFI-QDA codebook (.qdc) or project (.qdpx)", help_text=f"At most {LARGEST} MB."
    )
    strand = forms.ChoiceField(
        label="Strand of codes that name none",
        choices=Strand.choices,
        initial=Strand.DESK_TOP,
        widget=Radios(small=True),
    )
    codings = forms.BooleanField(
        label="Take the codings too",
        required=False,
        help_text="Of a project: where its texts are the same, word for word, as here.",
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST * MEGABYTE:
            raise forms.ValidationError(f"The file is larger than {LARGEST} MB")
        return file
