"""All hand-written texts together."""

from portal.demo.corpus.texts_chemical import CHEMICAL
from portal.demo.corpus.texts_city import CITY
from portal.demo.corpus.texts_coal import COAL
from portal.demo.corpus.texts_coal_more import COAL_MORE
from portal.demo.corpus.texts_farm import FARM
from portal.demo.corpus.texts_gas import GAS
from portal.demo.corpus.texts_health import HEALTH
from portal.demo.corpus.texts_machinery import MACHINERY
from portal.demo.corpus.texts_materials import MATERIALS
from portal.demo.corpus.texts_power import POWER
from portal.demo.corpus.texts_school import SCHOOL

ALL = (
    *COAL, *COAL_MORE, *GAS, *HEALTH, *POWER, *CHEMICAL, *MACHINERY, *MATERIALS, *CITY, *SCHOOL, *FARM,
)  # fmt: skip
