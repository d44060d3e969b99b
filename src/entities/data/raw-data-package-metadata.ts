import { Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { CreatedAt, Json, UpdatedAt } from '../columns.js';
import { RawDataPackage } from './raw-data-package.js';

/**
 * Flexible metadata of a raw data package, from which IVOA-compatible metadata are made.
 *
 * @example
 * import { RawDataPackage } from 'ccat-ops-db';
 *
 * const rawDataPackage = await session.findOneOrFail(RawDataPackage, {
 *   where: { instrumentModule: { name: 'HFA' } },
 *   relations: { packageMetadata: true },
 * });
 * const { instrument } = rawDataPackage.packageMetadata?.metadata ?? {};
 * console.log(instrument); // { name: 'CHAI', module: 'HFA', frequency_ghz: 810 }
 */
@Entity({ comment: 'Flexible metadata of a raw data package, for IVOA-compatible metadata.' })
export class RawDataPackageMetadata {
  /** Package that the metadata describe. */
  @PrimaryColumn('uuid', { comment: 'Package that the metadata describe.' })
  rawDataPackageId!: string;

  @OneToOne(
    () => RawDataPackage,
    (rawDataPackage) => rawDataPackage.packageMetadata,
    { nullable: false, onDelete: 'CASCADE' },
  )
  @JoinColumn()
  rawDataPackage?: RawDataPackage;

  /** Metadata by topic, such as observation.frequency_ghz. */
  @Json({ comment: 'Metadata by topic, such as observation.frequency_ghz', default: {} })
  metadata!: Record<string, unknown>;

  /** When the row was written first, UTC. */
  @CreatedAt()
  createdAt!: Date;

  /** When the row was changed last, UTC. */
  @UpdatedAt()
  updatedAt!: Date;
}
