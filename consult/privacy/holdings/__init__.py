"""The register itself, one module a part of the program. ALL holds every table of the database once."""

from consult.privacy.holding import Holding
from consult.privacy.holdings import drafts, forums, machinery, people, surveys, town

ALL: tuple[Holding, ...] = (
    *surveys.HOLDINGS,
    *drafts.HOLDINGS,
    *forums.HOLDINGS,
    *people.HOLDINGS,
    *town.HOLDINGS,
    *machinery.HOLDINGS,
)
BY_TABLE = {one.table: one for one in ALL}
