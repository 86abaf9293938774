"""The commands about backups: `backup-key`, `backup`, `restore`, `drill`."""

import sys
from pathlib import Path
from typing import Any

import click

from shoshin.cli.base import Refusal, percent_of, start_django

FILE = click.Path(exists=True, path_type=Path)
IDENTITY = click.option(
    "--identity", required=True, help="The file with the private key; a hyphen reads it from input."
)


@click.command("backup-key", epilog="Example:  shoshin backup-key /media/stick/shoshin-backup.key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_key(file: Path) -> None:
    """Make the pair of keys of your backups. The private part goes to FILE, away from the server."""
    start_django()
    from django.conf import settings

    from shoshin.kit.backup.keys import make_key
    from shoshin.kit.clock import now

    public = make_key(file, settings.HOME, now())
    click.echo(f"The private key is in {file}. Keep it in two places away from the server, and never on it.")
    click.echo("Whoever has it can read every backup. Without it no backup can ever be read again.")
    click.echo("On the server, set the public key:")
    click.echo(f"  SHOSHIN_BACKUP_KEY={public}")


@click.command(epilog="Example:  shoshin backup --to /mnt/backups --prune")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder for the file.  [default: HOME/backups]")
@click.option("--recipient", multiple=True, metavar="age1…", help="Public key, in place of SHOSHIN_BACKUP_KEY.")
@click.option("--prune", is_flag=True, help="Keep all of today, 14 days, 8 weeks, 12 months; delete the rest.")
def backup(folder: Path | None, recipient: tuple[str, ...], prune: bool) -> None:
    """Make one encrypted file of everything, while people go on working."""
    start_django()
    from django.conf import settings

    from shoshin.kit.backup import keys, ladder
    from shoshin.kit.backup.stores import store_of_settings
    from shoshin.kit.backup.take import take_backup
    from shoshin.kit.clock import now

    public = keys.recipients(recipient or settings.BACKUP_KEYS)
    at, folder = now(), folder or settings.HOME / "backups"
    with click.progressbar(length=100, label="Backing up", file=sys.stderr) as bar:
        taken = take_backup(
            store_of_settings(), home=settings.HOME, folder=folder, keys=public, at=at, progress=percent_of(bar)
        )
    made = taken.manifest
    click.echo(f"{taken.file}: {len(made.tables)} tables, {made.rows:,} rows, {taken.file.stat().st_size:,} bytes.")
    if prune:
        click.echo(f"Deleted {len(ladder.prune(folder, at))} older backups.")


@click.command(epilog="Example:  shoshin restore shoshin-20261122T210000Z.tar.age --identity shoshin-backup.key")
@click.argument("file", type=FILE)
@IDENTITY
@click.option("--into", help="A home folder, or an empty postgres:// database.  [default: this installation's]")
@click.option("--replace", is_flag=True, help="Put the present SQLite database aside. Stop the server first.")
def restore(file: Path, identity: str, into: str | None, replace: bool) -> None:
    """Bring a backup back and compare every row. FILE may be a folder: its newest backup is taken."""
    start_django()
    from django.conf import settings

    from shoshin.kit.backup import keys, stores
    from shoshin.kit.backup.restore import restore as bring_back
    from shoshin.kit.clock import now

    store = stores.store_named(into) if into else stores.store_of_settings()
    home = settings.HOME if not into or store.engine != "sqlite" else Path(into).absolute()
    done = bring_back(newest(file), keys.identities(identity), store, home=home, at=now(), replace=replace)
    told(done.manifest)
    for path in done.set_aside:
        click.echo(f"What was there before is kept as {path}.")
    click.echo("Now start it: shoshin serve")


@click.command(epilog="Example:  ssh server shoshin drill /mnt/backups --identity - < shoshin-backup.key")
@click.argument("file", type=FILE)
@IDENTITY
def drill(file: Path, identity: str) -> None:
    """Try a backup out on the side: restore, compare every row, start it, look at a page."""
    start_django()
    from django.conf import settings

    from shoshin.kit.backup import keys
    from shoshin.kit.backup.drill import drill as try_out
    from shoshin.kit.backup.stores import store_of_settings
    from shoshin.kit.clock import now

    file = newest(file)
    click.echo(f"Trying out {file}. The real data is not touched.", err=True)
    done = try_out(
        file,
        keys.identities(identity),
        store_of_settings(),
        home=settings.HOME,
        at=now(),
        say=lambda words: click.echo(f"  {words} …", err=True),
    )
    told(done.manifest)
    for words, seconds in done.steps.items():
        click.echo(f"{seconds:8.1f} s  {words}")
    click.echo(f"{done.seconds:8.1f} s  altogether, until the pages {' and '.join(done.pages)} stood there again")
    click.echo("The backup is good.")


COMMANDS = (backup_key, backup, restore, drill)


def newest(file: Path) -> Path:
    """The file itself, or the newest backup of a folder."""
    if not file.is_dir():
        return file
    from shoshin.kit.backup.ladder import backups_in

    found = backups_in(file)
    if not found:
        raise Refusal(f"There is no backup in {file}. Its name would begin with shoshin- and end with .tar.age.")
    return found[max(found)]


def told(manifest: Any) -> None:
    """One line on what was compared."""
    click.echo(
        f"Backup of {manifest.taken_at:%Y-%m-%d %H:%M} UTC by version {manifest.version}: "
        f"{len(manifest.tables)} tables, {manifest.rows:,} rows, every one as it was."
    )
