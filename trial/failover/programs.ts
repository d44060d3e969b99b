import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Programs that the trial needs, and their Debian packages. */
const NEEDED: Readonly<Record<string, string>> = {
  patroni: 'patroni',
  etcd: 'etcd-server',
  ip: 'iproute2',
  setpriv: 'util-linux',
  unshare: 'util-linux',
};

const DEBIAN = '/usr/lib/postgresql';

/** Programs that are missing for the trial; it installs nothing. */
export function missing(): string[] {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const isThere = (program: string) => folders.some((folder) => existsSync(path.join(folder, program)));
  const faults = Object.entries(NEEDED)
    .filter(([program]) => !isThere(program))
    .map(([program, from]) => `the program ${program} is missing: apt-get install ${from}`);
  if (!postgresqlPrograms()) faults.push('PostgreSQL is missing: apt-get install postgresql');
  if (process.getuid?.() !== 0)
    faults.push('network namespaces are made by root only: run the trial as root');
  return faults;
}

/** The folder with the programs of the newest PostgreSQL that is installed. */
export function postgresqlPrograms(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number).filter(Boolean) : [];
  return versions.length > 0 ? path.join(DEBIAN, `${Math.max(...versions)}`, 'bin') : undefined;
}
