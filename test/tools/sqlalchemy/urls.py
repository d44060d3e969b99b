"""Reads each URL of a list, which is the argument as JSON, and prints its parts; opens those of files."""

import json
import sys

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url


def parts(url):
    read = make_url(url)
    if read.drivername == "sqlite" and read.database:
        with create_engine(url).connect() as connection:
            connection.execute(text("SELECT count(*) FROM observatory"))
    return {
        "driver": read.drivername,
        "user": read.username,
        "password": read.password,
        "host": read.host or read.query.get("host"),
        "port": str(read.port or read.query.get("port") or ""),
        "database": read.database,
        "options": read.query.get("options"),
    }


print(json.dumps([parts(url) for url in json.loads(sys.argv[1])]))
