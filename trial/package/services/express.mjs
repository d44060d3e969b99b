/** A route of Express, asked once. */
import { initCcatOpsDb, Site } from 'ccat-ops-db';
import express from 'express';

const { session, dataSource } = await initCcatOpsDb();
const app = express();
app.get('/sites', async (_, response) => response.json(await session.find(Site, { order: { id: 'ASC' } })));
const server = app.listen(0, '127.0.0.1', async () => {
  const response = await fetch(`http://127.0.0.1:${server.address().port}/sites`);
  const [site] = await response.json();
  console.log(response.status, site.shortName);
  server.close();
  await dataSource.destroy();
});
