import type { EntityManager } from 'typeorm';

/** A column that nobody but the owner of its table may read. */
export interface SecretColumn {
  readonly table: string;
  readonly column: string;
}

/** The role whose rights are checked, and the objects. */
export interface RightsQuestion {
  /** The role; it need not exist. */
  readonly role: string;
  /** The schema of the tables. */
  readonly schema: string;
  /** Tables and views that may be read, and nothing else. */
  readonly relations: readonly string[];
  readonly secrets: readonly SecretColumn[];
}

/** A right that a role must not have if it is to read only. */
export interface ExcessRight {
  /** What it may do, as the end of a sentence with "may". */
  readonly right: string;
  /** Whether the role itself was granted it, so that a new grant of columns replaces it. */
  readonly isReplaced: boolean;
}

/**
 * What a role could do beyond reading, by itself or as any role that it can become. Whether it inherits the rights of a
 * role does not matter: a member gets them with SET ROLE.
 */
export async function excessRights(
  manager: EntityManager,
  { role, schema, relations, secrets }: RightsQuestion,
): Promise<ExcessRight[]> {
  return manager.query(EXCESS_RIGHTS, [
    role,
    schema,
    relations,
    secrets.map(({ table }) => table),
    secrets.map(({ column }) => column),
  ]);
}

/** The role and all that it can become; a superuser is no member, and needs to be none. */
const ROLES = `
  me AS (SELECT oid, rolsuper FROM pg_roles WHERE rolname = $1),
  reachable AS (
    SELECT r.*, r.oid = me.oid AS is_own, CASE WHEN r.oid = me.oid THEN '' ELSE ' as the role ' || r.rolname END AS via
    FROM me JOIN pg_roles r ON r.oid = me.oid OR (NOT me.rolsuper AND pg_has_role(me.oid, r.oid, 'MEMBER'))
  ),
  grantee AS (
    SELECT oid, is_own, via FROM reachable
    UNION ALL SELECT 0, false, ' as everybody (PUBLIC)' FROM me
  )`;

/** The tables and views, the sequences of their columns, the secret columns, and the views that read these. */
const OBJECTS = `
  home AS (SELECT oid, nspname, nspowner, nspacl FROM pg_namespace WHERE nspname = $2),
  relation AS (
    SELECT c.oid, c.relname, c.relowner, coalesce(c.relacl, acldefault('r', c.relowner)) AS acl
    FROM pg_class c JOIN home ON c.relnamespace = home.oid WHERE c.relname = ANY ($3)
  ),
  own AS (
    SELECT * FROM relation
    UNION ALL
    SELECT s.oid, s.relname, s.relowner, coalesce(s.relacl, acldefault('s', s.relowner))
    FROM relation
    JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = relation.oid AND d.deptype IN ('a', 'i')
    JOIN pg_class s ON d.classid = 'pg_class'::regclass AND s.oid = d.objid AND s.relkind = 'S'
  ),
  secret AS (
    SELECT relation.oid, relation.acl, a.attnum, a.attacl, "table" || '.' || "column" AS name
    FROM unnest($4::text[], $5::text[]) AS given("table", "column")
    JOIN relation ON relname = "table"
    JOIN pg_attribute a ON a.attrelid = relation.oid AND a.attname = "column"
  ),
  showing (oid, name) AS (
    SELECT w.ev_class, secret.name
    FROM secret
    JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = secret.oid
      AND d.refobjsubid IN (0, secret.attnum) AND d.classid = 'pg_rewrite'::regclass
    JOIN pg_rewrite w ON w.oid = d.objid AND w.ev_class <> secret.oid
    UNION
    SELECT w.ev_class, showing.name
    FROM showing
    JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = showing.oid
      AND d.classid = 'pg_rewrite'::regclass
    JOIN pg_rewrite w ON w.oid = d.objid AND w.ev_class <> showing.oid
  )`;

