import { readFileSync } from 'node:fs';
import type { PeerCertificate } from 'node:tls';
import { OpsDbError } from '../../errors.js';
import type { Settings } from '../../settings/index.js';

/** Encryption of the connection to a host, and verification of its certificate. */
export function tlsOptions(
  sslMode: Settings['postgresql']['sslMode'],
  host: string,
  certificateAuthority?: string,
) {
  if (sslMode === 'disable') return false;
  if (sslMode === 'require') return { rejectUnauthorized: false };
  return {
    ca: certificateAuthority,
    // For a server given by address, Node would compare the certificate with the name "localhost".
    checkServerIdentity: (_: string, certificate: PeerCertificate) =>
      process.getBuiltinModule('node:tls').checkServerIdentity(host, certificate),
  };
}

/**
 * The certificate of the authority that the settings name, as PEM text; undefined where none is needed.
 *
 * @throws OpsDbError `settings_invalid` where it cannot be read
 */
export function certificateAuthority({ databaseType, postgresql }: Settings): string | undefined {
  const { sslMode, sslRootCert: file } = postgresql;
  if (databaseType !== 'postgresql' || sslMode !== 'verify-full' || !file) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OpsDbError(
      'settings_invalid',
      `database_postgresql_ssl_root_cert (CCAT_OPS_DB_DATABASE_POSTGRESQL_SSL_ROOT_CERT) is ${file}; ` +
        `it must be a file that can be read (${(cause as Error).message})`,
      { cause },
    );
  }
}
