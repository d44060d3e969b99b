import { OpsDbError } from '../src/errors.js';
import { errorOfSurroundings, explainSurroundings } from '../src/surroundings.js';

const withCode = (code: string) => Object.assign(new Error(`it says ${code}`), { code });

describe('an error of the surroundings', () => {
  it.each([
    ['ENOSPC', 'disk_full'],
    ['SQLITE_FULL', 'disk_full'],
    ['53100', 'disk_full'],
    ['SQLITE_CORRUPT', 'database_corrupt'],
    ['SQLITE_CORRUPT_INDEX', 'database_corrupt'],
    ['SQLITE_IOERR_READ', 'database_corrupt'],
    ['XX001', 'database_corrupt'],
    ['SQLITE_NOTADB', 'database_not_writable'],
    ['SQLITE_READONLY_DBMOVED', 'database_not_writable'],
    ['SQLITE_BUSY_SNAPSHOT', 'database_busy'],
    ['53300', 'database_busy'],
    ['57014', 'database_busy'],
    ['ENOENT', 'file_unusable'],
    ['ELOOP', 'file_unusable'],
    ['ENAMETOOLONG', 'file_unusable'],
    ['EACCES', 'file_unusable'],
    ['22008', 'argument_invalid'],
    ['22003', 'argument_invalid'],
    ['54000', 'argument_invalid'],
    ['ERR_INVALID_ARG_VALUE', 'argument_invalid'],
  ])('of the code %s is %s, with advice', (code, expected) => {
    const error = errorOfSurroundings(withCode(code));
    expect(error).toBeInstanceOf(OpsDbError);
    expect(error).toMatchObject({
      code: expected,
      message: expect.stringMatching(`it says ${code}: ..........`),
    });
  });

  it('is found below what TypeORM and others put around it', () => {
    const driverError = withCode('SQLITE_FULL');
    const failed = Object.assign(new Error('query failed'), { driverError });
    expect(explainSurroundings(new Error('outer', { cause: failed }))?.code).toBe('disk_full');
  });

  it('speaks of permissions only where it is about permissions', () => {
    const codes = [
      'ENOENT',
      'ENOTDIR',
      'ELOOP',
      'ENOSPC',
      'EISDIR',
      'SQLITE_CORRUPT',
      'SQLITE_NOTADB',
      'SQLITE_CANTOPEN',
    ];
    for (const code of codes) expect(explainSurroundings(withCode(code))?.advice).not.toMatch(/permission/);
    expect(explainSurroundings(withCode('EACCES'))?.advice).toMatch(/permission/);
  });

  it.each([new TypeError('x is not a function'), withCode('23505'), withCode('42601'), undefined, 'text'])(
    'is not what a bug throws: %s',
    (error) => {
      expect(errorOfSurroundings(error)).toBeUndefined();
    },
  );
});
