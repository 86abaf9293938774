"""The trail becomes a chain: rows written before are chained as they stand, a clinic at a time."""

from django.db import migrations, models


def chain_what_is_there(apps, schema_editor):
    from shoshin.kit.chain import FIRST, Entry, fingerprint

    event_model, head_model = apps.get_model("kit", "AuditEvent"), apps.get_model("kit", "ChainHead")
    event_model.objects.filter(clinic_id=None).update(clinic_id=0)
    ends = {}
    for row in list(event_model.objects.order_by("clinic_id", "pk")):
        seq, before = ends.get(row.clinic_id, (0, FIRST))
        entry = Entry(row.at, row.actor_kind, row.actor_id, row.event, row.clinic_id, None, row.subjects)
        ends[row.clinic_id] = (seq + 1, fingerprint(before, seq + 1, entry))
        event_model.objects.filter(pk=row.pk).update(seq=seq + 1, hash=ends[row.clinic_id][1])
    for clinic_id, (seq, last) in ends.items():
        head_model.objects.create(clinic_id=clinic_id, seq=seq, hash=last)


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                ("clinic_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.AddField("auditevent", "about", models.BigIntegerField(null=True)),
        migrations.AddField("auditevent", "hash", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.AddField("auditevent", "seq", models.BigIntegerField(default=0), preserve_default=False),
        migrations.RunPython(chain_what_is_there, migrations.RunPython.noop),
        migrations.AlterField("auditevent", "clinic_id", models.BigIntegerField(default=0)),
        migrations.AddIndex(
            "auditevent", models.Index(fields=["about", "-at"], name="kit_auditev_about_dd9177_idx")
        ),
        migrations.AddConstraint(
            "auditevent", models.UniqueConstraint(fields=("clinic_id", "seq"), name="one_row_a_place")
        ),
    ]
