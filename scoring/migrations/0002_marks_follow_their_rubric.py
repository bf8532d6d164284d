"""A mark's level, and the range copied onto it, are those of its round's rubric; a frozen rubric stays as it is.

PostgreSQL alone: SQLite rebuilds a table to alter it, and a trigger that names other tables would break every later
migration. There the CHECK on the copied range holds, and the action that copies it.

After the row is written, so that a broken range or a second mark is told by its own constraint.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

MARKS = """
CREATE FUNCTION scoring_mark_follows_rubric() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    amount numeric;
    levels jsonb;
BEGIN
    SELECT entry.benefit_wan, COALESCE(criterion -> 'levels', (
               SELECT road -> 'levels' FROM jsonb_array_elements(criterion -> 'paths') AS road
               WHERE road ->> 'code' = entry.path))
        INTO amount, levels
        FROM scoring_scoresheet AS sheet
        JOIN scoring_entry AS entry ON entry.id = sheet.entry_id
        JOIN scoring_round AS round ON round.id = sheet.round_id
        JOIN scoring_rubric AS rubric ON rubric.id = round.rubric_id,
        jsonb_array_elements(rubric.definition -> 'criteria') AS criterion
        WHERE sheet.id = NEW.sheet_id AND criterion ->> 'code' = NEW.criterion;
    IF levels IS NULL OR NOT EXISTS (
        SELECT FROM jsonb_array_elements(levels) AS one
        WHERE one ->> 'code' = NEW.level AND (one ->> 'low')::int = NEW.low AND (one ->> 'high')::int = NEW.high
            AND (NOT one ? 'amount_from' OR amount IS NULL OR (one ->> 'amount_from')::numeric = (
                SELECT max((other ->> 'amount_from')::numeric) FROM jsonb_array_elements(levels) AS other
                WHERE (other ->> 'amount_from')::numeric <= amount)))
    THEN
        RAISE EXCEPTION 'mark of criterion % is not one of the rubric: level %, %-%',
            NEW.criterion, NEW.level, NEW.low, NEW.high
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mark_follows_its_rubric';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER scoring_mark_follows_rubric
    AFTER INSERT OR UPDATE OF sheet_id, criterion, level, low, high ON scoring_mark
    FOR EACH ROW EXECUTE FUNCTION scoring_mark_follows_rubric();
"""
RUBRICS = """
CREATE FUNCTION scoring_rubric_stays_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.frozen_at IS NOT NULL AND (NEW.definition, NEW.code, NEW.version, NEW.frozen_at)
        IS DISTINCT FROM (OLD.definition, OLD.code, OLD.version, OLD.frozen_at)
    THEN
        RAISE EXCEPTION 'rubric % v% is frozen', OLD.code, OLD.version
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rubric_stays_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER scoring_rubric_stays_frozen BEFORE UPDATE ON scoring_rubric
    FOR EACH ROW EXECUTE FUNCTION scoring_rubric_stays_frozen();
"""
BACK = """
DROP TRIGGER scoring_mark_follows_rubric ON scoring_mark;
DROP FUNCTION scoring_mark_follows_rubric();
DROP TRIGGER scoring_rubric_stays_frozen ON scoring_rubric;
DROP FUNCTION scoring_rubric_stays_frozen();
"""


def hold(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, MARKS + RUBRICS)


def let_go(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, BACK)


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(statements)


class Migration(migrations.Migration):
    replaces = [("scoring", "0009_marks_follow_their_rubric")]
    dependencies = [("scoring", "0001_tables")]
    operations = [migrations.RunPython(hold, let_go)]
