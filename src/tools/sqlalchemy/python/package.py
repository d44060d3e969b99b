"""
The operations database of the CCAT Observatory for programs in Python: sessions as the documentation of `ccat_ops_db` has them,
on the tables that `opsdb init` makes. Written by `opsdb schema --sqlalchemy`; write it anew with each version of the schema.
"""

from __future__ import annotations

import os
import subprocess
from typing import Any, Mapping, Optional, Tuple

from sqlalchemy import create_engine, event, inspect
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlalchemy.pool import NullPool

from . import models

__all__ = ["get_database_url", "init_ccat_ops_db", "models"]

DEFAULTS = DEFAULTS_OF_THE_SETTINGS


def _setting(name: str) -> str:
    return os.environ.get(f"CCAT_OPS_DB_{name.upper()}", DEFAULTS[name])


def get_database_url(
    database_type: Optional[str] = None,
    database: Optional[str] = None,
    host: Optional[str] = None,
    port: Optional[str] = None,
    user: Optional[str] = None,
    password: Optional[str] = None,
    db_name: Optional[str] = None,
    async_driver: bool = False,
) -> str:
    """
    The URL of a database. What is left out is taken from the variables `CCAT_OPS_DB_…`, and then from the defaults; files with
    settings are not read: `getDatabaseUrl` of the package in TypeScript does.
    """
    if database and "://" in database:
        url = make_url(database)
    else:
        url = _composed(database_type, database, host, port, user, password, db_name)
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
    if async_driver:
        url = url.set(drivername=drivers[url.get_backend_name()])
    return url.render_as_string(hide_password=False)


def _composed(
    database_type: Optional[str],
    database: Optional[str],
    host: Optional[str],
    port: Optional[str],
    user: Optional[str],
    password: Optional[str],
    db_name: Optional[str],
) -> URL:
    kind = database_type or ("sqlite" if database else _setting("database_type"))
    if kind == "sqlite":
        return URL.create("sqlite", database=database or _setting("database_sqlite_database"))
    if kind != "postgresql":
        raise ValueError(f"database_type is {kind}: it must be sqlite or postgresql")
    where = host or _setting("database_postgresql_host")
    number = int(port or _setting("database_postgresql_port"))
    socket = where.startswith("/")
    return URL.create(
        "postgresql",
        username=user or _setting("database_postgresql_user"),
        password=password or _setting("database_postgresql_password"),
        host=None if socket else where,
        port=None if socket else number,
        database=db_name or _setting("database_postgresql_database"),
        query={"host": where, "port": str(number)} if socket else {},
    )


def init_ccat_ops_db(
    database_type: Optional[str] = None,
    database: Optional[str] = None,
    drop: bool = False,
    null_pool: bool = False,
    host: Optional[str] = None,
    port: Optional[str] = None,
    user: Optional[str] = None,
    password: Optional[str] = None,
    db_name: Optional[str] = None,
) -> Tuple[scoped_session, Engine]:
    """
    Connects to a database. Where it has no tables yet, or with `drop`, `opsdb init` makes and fills them; the command must be on the
    path, or named in the variable OPSDB.
    """
    url = get_database_url(database_type, database, host, port, user, password, db_name)
    if drop:
        _opsdb(url, "init", "--drop")
    options: Mapping[str, Any] = {"poolclass": NullPool} if null_pool else {}
    # SQLAlchemy 1.4 behaves as SQLAlchemy 2.
    engine = create_engine(url, future=True, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    if not inspect(engine).has_table("observatory"):
        _opsdb(url, "init")
    return scoped_session(sessionmaker(bind=engine, future=True)), engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    """SQLite looks at foreign keys only where a connection asks for it."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA busy_timeout = 10000")


def _opsdb(url: str, *arguments: str) -> None:
    parts = make_url(url)
    if "options" in parts.query:
        raise RuntimeError(f"the tables in a schema of their own are made by opsdb {' '.join(arguments)}: run it first")
    command = os.environ.get("OPSDB", "opsdb")
    try:
        subprocess.run([command, *arguments], check=True, stdout=subprocess.DEVNULL, env={**os.environ, **_variables(parts)})
    except FileNotFoundError as error:
        raise RuntimeError(
            f"the tables are made by opsdb {' '.join(arguments)}, and there is no command {command}: install the npm package "
            "ccat-ops-db, or name its command in the variable OPSDB"
        ) from error


def _variables(url: URL) -> Mapping[str, str]:
    """The settings that lead to a database; a password is seen by nobody there."""
    kind = url.get_backend_name()
    values = {"type": kind, "sqlite_database": url.database or ":memory:"}
    if kind == "postgresql":
        given = {"host": url.host or url.query.get("host"), "port": url.port or url.query.get("port")}
        login = {"user": url.username, "password": url.password, "database": url.database}
        values = {"type": kind, **{f"postgresql_{key}": str(value) for key, value in {**given, **login}.items() if value}}
    return {f"CCAT_OPS_DB_DATABASE_{key.upper()}": value for key, value in values.items()}
