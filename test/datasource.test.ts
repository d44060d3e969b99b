import { tmpdir } from 'node:os';
import { createDataSource, dataSourceOptions } from '../src/datasource.js';
import { entities } from '../src/entities/index.js';
import { Site } from '../src/entities/location/site.js';
import { loadSettings, type Settings } from '../src/settings/index.js';
import { views } from '../src/views/index.js';
import { describePostgresql, describeSqlite } from './support/databases.js';

const settings = loadSettings({ cwd: tmpdir(), env: {}, warn: () => {} });

describe('dataSourceOptions', () => {
  const ofServer = (more: Partial<Settings['postgresql']>) =>
    dataSourceOptions({
      ...settings,
      databaseType: 'postgresql',
      postgresql: { ...settings.postgresql, ...more },
    });

  it('has all entities and views, and never synchronizes', () => {
    for (const databaseType of ['sqlite', 'postgresql'] as const)
      expect(dataSourceOptions({ ...settings, databaseType })).toMatchObject({
        entities: [...entities, ...views.map(({ entity }) => entity)],
        synchronize: false,
      });
  });

  it('encrypts as the settings say', () => {
    expect(ofServer({ sslMode: 'disable' })).toMatchObject({ ssl: false });
    expect(ofServer({ sslMode: 'require' })).toMatchObject({ ssl: { rejectUnauthorized: false } });
    expect(ofServer({ sslMode: 'verify-full' })).not.toMatchObject({ ssl: { rejectUnauthorized: false } });
  });

  it('holds the certificate against the host in the settings', () => {
    const { ssl } = ofServer({ sslMode: 'verify-full', host: '192.0.2.1' }) as {
      ssl: { checkServerIdentity(host: string, certificate: object): Error | undefined };
    };
    expect(
      ssl.checkServerIdentity('localhost', { subject: {}, subjectaltname: 'DNS:localhost' }),
    ).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(
      ssl.checkServerIdentity('localhost', { subject: {}, subjectaltname: 'IP Address:192.0.2.1' }),
    ).toBeUndefined();
  });
});

describeSqlite('createDataSource', (database) => {
  describePostgresql('for several databases in one process', (server) => {
    it('keeps them apart', async () => {
      const two = [await database.open(), await database.open(await database.create('tables'))];
      const four = [...two, await server.open(), await server.open(await server.create('tables'))];
      for (const [number, { manager }] of four.entries())
        await manager.insert(Site, { name: `site ${number}`, shortName: 'site' });
      const names = await Promise.all(
        four.map(({ manager }) => manager.findOneByOrFail(Site, { shortName: 'site' })),
      );
      expect(names.map(({ name }) => name)).toEqual(['site 0', 'site 1', 'site 2', 'site 3']);
    });
  });

  it('does not connect', () => {
    expect(createDataSource(database.options).isInitialized).toBe(false);
  });
});
