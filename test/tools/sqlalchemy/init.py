"""Connects in the words of the original's page. The arguments are the folder of the generated package and
the file of a database with the starting state; the settings are in the environment."""

import json
import sys

sys.path.insert(0, sys.argv[1])

from ccat_ops_db import init_ccat_ops_db, models

# Initialize with default settings (from environment)
session, engine = init_ccat_ops_db()
sources = session.query(models.Source).count()
session.add(models.Observatory(name="Example", description="A facility"))
session.commit()
session.close()
engine.dispose()

# Initialize with specific database
session, engine = init_ccat_ops_db(database_type="sqlite", database=sys.argv[2], null_pool=True)
names = [observatory.name for observatory in session.query(models.Observatory).order_by("id")]
session.close()

# Initialize and drop existing tables
session, engine = init_ccat_ops_db(drop=True)
again = [observatory.name for observatory in session.query(models.Observatory).order_by("id")]
session.close()

print(json.dumps({"sources": sources, "names": names, "again": again}))
