/** The settings that lead to a database on PostgreSQL, as variables of the environment. */
export function environmentOf(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const variables = {
    DATABASE_TYPE: 'postgresql',
    DATABASE_POSTGRESQL_HOST: hostname,
    DATABASE_POSTGRESQL_PORT: port,
    DATABASE_POSTGRESQL_USER: username,
    DATABASE_POSTGRESQL_PASSWORD: password,
    DATABASE_POSTGRESQL_DATABASE: pathname.slice(1),
  };
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [`CCAT_OPS_DB_${name}`, value]));
}
