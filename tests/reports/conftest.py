import pytest

from consult.profile import Profile, load_profile
from consult.settings import resource


@pytest.fixture
def profile(application: object) -> Profile:
    """Skopje, whose application is the test's."""
    return load_profile(resource("profiles", "skopje.toml"))
