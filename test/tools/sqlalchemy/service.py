"""A service in Python. Its arguments are the folder of the generated package and the options of init_ccat_ops_db as JSON;
it prints what it has found, as JSON."""

import enum
import json
import os
import sys
import uuid
import warnings
from datetime import date, datetime, timedelta, timezone

warnings.simplefilter("error")
sys.path.insert(0, sys.argv[1])

from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, StatementError

from ccat_ops_db import get_database_url, init_ccat_ops_db, models


def plain(value):
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (uuid.UUID, date)):
        return str(value)
    return value


def attributes(row):
    return {each.key: plain(getattr(row, each.key)) for each in inspect(type(row)).column_attrs}


def rows_of_all_classes(session):
    classes = [mapper.class_ for mapper in models.Base.registry.mappers]
    return {
        cls.__name__: [attributes(row) for row in session.query(cls).order_by(*inspect(cls).primary_key) if type(row) is cls]
        for cls in classes
    }


def differences(engine):
    """Between the tables of the database and those of the classes."""
    inspector, found = inspect(engine), []
    for table in models.Base.metadata.sorted_tables:
        there = {column["name"]: column for column in inspector.get_columns(table.name)}
        keys = inspector.get_pk_constraint(table.name)["constrained_columns"]
        if set(there) != {column.name for column in table.columns} or set(keys) != {column.name for column in table.primary_key}:
            found.append(table.name)
            continue
        for column in table.columns:
            other = there[column.name]
            # SQLite has no comments.
            comment = column.comment if engine.dialect.name == "sqlite" else other.get("comment")
            if column.nullable != other["nullable"] or column.comment != comment:
                found.append(f"{table.name}.{column.name}")
        declared = {(tuple(sorted(key.column_keys)), key.referred_table.name) for key in table.foreign_key_constraints}
        keys = {(tuple(sorted(key["constrained_columns"])), key["referred_table"]) for key in inspector.get_foreign_keys(table.name)}
        if declared != keys:
            found.append(f"{table.name}: {declared ^ keys}")
    return found


def compiled_by_this_sqlite(session):
    """Every statement that runs the triggers, checks and views, of which no function may be unknown."""
    names = [name for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
    own = [name for name in names if name in models.Base.metadata.tables]
    for name in own:
        columns = ", ".join(f'"{column.name}" = "{column.name}"' for column in models.Base.metadata.tables[name].columns)
        for statement in (f'INSERT INTO "{name}" DEFAULT VALUES', f'UPDATE "{name}" SET {columns}', f'DELETE FROM "{name}"'):
            session.execute(text(f"EXPLAIN {statement}"))
    return len(own)


def documented_examples(session):
    """What the pages of the original do with sessions and classes, in their words where they give any."""
    observatory = models.Observatory(name="Example", description="A facility")
    session.add(observatory)
    session.commit()
    assert session.query(models.Observatory).filter_by(name="Example").one() is observatory
    assert observatory.short_name is None and observatory.telescopes == []

    # The conditions of the page on the filter engine.
    packages = (
        session.query(models.RawDataPackage)
        .join(models.ExecutedObsUnit, models.RawDataPackage.executed_obs_unit_id == models.ExecutedObsUnit.id)
        .join(models.ObsUnit, models.ExecutedObsUnit.obs_unit_id == models.ObsUnit.id)
        .join(models.Source, models.ObsUnit.source_id == models.Source.id)
        .filter(models.RawDataPackage.state == "waiting", models.Source.name != "NGC253")
    )
    [package] = packages.all()
    assert package.state is models.PackageState.WAITING and package.state == "waiting"
    assert package.executed_obs_unit.obs_unit.source in session.query(models.FixedSource).all()
    assert package in package.instrument_module.raw_data_packages

    token = session.query(models.ApiToken).one()
    assert token.is_valid() and token in token.user.api_tokens
    store = session.query(models.S3DataLocation).one()
    assert isinstance(session.get(models.DataLocation, store.id), models.S3DataLocation)
    os.environ[f"{store.credentials_prefix}_ACCESS_KEY_ID"] = "id"
    try:
        store.get_s3_credentials()
        raise AssertionError("the secret is not set")
    except LookupError as error:
        assert f"{store.credentials_prefix}_SECRET_ACCESS_KEY" in str(error)
    return package


def written(session, package):
    """One observation with a file, as a service at the telescope writes it."""
    start = datetime(2026, 11, 21, 23, 0, 0, 123000, tzinfo=timezone(timedelta(hours=-3)))
    execution = models.ExecutedObsUnit(
        obs_unit=package.executed_obs_unit.obs_unit,
        start_time=start,
        observing_night=date(2026, 11, 21),
        conditions={"seeing": [1, None, "é"]},
    )
    file = models.RawDataFile(
        executed_obs_unit=execution,
        instrument_module=package.instrument_module,
        source_location=package.source_location,
        relative_path="python/level0.h5",
        size_bytes=2**53 - 1,
        metadata_={"beam": 1.5},
    )
    copy = models.RawDataFilePhysicalCopy(raw_data_file=file, data_location=package.source_location)
    role = models.Role(name="python", permissions=session.query(models.Permission).all())
    session.add_all([execution, file, copy, role])
    session.commit()
    assert execution.start_time == start and execution.status is models.ExecutedObsUnitStatus.RUNNING
    assert execution.created_at.tzinfo is timezone.utc and execution.id.version == 7
    return {"execution": str(execution.id), "file": str(file.id), "copy": str(copy.id), "role": role.id}


def refused(session, package):
    """What the database, or the type of a column, does not take."""
    found = []
    for make in (
        lambda: models.RawDataFile(
            relative_path="../out",
            size_bytes=1,
            source_location=package.source_location,
            executed_obs_unit=package.executed_obs_unit,
        ),
        lambda: models.Observatory(name=""),
        lambda: models.StagingJob(destination_location_id=2**31 - 1),
        lambda: models.ExecutedObsUnit(
            obs_unit=package.executed_obs_unit.obs_unit, start_time=datetime(2026, 11, 21), observing_night=date(2026, 11, 21)
        ),
    ):
        try:
            with session.no_autoflush:
                session.add(make())
            session.commit()
            found.append("taken")
        except (DBAPIError, StatementError) as error:
            session.rollback()
            found.append(str(error.orig).split("\n")[0])
    return found


def main():
    options = json.loads(sys.argv[2])
    session, engine = init_ccat_ops_db(**options)
    found = {"differences": differences(engine), "rows": rows_of_all_classes(session)}
    if engine.dialect.name == "sqlite":
        found["tables"] = compiled_by_this_sqlite(session)
    found["archived"] = [str(name) for (name,) in session.execute(text("SELECT obs_publisher_did FROM obscore"))]
    package = documented_examples(session)
    found["written"] = written(session, package)
    found["refused"] = refused(session, package)
    found["url"] = get_database_url(**options)
    session.remove()
    print(json.dumps(found))


main()
