import { Entity, Index, ManyToOne, Unique } from 'typeorm';
import { ChecksumAlgorithm } from '../checksum.js';
import { ByteCount, Checksum, Enum, Json, RelativePath, UuidReference } from '../columns.js';
import { UuidKeyed } from '../uuid-keyed.js';
import { DataProductType } from './enums.js';
import { type Dims, ExecutedReductionStep } from './executed-reduction-step.js';

/**
 * A file that a run made. Where it lies say its copies; what it was made from says the input set of its run.
 *
 * @example
 * import { DataProduct, DataProductType, lineageOf } from 'ccat-ops-db';
 *
 * const cube = await session.findOneByOrFail(DataProduct, {
 *   type: DataProductType.SCIENCE,
 *   executedReductionStep: { reductionStep: { name: 'gridding' } },
 * });
 * console.log(cube.relativePath, cube.sizeBytes); // science/result.fits 447264362
 * const { products, files } = lineageOf(session, cube.id);
 * console.log(await products.getCount(), await files.getCount()); // 2 1
 */
@Entity({ comment: 'A file that a reduction run made.' })
@Unique(['executedReductionStepId', 'relativePath'])
@Index('ix_data_product__dims', ['dims'], { type: 'gin' })
export class DataProduct extends UuidKeyed {
  /** Run that made the product. */
  @UuidReference({ comment: 'Run that made the product' })
  executedReductionStepId!: string;

  @ManyToOne(() => ExecutedReductionStep, { nullable: false, onDelete: 'RESTRICT' })
  executedReductionStep?: ExecutedReductionStep;

  /** What the product is. */
  @Enum(DataProductType, { comment: 'What the product is' })
  type!: DataProductType;

  /** Path below the output folder of the run. */
  @RelativePath({ comment: 'Path below the output folder of the run' })
  relativePath!: string;

  /** What tells the product from others: dimensions of its run with its own in their place, by name. */
  @Json({
    comment: 'What tells the product from others: dimensions of its run with its own in their place, by name',
    default: {},
  })
  dims!: Dims;

  /** Size of the product [byte]. */
  @ByteCount({ comment: 'Size of the product' })
  sizeBytes!: number;

  /** Checksum of the content, in hexadecimal digits; null: not computed yet. */
  @Checksum({ comment: 'Checksum of the content, in hexadecimal digits', null: 'not computed yet' })
  checksum!: string | null;

  /** Algorithm of the checksum; null: not computed yet. */
  @Enum(ChecksumAlgorithm, { comment: 'Algorithm of the checksum', null: 'not computed yet' })
  checksumAlgorithm!: ChecksumAlgorithm | null;

  /** Figures of quality by name with unit. */
  @Json({ comment: 'Figures of quality by name with unit', default: {} })
  qualityMetrics!: Record<string, unknown>;
}
