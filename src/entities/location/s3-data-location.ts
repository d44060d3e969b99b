import { OpsDbError } from '../../errors.js';
import { Text } from '../columns.js';
import { Subtype } from '../subtype.js';
import { DataLocation } from './data-location.js';
import { StorageType } from './enums.js';

/** The pair that an S3 client signs its requests with. */
export interface S3Credentials {
  /** The public part of the pair. */
  readonly accessKeyId: string;
  /** The secret part of the pair. */
  readonly secretAccessKey: string;
}

/**
 * Object storage of AWS or compatible with it, such as the archive in Cologne.
 *
 * @example
 * import { S3DataLocation } from 'ccat-ops-db';
 *
 * const archive = await session.findOneByOrFail(S3DataLocation, { name: 'lta' });
 * console.log(archive.bucket, archive.credentialsPrefix); // ccat-lta CCAT_S3_COLOGNE_LTA
 * const env = { CCAT_S3_COLOGNE_LTA_ACCESS_KEY_ID: 'id', CCAT_S3_COLOGNE_LTA_SECRET_ACCESS_KEY: 'secret' };
 * console.log(archive.getS3Credentials(env).accessKeyId); // id
 */
@Subtype('S3DataLocation', StorageType.S3)
export class S3DataLocation extends DataLocation {
  /** Address of the service; null: AWS's own. */
  @Text({ comment: 'Address of the service', null: "AWS's own" })
  endpointUrl!: string | null;

  /** Region of the service; null: the default of the service. */
  @Text({ comment: 'Region of the service', null: 'the default of the service' })
  region!: string | null;

  /** Bucket that holds the objects. */
  @Text({ comment: 'Bucket that holds the objects' })
  bucket!: string;

  /** What the key of every object begins with; null: nothing. */
  @Text({ comment: 'What the key of every object begins with', null: 'nothing' })
  keyPrefix!: string | null;

  /** What the names of the environment variables with the credentials begin with. */
  @Text({ comment: 'What the names of the environment variables with the credentials begin with' })
  credentialsPrefix!: string;

  /**
   * The credentials, from the variables `<credentialsPrefix>_ACCESS_KEY_ID` and `…_SECRET_ACCESS_KEY`; they
   * are never in the database.
   * @param env where to look, by default the environment of the process
   * @throws OpsDbError `settings_invalid` that names the variables that are not set
   */
  getS3Credentials(env: Readonly<Record<string, string | undefined>> = process.env): S3Credentials {
    const idVariable = `${this.credentialsPrefix}_ACCESS_KEY_ID`;
    const secretVariable = `${this.credentialsPrefix}_SECRET_ACCESS_KEY`;
    const missing = [idVariable, secretVariable].filter((variable) => !env[variable]);
    if (missing.length > 0)
      throw new OpsDbError(
        'settings_invalid',
        `there are no credentials for the data location ${this.name}: set ${missing.join(' and ')}`,
      );
    return { accessKeyId: env[idVariable] as string, secretAccessKey: env[secretVariable] as string };
  }
}
