"""What others may ask of research."""

from shoshin.research.queries.mart_keys import mart_folder, mart_key
from shoshin.research.queries.mart_rows import mart_rows, number_of_courses

__all__ = ["mart_folder", "mart_key", "mart_rows", "number_of_courses"]
