from functools import partial
from typing import Any

from django.db import migrations, models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


def count_what_is_verified(apps: Any, schema_editor: Any) -> None:
    """Cases of an earlier release: the verified answers to their review's newest profile."""
    model = partial(apps.get_model, "cases")
    for review in model("Review").objects.all():
        newest = model("ProfileVersion").objects.filter(review=review).order_by("-number").first()
        if newest is None:
            continue
        asked = newest.lines.values_list("characteristic", flat=True)
        verified = (
            model("Answer")
            .objects.filter(case=OuterRef("pk"), characteristic__in=list(asked))
            .exclude(verified=None)
            .order_by()
            .values("case")
            .annotate(number=Count("pk"))
            .values("number")
        )
        model("Case").objects.filter(review=review).update(verified_count=Coalesce(Subquery(verified), 0))


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_drafts_history_index_cases")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="verified_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(count_what_is_verified, migrations.RunPython.noop),
    ]
