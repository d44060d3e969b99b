/** The database as GraphQL, made by PostGraphile from its tables, relations and comments. */
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, schemas: ['public'] })],
});
const server = createServer();
await pgl.createServ(grafserv).addTo(server);
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const query = '{ allObsUnits(first: 1) { nodes { name sourceBySourceId { name } } } }';
const response = await fetch(`http://127.0.0.1:${server.address().port}/graphql`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query }),
});
const { data, errors } = await response.json();
if (errors) throw new Error(JSON.stringify(errors));
const [unit] = data.allObsUnits.nodes;
console.log(unit.name, unit.sourceBySourceId.name);
server.close();
await pgl.release();
