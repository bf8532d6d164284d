"""Decisions are appended, never changed: the database itself refuses to update or delete an event.

SQLite refuses the update only: there Django empties the tables of a test with DELETE. TRUNCATE is left open on
PostgreSQL for the same reason; a cut-off tail or an emptied chain is found by the chain's head.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = """
CREATE FUNCTION core_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'core_event is append-only: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER core_event_append_only BEFORE UPDATE OR DELETE ON core_event
    FOR EACH ROW EXECUTE FUNCTION core_event_is_append_only();
"""
POSTGRESQL_BACK = """
DROP TRIGGER core_event_append_only ON core_event;
DROP FUNCTION core_event_is_append_only();
"""
SQLITE = """
CREATE TRIGGER core_event_append_only BEFORE UPDATE ON core_event
BEGIN SELECT RAISE(ABORT, 'core_event is append-only: UPDATE refused'); END
"""
SQLITE_BACK = "DROP TRIGGER core_event_append_only"


def hold(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, {"postgresql": POSTGRESQL, "sqlite": SQLITE})


def let_go(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, {"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK})


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: dict[str, str]) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(statements[schema_editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [("core", "0001_tables")]
    operations = [migrations.RunPython(hold, let_go)]
