"""What must be right before anybody is served. Each rule is one line of a table, with the sentence that mends it.

`Facts` is all that is known at a start; a fresh `Facts()` is a usual, safe installation. `boot_facts.py` reads them.
A demo on this machine holds invented people only, so there just the rules marked `also_demo` count.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from shoshin.kit.shared_cache import cache_refusal
from shoshin.kit.sqlite import FIRST_SAFE_WAL

LOOPBACK = ("127.0.0.1", "::1", "localhost")
SHORTEST_KEY = 50
OVER_THE_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "drvfs", "afs", "ceph", "fuse.sshfs", "fuse.glusterfs")
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


class CannotStart(ValueError):
    """One plain sentence that says what is unsafe and what to change."""


@dataclass(frozen=True)
class DatabaseFacts:
    """How the database answers. Settings by name, as they were read back and as they should be."""

    vendor: str = "sqlite"
    name: str = "shoshin.sqlite3"
    settings: dict[str, str] = field(default_factory=dict)
    wanted: dict[str, str] = field(default_factory=dict)
    library: tuple[int, ...] = FIRST_SAFE_WAL
    file_system: str = ""
    is_elsewhere: bool = False
    has_password: bool = True
    demands_tls: bool = True
    role: str = ""
    role_sees_everything: bool = False
    role_owns_tables: bool = False
    pending_migrations: int = 0

    @property
    def astray(self) -> str:
        """The settings that are not as they should be, in words."""
        wrong = (name for name, value in self.wanted.items() if self.settings.get(name) != value)
        return ", ".join(f"{name} is {self.settings.get(name)} and not {self.wanted[name]}" for name in wrong)

    @property
    def not_durable(self) -> str:
        """The settings by which PostgreSQL would call something stored that is not yet on disk."""
        return ", ".join(name for name in DURABLE if self.settings.get(name) == "off")


@dataclass(frozen=True)
class Facts:
    """How the server is about to be started."""

    demo: bool = False
    debug: bool = False
    strict: bool = False
    host: str = "127.0.0.1"
    has_certificate: bool = False
    behind_proxy: bool = False
    has_public_address: bool = False
    hosts: tuple[str, ...] = ()
    given_key_length: int | None = None
    processes: int = 2
    cache: str = "DatabaseCache"
    home: str = "var"
    home_is_open: bool = False
    key_is_open: bool = False
    static_holds_data: bool = False
    can_reach_people: bool = True
    is_in_use: bool = False
    overdue_backups: str = ""
    database: DatabaseFacts = DatabaseFacts()

    @property
    def loopback(self) -> bool:
        return self.host in LOOPBACK

    @property
    def cache_refusal(self) -> str:
        return cache_refusal(self.cache, self.processes)


@dataclass(frozen=True)
class Rule:
    """When it is broken, and the sentence for whoever can mend it."""

    is_broken: Callable[[Facts], object]
    sentence: str
    also_demo: bool = False


OF_SETTINGS = (
    Rule(
        lambda f: f.demo and (not f.loopback or f.behind_proxy),
        "The demo opens without passwords, so it is served on 127.0.0.1 only, without a proxy.",
        also_demo=True,
    ),
    Rule(
        lambda f: f.debug,
        "SHOSHIN_DEBUG shows the inner workings to whoever meets an error: unset it, or use it with the demo only.",
    ),
    Rule(
        lambda f: not (f.loopback or f.has_certificate or f.behind_proxy),
        "Serving on {f.host} needs https: give --cert and --key, "
        "or set SHOSHIN_BEHIND_PROXY=1 where a proxy brings it.",
    ),
    Rule(
        lambda f: not f.loopback and not f.has_public_address,
        "Set SHOSHIN_PUBLIC_ADDRESS to the https address people will type, such as https://forms.example.org.",
    ),
    Rule(
        lambda f: f.given_key_length is not None and f.given_key_length < SHORTEST_KEY,
        "SHOSHIN_SECRET_KEY has {f.given_key_length} characters: use 50 random ones or more, "
        "or unset it and one is made.",
        also_demo=True,
    ),
    Rule(
        lambda f: "*" in f.hosts,
        "SHOSHIN_HOSTS has a *, so that a stranger's address could stand in our links: name each host instead.",
        also_demo=True,
    ),
    Rule(
        lambda f: f.cache_refusal,
        "{f.cache_refusal}",
        also_demo=True,
    ),
    Rule(lambda f: f.home_is_open, "Other users of this machine can look into {f.home}: chmod o-rwx {f.home}"),
    Rule(
        lambda f: f.key_is_open,
        "Other users of this machine can read the secret key: chmod 600 {f.home}/secret_key",
    ),
    Rule(
        lambda f: f.static_holds_data,
        "The folder of public files holds the data: keep them apart, as the settings bring it (STATIC_ROOT).",
        also_demo=True,
    ),
    Rule(
        lambda f: f.database.file_system in OVER_THE_NETWORK,
        "{f.database.name} lies on a network drive ({f.database.file_system}), where SQLite can lose data: "
        "set SHOSHIN_HOME to a local folder, or use PostgreSQL.",
    ),
    Rule(
        lambda f: f.database.is_elsewhere and not f.database.has_password,
        "The database is on another machine and asks for no password: put one into SHOSHIN_DATABASE.",
    ),
    Rule(
        lambda f: f.database.is_elsewhere and not f.database.demands_tls,
        "The way to the database is not surely encrypted: add ?sslmode=verify-full to SHOSHIN_DATABASE.",
    ),
)

OF_DATABASE = (
    Rule(
        lambda f: f.database.pending_migrations,
        "{f.database.pending_migrations} changes to the tables are waiting: run shoshin setup once.",
        also_demo=True,
    ),
    Rule(
        lambda f: f.database.settings.get("journal_mode") == "wal" and f.database.library < FIRST_SAFE_WAL,
        "This SQLite can corrupt a write-ahead log: install pysqlite3, or SQLite 3.51.3 or newer.",
        also_demo=True,
    ),
    Rule(
        lambda f: f.database.astray,
        "The database does not keep the settings we need ({f.database.astray}): use those that Shoshin brings.",
        also_demo=True,
    ),
    Rule(
        lambda f: f.database.not_durable,
        "PostgreSQL could lose what it calls stored: turn on {f.database.not_durable} in its configuration.",
    ),
    Rule(
        lambda f: f.strict and f.database.role_sees_everything,
        "The role {f.database.role} is above the walls between clinics: "
        "ALTER ROLE {f.database.role} NOSUPERUSER NOBYPASSRLS, or use another.",
    ),
    Rule(
        lambda f: f.strict and f.database.role_owns_tables,
        "The role {f.database.role} owns the tables and could remove the walls between clinics: use another to serve.",
    ),
)

WARNINGS = (
    Rule(
        lambda f: f.is_in_use and not f.can_reach_people,
        "Nobody can be told of an urgent answer by mail or another way: set SHOSHIN_EMAIL.",
    ),
    Rule(lambda f: f.is_in_use and f.overdue_backups, "{f.overdue_backups} See shoshin backup and shoshin drill."),
    Rule(
        lambda f: not f.strict and (f.database.role_sees_everything or f.database.role_owns_tables),
        "The role {f.database.role} could pass the walls between clinics, or take them down: use one that owns no "
        "table and is no superuser. SHOSHIN_STRICT=1 refuses it.",
    ),
)


def sentences(facts: Facts, rules: tuple[Rule, ...]) -> list[str]:
    """What these rules say to these facts."""
    invented = facts.demo and facts.loopback and not facts.behind_proxy
    counted = [rule for rule in rules if rule.also_demo or not invented]
    return [rule.sentence.format(f=facts) for rule in counted if rule.is_broken(facts)]


def refuse_unsafe(facts: Facts, rules: tuple[Rule, ...]) -> None:
    """Stop at the first broken rule, with its one sentence."""
    for sentence in sentences(facts, rules):
        raise CannotStart(sentence)
