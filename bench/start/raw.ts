/** The least that a program can do: load the driver, connect, ask for one row. */
const [, , database = ''] = process.argv;
const QUERY = 'SELECT * FROM observatory LIMIT 1';

async function main(): Promise<void> {
  if (database.startsWith('postgresql:')) {
    const { Client }: typeof import('pg') = require('pg');
    const client = new Client({ connectionString: database });
    await client.connect();
    console.log((await client.query(QUERY)).rows);
    await client.end();
  } else {
    const connection = new (require('better-sqlite3') as typeof import('better-sqlite3'))(database);
    console.log(connection.prepare(QUERY).get());
    connection.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
