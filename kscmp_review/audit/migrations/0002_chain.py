"""The events there are get their places and codes, and the chain its head."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Not a copy: were these ever to change, no chain would hold, and this one no less.
from kscmp_review.audit.chain import FIELDS, START, chain_key, mac_of
from kscmp_review.audit.guard import remove


def chain_what_is_there(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    events = apps.get_model("audit", "AuditEvent").objects.using(schema_editor.connection.alias)
    previous, place = START, 0
    for place, number in enumerate(list(events.order_by("pk").values_list("pk", flat=True)), 1):
        values = events.filter(pk=number).values_list(*FIELDS[1:]).get()
        previous = mac_of([place, *values], previous, chain_key())
        # A place is never above the number an event had, and the lower ones are already free.
        events.filter(pk=number).update(id=place, mac=previous)
    head = apps.get_model("audit", "ChainHead").objects.using(schema_editor.connection.alias)
    head.create(pk=1, events=place, mac=previous)


def lift_guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="auditevent",
            name="id",
            field=models.BigIntegerField(editable=False, primary_key=True, serialize=False),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="mac",
            field=models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("events", models.BigIntegerField()),
                ("mac", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="audit_one_chain")]
            },
        ),
        migrations.RunPython(chain_what_is_there, lift_guard),
    ]
