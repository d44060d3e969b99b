import * as opsDb from '../../src/index.js';

describe('the public names', () => {
  it('have those of the original', () => {
    expect(opsDb).toMatchObject({
      initCcatOpsDb: expect.any(Function),
      createDataSource: expect.any(Function),
      dataSourceOptions: expect.any(Function),
      withDbSession: expect.any(Function),
      getDatabaseUrl: expect.any(Function),
      loadSettings: expect.any(Function),
      readSettings: expect.any(Function),
    });
  });

  it('include every entity', () => {
    const missing = opsDb.entities.filter(({ name }) => !(name in opsDb)).map(({ name }) => name);
    expect(missing).toEqual([]);
  });
});