/** One line for each right: its severity, the right, and whether a new grant of columns replaces it. */
const RIGHTS = `
  SELECT 1 AS rank, what || via AS "right", false AS "isReplaced"
  FROM reachable, LATERAL (VALUES
    (rolsuper, (SELECT coalesce(string_agg('read ' || name, ', ') || ' and ', '') FROM secret) || 'do everything (SUPERUSER)'),
    (rolcreaterole, 'create and change roles (CREATEROLE)'),
    (rolcreatedb, 'create and copy databases (CREATEDB)'),
    (rolreplication, 'copy the whole server (REPLICATION)'),
    (rolbypassrls, 'pass over the security of rows (BYPASSRLS)')
  ) AS attribute(has, what) WHERE has
  UNION ALL
  SELECT 2, 'use the rights of ' || rolname, false FROM reachable WHERE rolname LIKE 'pg\\_%'
  UNION ALL
  SELECT 3, 'do everything with the ' || what || via || ', its owner', false
  FROM reachable JOIN (
    SELECT relowner, 'table ' || relname FROM relation
    UNION ALL SELECT nspowner, 'schema ' || nspname FROM home
    UNION ALL SELECT datdba, 'database ' || datname FROM pg_database WHERE datname = current_database()
  ) AS owned("owner", what) ON "owner" = reachable.oid
  UNION ALL
  SELECT 4, 'read ' || name || via, is_own
  FROM secret, aclexplode(acl) AS granted JOIN grantee ON granted.grantee = grantee.oid
  WHERE privilege_type = 'SELECT'
  UNION ALL
  SELECT 4, 'read ' || name || via, is_own
  FROM secret, aclexplode(attacl) AS granted JOIN grantee ON granted.grantee = grantee.oid
  WHERE privilege_type = 'SELECT'
  UNION ALL
  SELECT 4, 'read ' || name || ' through ' || relname || via, false
  FROM showing JOIN pg_class c USING (oid), aclexplode(coalesce(relacl, acldefault('r', relowner))) AS granted
  JOIN grantee ON granted.grantee = grantee.oid
  WHERE privilege_type = 'SELECT'
  UNION ALL
  SELECT 5, CASE WHEN every(privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'USAGE')) THEN 'write ' ELSE 'change ' END
    || relname || ' (' || string_agg(DISTINCT privilege_type, ', ') || ')' || via, false
  FROM (
    SELECT relname, relowner, a.* FROM own, aclexplode(acl) AS a
    UNION ALL
    SELECT relname, relowner, a.* FROM own JOIN pg_attribute ON attrelid = own.oid, aclexplode(attacl) AS a
  ) AS granted JOIN grantee ON granted.grantee = grantee.oid
  WHERE privilege_type <> 'SELECT' AND relowner <> granted.grantee
  GROUP BY relname, via
  UNION ALL
  SELECT 5, 'let others read ' || relname || via, false
  FROM own, aclexplode(acl) AS granted JOIN grantee ON granted.grantee = grantee.oid
  WHERE privilege_type = 'SELECT' AND is_grantable AND relowner <> granted.grantee
  UNION ALL
  SELECT 6, 'create in the ' || what || ' (CREATE)' || via, false
  FROM (
    SELECT 'schema ' || nspname, nspowner, a.* FROM home, aclexplode(nspacl) AS a
    UNION ALL
    SELECT 'database ' || datname, datdba, a.* FROM pg_database, aclexplode(datacl) AS a
    WHERE datname = current_database()
  ) AS granted(what, "owner", grantor, grantee, privilege_type, is_grantable)
  JOIN grantee ON granted.grantee = grantee.oid
  WHERE privilege_type = 'CREATE' AND "owner" <> granted.grantee
  UNION ALL
  SELECT 7, privilege_type || ' of whatever is created later (default privileges)' || via, false
  FROM pg_default_acl LEFT JOIN home ON home.oid = defaclnamespace, aclexplode(defaclacl) AS granted
  JOIN grantee ON granted.grantee = grantee.oid
  WHERE defaclobjtype IN ('r', 'S') AND defaclrole <> granted.grantee AND (defaclnamespace = 0 OR home.oid IS NOT NULL)
  UNION ALL
  SELECT 8, 'call ' || p.oid::regprocedure || via, false
  FROM pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner))) AS granted
  JOIN grantee ON granted.grantee = grantee.oid
  WHERE proowner <> granted.grantee AND prorettype <> 'trigger'::regtype AND CASE
    WHEN pronamespace = 'pg_catalog'::regnamespace THEN granted.grantee <> 0 AND NOT EXISTS (
      SELECT FROM pg_roles server WHERE server.oid = granted.grantee AND server.rolname LIKE 'pg\\_%')
    ELSE prosecdef AND (
      (SELECT rolsuper FROM pg_roles WHERE oid = proowner) OR EXISTS (SELECT FROM own WHERE relowner = proowner))
    END
  UNION ALL
  SELECT 8, 'set ' || parname || ' (' || string_agg(DISTINCT privilege_type, ', ') || ')' || via, false
  FROM pg_parameter_acl, aclexplode(paracl) AS granted JOIN grantee ON granted.grantee = grantee.oid
  GROUP BY parname, via`;

const EXCESS_RIGHTS = `
  WITH RECURSIVE ${ROLES}, ${OBJECTS}, excess AS (${RIGHTS})
  SELECT "right", bool_and("isReplaced") AS "isReplaced" FROM excess GROUP BY rank, "right" ORDER BY rank, "right"`;
