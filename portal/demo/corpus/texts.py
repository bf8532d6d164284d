"""All hand-written texts together, and those that suit a trade."""

from functools import cache

from portal.demo.corpus.template import Template
from portal.demo.corpus.texts_chemical import CHEMICAL
from portal.demo.corpus.texts_city import CITY
from portal.demo.corpus.texts_coal import COAL
from portal.demo.corpus.texts_coal_more import COAL_MORE
from portal.demo.corpus.texts_construction import CONSTRUCTION
from portal.demo.corpus.texts_education import EDUCATION
from portal.demo.corpus.texts_farm import FARM
from portal.demo.corpus.texts_foundry import FOUNDRY
from portal.demo.corpus.texts_gas import GAS
from portal.demo.corpus.texts_health import HEALTH
from portal.demo.corpus.texts_land import LAND
from portal.demo.corpus.texts_machinery import MACHINERY
from portal.demo.corpus.texts_materials import MATERIALS
from portal.demo.corpus.texts_office import OFFICE
from portal.demo.corpus.texts_plant import PLANT
from portal.demo.corpus.texts_power import POWER
from portal.demo.corpus.texts_school import SCHOOL
from portal.demo.corpus.texts_transport import TRANSPORT
from portal.demo.corpus.texts_water import WATER

ALL: tuple[Template, ...] = (
    *COAL,
    *COAL_MORE,
    *GAS,
    *POWER,
    *PLANT,
    *CHEMICAL,
    *MACHINERY,
    *FOUNDRY,
    *MATERIALS,
    *CONSTRUCTION,
    *TRANSPORT,
    *CITY,
    *WATER,
    *HEALTH,
    *EDUCATION,
    *SCHOOL,
    *LAND,
    *FARM,
    *OFFICE,
)


@cache
def suited(trade: str) -> tuple[Template, ...]:
    """The templates of a trade, those written for few trades first; ValueError for a trade without any."""
    found = sorted((t for t in ALL if trade in t.trades), key=lambda template: len(template.trades))
    if not found:
        raise ValueError(f"no template for {trade!r}")
    return tuple(found)
