/** A route of Fastify, asked once. */
import { initCcatOpsDb, Site } from 'ccat-ops-db';
import fastify from 'fastify';

const { session, dataSource } = await initCcatOpsDb();
const app = fastify();
app.addHook('onClose', () => dataSource.destroy());
app.get('/sites', () => session.find(Site, { order: { id: 'ASC' } }));
const address = await app.listen({ port: 0, host: '127.0.0.1' });
const response = await fetch(`${address}/sites`);
const [site] = await response.json();
console.log(response.status, site.shortName);
await app.close();
