"""What tests of the house share: two whole clinics, in which everybody has come in."""

import pytest


@pytest.fixture
def walls(db, measures_loaded, long_sessions, monkeypatch, settings):
    """The pages' clock stands still, while the browsers came in today."""
    from tests.cast import NOW
    from tests.walls import whole_walls

    settings.PUBLIC_ADDRESS = "https://forms.example.org"
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: NOW)
    return whole_walls()
