"""What somebody with bad intent, a broken browser or a cat on the keyboard may send. The same list every time."""

import io
import json
import random
import zipfile

MEGABYTE = 1024 * 1024
DEEP = "[" * 5_000

UNREADABLE = [
    "\x00",
    "a\x00b",
    "\ud800",
    "x\udfff",
    "\ufeff",
    "\uffff",
    "\u202eesrever",
    "\u2066\u2069",
    "\x1b[31m",
    "\r\n\r\n",
]
UNREADABLE += [
    "\x7f",
    "\x85",
    "\u2028",
    "e" + "\u0301" * 500,
    "\U0001f469\u200d\U0001f4bb" * 40,
    "ﷺ" * 60,
    "İ" * 80,
    "ß" * 80,
]
ORDERS = [
    "' OR 1=1 --",
    "'; DROP TABLE care_client; --",
    '" OR ""="',
    "1) UNION SELECT 1,2,3 --",
    "%' ESCAPE '",
    "\\",
    "%",
    "_",
]
ORDERS += [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ settings.SECRET_KEY }}",
    "{% debug %}",
    "${7*7}",
]
ORDERS += [
    "%(x)s",
    "%s%s%s%n",
    "{0.__class__}",
    "{}",
    "../../../../etc/passwd",
    "file:///etc/passwd",
    "//evil.example",
    "a/b",
]
ORDERS += [
    "javascript:alert(1)",
    "https://evil.example/",
    "=1+1",
    "=cmd|' /C calc'!A0",
    "`id`",
    "$(id)",
    "|",
    "?",
    "#",
    "&",
    "+",
    "%00",
]
NUMBERS = [
    "0",
    "-0",
    "-1",
    "1",
    "1.5",
    "1,5",
    "-1e400",
    "1e400",
    "1e-400",
    "NaN",
    "nan",
    "Infinity",
    "-inf",
    "9" * 19,
    "9" * 400,
]
NUMBERS += [
    "-" + "9" * 60,
    "0x10",
    "1_000",
    "١٢٣",
    "²",
    "½",
    "1e5",
    "2147483648",
    "-2147483649",
    "9223372036854775808",
    "0" * 300 + "1",
]
NUMBERS += ["true", "false", "None", "null", "undefined", "on", "[]", "[1]", '{"a": 1}', "''", " ", "\t"]
DAYS = [
    "0000-00-00",
    "0001-01-01",
    "-9999-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "2026-13-01",
    "1969-12-31",
    "31.12.9999",
]
DAYS += [
    "9999-12-31T23:59",
    "0001-01-01T00:00",
    "2026-03-29T01:30",
    "2026-10-25T01:30",
    "24:00",
    "23:59:60",
    "-1:00",
    "99:99",
    "12",
    "T",
]
DAYS += ["2026-11-03", "2026-11-03T10:00", "2026-11-03T10:00+99:99", "2027-11-03", "08:00"]
DEEP_ONES = [DEEP, '{"a":' * 2_000, json.dumps({"a": ["b"] * 999})]
LONG = [
    "a" * MEGABYTE,
    "😀" * 60_000,
    "<" * 40_000,
    "a " * 9_000,
    "9" * 9_000,
    "\n" * 9_000,
    "." * 300,
    "x" * 65,
    "x" * 256,
]
PLAIN = [
    "",
    "a",
    "Ä",
    "yes",
    "no",
    "send",
    "next",
    "later",
    "en",
    "de",
    "xx",
    "phq-9",
    "PHQ-9",
    "ada@example.org",
    "a@b",
    "@",
    "a" * 300 + "@b.de",
]

HOW_MANY = 200


def hostile_values(seed: int = 3) -> list[str]:
    """200 of them, the last ones made up by chance."""
    given = UNREADABLE + ORDERS + NUMBERS + DAYS + DEEP_ONES + LONG + PLAIN
    chance = random.Random(seed)
    while len(given) < HOW_MANY:
        signs = [
            chr(chance.choice((chance.randrange(0x250), chance.randrange(0x10FFFF))))
            for _ in range(chance.randrange(1, 40))
        ]
        given.append("".join(signs))
    assert len(set(given)) == len(given) == HOW_MANY, f"{len(given)} values, {len(set(given))} different"
    return given


def zip_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def hostile_files() -> list[tuple[str, bytes]]:
    """Bombs, broken archives, tables that are none, and names no disk holds."""
    empty_book = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    bomb = b'<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><workbook>&b;</workbook>'
    zeros = b"\x00" * (60 * MEGABYTE)
    scores = b"client,date,phq-9\nB. N.,2026-01-01,12\n"
    return [
        ("bomb.zip", zip_of({"a.json": zeros})),
        ("bomb.xlsx", zip_of(empty_book | {"xl/worksheets/sheet1.xml": zeros})),
        ("laughs.xlsx", zip_of({"[Content_Types].xml": bomb, "xl/workbook.xml": bomb})),
        ("nothing.xlsx", zip_of(empty_book)),
        ("half.zip", zip_of({"a.json": b"{}" * 999})[:-40]),
        ("climbs.zip", zip_of({"../../etc/passwd": b"x", "/abs": b"y", "a\x00b": b"{}"})),
        ("many.zip", zip_of({f"{n}.json": b"{}" for n in range(3_000)})),
        ("deep.json", DEEP.encode()),
        ("deeper.json", b'{"a":' * 50_000),
        ("numbers.json", b'{"resourceType": "Questionnaire", "item": [{"linkId": 1e999, "type": NaN}]}'),
        ("surrogate.json", b'{"resourceType": "Questionnaire", "title": "\\ud800", "item": "\\u0000"}'),
        ("nul.csv", b"a,b\n\x00,1\n" * 9),
        ("wide.csv", b"," * 5_000 + b"\n" + b"1," * 5_000),
        ("quote.csv", b'client,date,"phq-9\n' + b"a" * 200_000),
        ("huge.csv", scores + b"x," + b"9" * 200_000 + b",NaN\n"),
        ("days.csv", b"client,date,phq-9\n" + b"".join(b"%s,%s,1e400\n" % (d.encode(), d.encode()) for d in DAYS)),
        ("formula.csv", b"client,date,phq-9\n=1+1,2026-01-01,=cmd\n\xff\xfe,\xf0\x9f,\n"),
        ("utf16.csv", "client,date,phq-9\nB. N.,2026-01-01,12\n".encode("utf-16")),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600),
        ("empty.csv", b""),
        ("n" * 5_000 + ".csv", scores),
        ("\u202evsc.csv", scores),
        ("..%2f..%2fx.csv", scores),
        ('"quoted;name".csv', scores),
    ]
