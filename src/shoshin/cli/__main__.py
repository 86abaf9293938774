"""`python -m shoshin.cli` is the `shoshin` command."""

from shoshin.cli import main

main()
