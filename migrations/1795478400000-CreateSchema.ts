import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSchema1795478400000 implements MigrationInterface {
  readonly name = 'CreateSchema1795478400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE "permission" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "name" text NOT NULL,
        "description" text,
        CONSTRAINT "uq_permission__name" UNIQUE ("name"),
        CONSTRAINT "ck_permission__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_permission__description" CHECK ("description" <> ''),
        CONSTRAINT "ck_permission__name_is_action_and_resource" CHECK (
          "name" LIKE '%_:_%'
          AND "name" NOT LIKE '%:%:%'
        ),
        CONSTRAINT "pk_permission" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "permission"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "permission"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "permission"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "permission"."name" IS 'What may be done, as action:resource.';

      COMMENT ON COLUMN "permission"."description" IS 'What that means; null: nothing to say.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "permission" IS 'Something that may be done.'
    `);
    await queryRunner.query(`
      CREATE TABLE "role" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "name" text NOT NULL,
        "description" text,
        CONSTRAINT "uq_role__name" UNIQUE ("name"),
        CONSTRAINT "ck_role__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_role__description" CHECK ("description" <> ''),
        CONSTRAINT "pk_role" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "role"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "role"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "role"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "role"."name" IS 'Name of the role, such as observer.';

      COMMENT ON COLUMN "role"."description" IS 'Who has the role and what it is for; null: nothing to say.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "role" IS 'A set of permissions that users are given together.'
    `);
    await queryRunner.query(`
      CREATE TYPE "user_kind_enum" AS ENUM('person', 'service')
    `);
    await queryRunner.query(`
      CREATE TABLE "user" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "username" text NOT NULL,
        "kind" "user_kind_enum" NOT NULL DEFAULT 'person',
        "display_name" text,
        "email" text,
        "github_id" bigint,
        "active" boolean NOT NULL DEFAULT true,
        "last_login_at" TIMESTAMP(3) WITH TIME ZONE,
        CONSTRAINT "uq_user__github_id" UNIQUE ("github_id"),
        CONSTRAINT "uq_user__username" UNIQUE ("username"),
        CONSTRAINT "ck_user__username" CHECK ("username" <> ''),
        CONSTRAINT "ck_user__display_name" CHECK ("display_name" <> ''),
        CONSTRAINT "ck_user__email" CHECK ("email" <> ''),
        CONSTRAINT "ck_user__github_id" CHECK (
          "github_id" >= 0
          AND "github_id" <= 9007199254740991
          AND "github_id" = CAST("github_id" AS bigint)
        ),
        CONSTRAINT "pk_user" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "user"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "user"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "user"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "user"."username" IS 'Name that the user signs in with.';

      COMMENT ON COLUMN "user"."kind" IS 'Whether a person or a program.';

      COMMENT ON COLUMN "user"."display_name" IS 'Name that is shown; null: the username is shown.';

      COMMENT ON COLUMN "user"."email" IS 'Address for mail; null: none given.';

      COMMENT ON COLUMN "user"."github_id" IS 'Number of the account at GitHub; null: has never signed in there.';

      COMMENT ON COLUMN "user"."active" IS 'Whether the user may sign in.';

      COMMENT ON COLUMN "user"."last_login_at" IS 'When the user signed in last, UTC; null: never.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "user" IS 'Somebody, or some program, that may sign in.'
    `);
    await queryRunner.query(`
      CREATE TABLE "api_token" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "user_id" integer NOT NULL,
        "name" text NOT NULL,
        "token_hash" text NOT NULL,
        "token_prefix" text NOT NULL,
        "scopes" jsonb NOT NULL,
        "active" boolean NOT NULL DEFAULT true,
        "revoked_at" TIMESTAMP(3) WITH TIME ZONE,
        "expires_at" TIMESTAMP(3) WITH TIME ZONE,
        "last_used_at" TIMESTAMP(3) WITH TIME ZONE,
        "last_used_ip" text,
        "usage_count" integer NOT NULL DEFAULT '0',
        CONSTRAINT "uq_api_token__token_hash" UNIQUE ("token_hash"),
        CONSTRAINT "ck_api_token__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_api_token__token_hash" CHECK (length("token_hash") = 64),
        CONSTRAINT "ck_api_token__token_prefix" CHECK (length("token_prefix") = 8),
        CONSTRAINT "ck_api_token__last_used_ip" CHECK ("last_used_ip" <> ''),
        CONSTRAINT "ck_api_token__usage_count" CHECK (
          "usage_count" >= 0
          AND "usage_count" = CAST("usage_count" AS integer)
        ),
        CONSTRAINT "ck_api_token__revoked_is_inactive" CHECK (
          "revoked_at" IS NULL
          OR "active" = false
        ),
        CONSTRAINT "pk_api_token" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "api_token"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "api_token"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "api_token"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "api_token"."user_id" IS 'User that the token stands for.';

      COMMENT ON COLUMN "api_token"."name" IS 'What the token is for, unique among the tokens of its user that were not revoked.';

      COMMENT ON COLUMN "api_token"."token_hash" IS 'SHA-256 of the token in hexadecimal digits.';

      COMMENT ON COLUMN "api_token"."token_prefix" IS 'First 8 characters of the token, for people to recognise it.';

      COMMENT ON COLUMN "api_token"."scopes" IS 'Permissions that the token is limited to, a list in which * stands for any action or resource.';

      COMMENT ON COLUMN "api_token"."active" IS 'Whether the token is accepted.';

      COMMENT ON COLUMN "api_token"."revoked_at" IS 'When the token was taken back, UTC; null: it was not.';

      COMMENT ON COLUMN "api_token"."expires_at" IS 'When the token ends, UTC; null: it does not.';

      COMMENT ON COLUMN "api_token"."last_used_at" IS 'When a use was last noted, UTC, at most once a minute; null: never.';

      COMMENT ON COLUMN "api_token"."last_used_ip" IS 'Network address of the use that was noted last; null: never used, or not recorded.';

      COMMENT ON COLUMN "api_token"."usage_count" IS 'How often a use was noted, at most once a minute.'
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX "uq_api_token__name_of_user" ON "api_token" ("user_id", "name")
      WHERE
        "revoked_at" IS NULL
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "api_token" IS 'A token for programmatic access; only its hash is kept.'
    `);
    await queryRunner.query(`
      CREATE TABLE "site" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "name" text NOT NULL,
        "short_name" text NOT NULL,
        "location" text,
        "description" text,
        "active" boolean NOT NULL DEFAULT true,
        CONSTRAINT "uq_site__short_name" UNIQUE ("short_name"),
        CONSTRAINT "uq_site__name" UNIQUE ("name"),
        CONSTRAINT "ck_site__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_site__short_name" CHECK ("short_name" <> ''),
        CONSTRAINT "ck_site__location" CHECK ("location" <> ''),
        CONSTRAINT "ck_site__description" CHECK ("description" <> ''),
        CONSTRAINT "pk_site" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "site"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "site"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "site"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "site"."name" IS 'Name of the site.';

      COMMENT ON COLUMN "site"."short_name" IS 'Short name in lower case, part of the names of work queues.';

      COMMENT ON COLUMN "site"."location" IS 'Where the site is, in words; null: not recorded.';

      COMMENT ON COLUMN "site"."description" IS 'What the site does; null: nothing to say.';

      COMMENT ON COLUMN "site"."active" IS 'Whether the site takes part in data transfer.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "site" IS 'A place with storage: the telescope, or a data centre.'
    `);
    await queryRunner.query(`
      CREATE TYPE "data_location_storage_type_enum" AS ENUM('disk', 's3', 'tape')
    `);
    await queryRunner.query(`
      CREATE TYPE "data_location_location_type_enum" AS ENUM('source', 'buffer', 'long_term_archive', 'processing')
    `);
    await queryRunner.query(`
      CREATE TYPE "data_location_availability_enum" AS ENUM('online', 'read_only', 'offline', 'retired')
    `);
    await queryRunner.query(`
      CREATE TABLE "data_location" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "availability_reason" text,
        "availability_since" TIMESTAMP(3) WITH TIME ZONE,
        "storage_type" "data_location_storage_type_enum" NOT NULL,
        "site_id" integer NOT NULL,
        "name" text NOT NULL,
        "location_type" "data_location_location_type_enum" NOT NULL,
        "priority" integer NOT NULL DEFAULT '1',
        "active" boolean NOT NULL DEFAULT true,
        "availability" "data_location_availability_enum" NOT NULL DEFAULT 'online',
        "capacity_bytes" bigint,
        "retention_days" integer,
        "note" text,
        "host" text,
        "remote_user" text,
        "path" text,
        "endpoint_url" text,
        "region" text,
        "bucket" text,
        "key_prefix" text,
        "credentials_prefix" text,
        "library_name" text,
        "pool_name" text,
        CONSTRAINT "uq_data_location__site_id_name" UNIQUE ("site_id", "name"),
        CONSTRAINT "ck_data_location__availability_reason" CHECK ("availability_reason" <> ''),
        CONSTRAINT "ck_data_location__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_data_location__priority" CHECK (
          "priority" >= 1
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "ck_data_location__capacity_bytes" CHECK (
          "capacity_bytes" >= 0
          AND "capacity_bytes" <= 9007199254740991
          AND "capacity_bytes" = CAST("capacity_bytes" AS bigint)
        ),
        CONSTRAINT "ck_data_location__retention_days" CHECK (
          "retention_days" >= 0
          AND "retention_days" = CAST("retention_days" AS integer)
        ),
        CONSTRAINT "ck_data_location__note" CHECK ("note" <> ''),
        CONSTRAINT "ck_data_location__active_only_when_usable" CHECK (
          "active" = false
          OR "availability" IN ('online', 'read_only')
        ),
        CONSTRAINT "ck_data_location__host" CHECK ("host" <> ''),
        CONSTRAINT "ck_data_location__remote_user" CHECK ("remote_user" <> ''),
        CONSTRAINT "ck_data_location__path" CHECK ("path" <> ''),
        CONSTRAINT "ck_disk_data_location__only" CHECK (
          "storage_type" = 'disk'
          OR (
            "host" IS NULL
            AND "remote_user" IS NULL
            AND "path" IS NULL
          )
        ),
        CONSTRAINT "ck_disk_data_location__complete" CHECK (
          "storage_type" <> 'disk'
          OR ("path" IS NOT NULL)
        ),
        CONSTRAINT "ck_data_location__endpoint_url" CHECK ("endpoint_url" <> ''),
        CONSTRAINT "ck_data_location__region" CHECK ("region" <> ''),
        CONSTRAINT "ck_data_location__bucket" CHECK ("bucket" <> ''),
        CONSTRAINT "ck_data_location__key_prefix" CHECK ("key_prefix" <> ''),
        CONSTRAINT "ck_data_location__credentials_prefix" CHECK ("credentials_prefix" <> ''),
        CONSTRAINT "ck_s3_data_location__only" CHECK (
          "storage_type" = 's3'
          OR (
            "endpoint_url" IS NULL
            AND "region" IS NULL
            AND "bucket" IS NULL
            AND "key_prefix" IS NULL
            AND "credentials_prefix" IS NULL
          )
        ),
        CONSTRAINT "ck_s3_data_location__complete" CHECK (
          "storage_type" <> 's3'
          OR (
            "bucket" IS NOT NULL
            AND "credentials_prefix" IS NOT NULL
          )
        ),
        CONSTRAINT "ck_data_location__library_name" CHECK ("library_name" <> ''),
        CONSTRAINT "ck_data_location__pool_name" CHECK ("pool_name" <> ''),
        CONSTRAINT "ck_tape_data_location__only" CHECK (
          "storage_type" = 'tape'
          OR (
            "library_name" IS NULL
            AND "pool_name" IS NULL
          )
        ),
        CONSTRAINT "ck_tape_data_location__complete" CHECK (
          "storage_type" <> 'tape'
          OR ("library_name" IS NOT NULL)
        ),
        CONSTRAINT "pk_data_location" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "data_location"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "data_location"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "data_location"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "data_location"."availability_reason" IS 'Why the availability is what it is, in words for people; null: nothing to say.';

      COMMENT ON COLUMN "data_location"."availability_since" IS 'Since when the availability is what it is, UTC; null: since the row was written.';

      COMMENT ON COLUMN "data_location"."storage_type" IS 'How the location stores, and so which member of the family the row is.';

      COMMENT ON COLUMN "data_location"."site_id" IS 'Site that the storage stands at.';

      COMMENT ON COLUMN "data_location"."name" IS 'Name of the location, unique within its site; part of the names of work queues.';

      COMMENT ON COLUMN "data_location"."location_type" IS 'What the location is for.';

      COMMENT ON COLUMN "data_location"."priority" IS 'Order among the locations of one type at a site, 1 is used first.';

      COMMENT ON COLUMN "data_location"."active" IS 'Whether the data transfer uses the location.';

      COMMENT ON COLUMN "data_location"."availability" IS 'What can be done with the location.';

      COMMENT ON COLUMN "data_location"."capacity_bytes" IS 'Space in all [byte]; null: not limited, or not known.';

      COMMENT ON COLUMN "data_location"."retention_days" IS 'How long temporary copies are kept after their last use [d]; null: until the space is needed.';

      COMMENT ON COLUMN "data_location"."note" IS 'Anything an operator should know; null: nothing to say.';

      COMMENT ON COLUMN "data_location"."host" IS 'Computer that has the file system; null: every computer that works with the location.';

      COMMENT ON COLUMN "data_location"."remote_user" IS 'User for work on that computer; null: the user that the service runs as.';

      COMMENT ON COLUMN "data_location"."path" IS 'Absolute path of the root of the location.';

      COMMENT ON COLUMN "data_location"."endpoint_url" IS 'Address of the service; null: AWS''s own.';

      COMMENT ON COLUMN "data_location"."region" IS 'Region of the service; null: the default of the service.';

      COMMENT ON COLUMN "data_location"."bucket" IS 'Bucket that holds the objects.';

      COMMENT ON COLUMN "data_location"."key_prefix" IS 'What the key of every object begins with; null: nothing.';

      COMMENT ON COLUMN "data_location"."credentials_prefix" IS 'What the names of the environment variables with the credentials begin with.';

      COMMENT ON COLUMN "data_location"."library_name" IS 'Name or address of the tape library.';

      COMMENT ON COLUMN "data_location"."pool_name" IS 'Pool of tapes within the library; null: the default pool.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_location" IS 'Storage at a site that files and packages can lie on; a family told apart by storage_type.'
    `);
    await queryRunner.query(`
      CREATE TYPE "data_transfer_package_status_enum" AS ENUM('pending', 'scheduled', 'in_progress', 'completed', 'failed')
    `);
    await queryRunner.query(`
      CREATE TYPE "data_transfer_package_checksum_algorithm_enum" AS ENUM('sha256', 'md5', 'xxh128', 'crc32c')
    `);
    await queryRunner.query(`
      CREATE TABLE "data_transfer_package" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "priority" integer NOT NULL DEFAULT '50',
        "retry_count" integer NOT NULL DEFAULT '0',
        "max_retries" integer NOT NULL DEFAULT '3',
        "next_retry_at" TIMESTAMP(3) WITH TIME ZONE,
        "claimed_by" text,
        "heartbeat_at" TIMESTAMP(3) WITH TIME ZONE,
        "scheduled_at" TIMESTAMP(3) WITH TIME ZONE,
        "started_at" TIMESTAMP(3) WITH TIME ZONE,
        "finished_at" TIMESTAMP(3) WITH TIME ZONE,
        "last_error" text,
        "log_path" text,
        "origin_location_id" integer NOT NULL,
        "status" "data_transfer_package_status_enum" NOT NULL DEFAULT 'pending',
        "relative_path" text,
        "package_count" integer NOT NULL DEFAULT '0',
        "size_bytes" bigint,
        "checksum" text,
        "checksum_algorithm" "data_transfer_package_checksum_algorithm_enum",
        CONSTRAINT "ck_data_transfer_package__priority" CHECK (
          "priority" >= 0
          AND "priority" <= 100
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "ck_data_transfer_package__retry_count" CHECK (
          "retry_count" >= 0
          AND "retry_count" = CAST("retry_count" AS integer)
        ),
        CONSTRAINT "ck_data_transfer_package__max_retries" CHECK (
          "max_retries" >= 0
          AND "max_retries" = CAST("max_retries" AS integer)
        ),
        CONSTRAINT "ck_data_transfer_package__claimed_by" CHECK ("claimed_by" <> ''),
        CONSTRAINT "ck_data_transfer_package__last_error" CHECK ("last_error" <> ''),
        CONSTRAINT "ck_data_transfer_package__log_path" CHECK ("log_path" <> ''),
        CONSTRAINT "ck_data_transfer_package__relative_path" CHECK ("relative_path" <> ''),
        CONSTRAINT "ck_data_transfer_package__package_count" CHECK (
          "package_count" >= 0
          AND "package_count" = CAST("package_count" AS integer)
        ),
        CONSTRAINT "ck_data_transfer_package__size_bytes" CHECK (
          "size_bytes" >= 0
          AND "size_bytes" <= 9007199254740991
          AND "size_bytes" = CAST("size_bytes" AS bigint)
        ),
        CONSTRAINT "ck_data_transfer_package__checksum_checksum_algorithm" CHECK (
          coalesce(length("checksum"), -1) = CASE "checksum_algorithm"
            WHEN 'sha256' THEN 64
            WHEN 'md5' THEN 32
            WHEN 'xxh128' THEN 32
            WHEN 'crc32c' THEN 8
            ELSE -1
          END
        ),
        CONSTRAINT "ck_data_transfer_package__built_is_described" CHECK (
          "status" <> 'completed'
          OR (
            "relative_path" IS NOT NULL
            AND "size_bytes" IS NOT NULL
            AND "checksum" IS NOT NULL
          )
        ),
        CONSTRAINT "pk_data_transfer_package" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "data_transfer_package"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "data_transfer_package"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "data_transfer_package"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "data_transfer_package"."priority" IS 'Priority, higher first.';

      COMMENT ON COLUMN "data_transfer_package"."retry_count" IS 'How often the work failed and was tried again.';

      COMMENT ON COLUMN "data_transfer_package"."max_retries" IS 'How often the work may be tried again.';

      COMMENT ON COLUMN "data_transfer_package"."next_retry_at" IS 'Earliest time of the next try, UTC; null: at once.';

      COMMENT ON COLUMN "data_transfer_package"."claimed_by" IS 'Worker that has the work; null: nobody.';

      COMMENT ON COLUMN "data_transfer_package"."heartbeat_at" IS 'Last sign of life of the worker that has the work, UTC; null: nobody has it.';

      COMMENT ON COLUMN "data_transfer_package"."scheduled_at" IS 'When the work was given to a worker last, UTC; null: not yet.';

      COMMENT ON COLUMN "data_transfer_package"."started_at" IS 'When the work was begun last, UTC; null: not yet.';

      COMMENT ON COLUMN "data_transfer_package"."finished_at" IS 'When the work came to its end, UTC; null: not yet.';

      COMMENT ON COLUMN "data_transfer_package"."last_error" IS 'What went wrong last; null: nothing.';

      COMMENT ON COLUMN "data_transfer_package"."log_path" IS 'Path of the log of the last try; null: none written.';

      COMMENT ON COLUMN "data_transfer_package"."origin_location_id" IS 'Buffer where the bundle is made.';

      COMMENT ON COLUMN "data_transfer_package"."status" IS 'Where the building of the bundle stands.';

      COMMENT ON COLUMN "data_transfer_package"."relative_path" IS 'Path of the archive below the root of a location; null: not built yet.';

      COMMENT ON COLUMN "data_transfer_package"."package_count" IS 'Number of packages in the bundle.';

      COMMENT ON COLUMN "data_transfer_package"."size_bytes" IS 'Size of the archive [byte]; null: not built yet.';

      COMMENT ON COLUMN "data_transfer_package"."checksum" IS 'Checksum of the archive, in hexadecimal digits; null: not built yet.';

      COMMENT ON COLUMN "data_transfer_package"."checksum_algorithm" IS 'Algorithm of the checksum; null: not built yet.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_data_transfer_package__in_hand" ON "data_transfer_package" ("heartbeat_at")
      WHERE
        "status" IN ('scheduled', 'in_progress')
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_data_transfer_package__pending" ON "data_transfer_package" ("origin_location_id", "priority", "created_at")
      WHERE
        "status" = 'pending'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_transfer_package" IS 'A bundle of raw data packages for the network; its work is building it.'
    `);
    await queryRunner.query(`
      CREATE TABLE "observatory" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "name" text NOT NULL,
        "short_name" text NOT NULL,
        "description" text,
        CONSTRAINT "uq_observatory__short_name" UNIQUE ("short_name"),
        CONSTRAINT "uq_observatory__name" UNIQUE ("name"),
        CONSTRAINT "ck_observatory__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_observatory__short_name" CHECK ("short_name" <> ''),
        CONSTRAINT "ck_observatory__description" CHECK ("description" <> ''),
        CONSTRAINT "pk_observatory" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "observatory"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "observatory"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "observatory"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "observatory"."name" IS 'Name of the observatory.';

      COMMENT ON COLUMN "observatory"."short_name" IS 'Short form of the name in lower case.';

      COMMENT ON COLUMN "observatory"."description" IS 'What the facility is and who runs it; null: nothing to say.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "observatory" IS 'A facility that groups telescopes; rarely changing.'
    `);
    await queryRunner.query(`
      CREATE TABLE "telescope" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "observatory_id" integer NOT NULL,
        "name" text NOT NULL,
        "short_name" text NOT NULL,
        "latitude_deg" double precision NOT NULL,
        "longitude_deg" double precision NOT NULL,
        "altitude_m" double precision NOT NULL,
        "aperture_m" double precision NOT NULL,
        "effective_aperture_m" double precision,
        "field_of_view_deg" double precision,
        "plate_scale_arcsec_per_mm" double precision,
        "surface_rms_um" double precision,
        "azimuth_min_deg" double precision NOT NULL,
        "azimuth_max_deg" double precision NOT NULL,
        "elevation_min_deg" double precision NOT NULL,
        "elevation_max_deg" double precision NOT NULL,
        "azimuth_speed_max_deg_s" double precision NOT NULL,
        "azimuth_acceleration_max_deg_s2" double precision NOT NULL,
        "elevation_speed_max_deg_s" double precision NOT NULL,
        "elevation_acceleration_max_deg_s2" double precision NOT NULL,
        "sun_exclusion_deg" double precision NOT NULL,
        "sun_warning_deg" double precision NOT NULL,
        "time_zone" text NOT NULL,
        CONSTRAINT "uq_telescope__short_name" UNIQUE ("short_name"),
        CONSTRAINT "uq_telescope__name" UNIQUE ("name"),
        CONSTRAINT "ck_telescope__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_telescope__short_name" CHECK ("short_name" <> ''),
        CONSTRAINT "ck_telescope__latitude_deg" CHECK (
          "latitude_deg" >= -90
          AND "latitude_deg" <= 90
          AND "latitude_deg" - "latitude_deg" = 0
        ),
        CONSTRAINT "ck_telescope__longitude_deg" CHECK (
          "longitude_deg" >= -180
          AND "longitude_deg" <= 180
          AND "longitude_deg" - "longitude_deg" = 0
        ),
        CONSTRAINT "ck_telescope__altitude_m" CHECK (
          "altitude_m" >= -500
          AND "altitude_m" <= 9000
          AND "altitude_m" - "altitude_m" = 0
        ),
        CONSTRAINT "ck_telescope__aperture_m" CHECK (
          "aperture_m" > 0
          AND "aperture_m" - "aperture_m" = 0
        ),
        CONSTRAINT "ck_telescope__effective_aperture_m" CHECK (
          "effective_aperture_m" > 0
          AND "effective_aperture_m" - "effective_aperture_m" = 0
        ),
        CONSTRAINT "ck_telescope__field_of_view_deg" CHECK (
          "field_of_view_deg" > 0
          AND "field_of_view_deg" - "field_of_view_deg" = 0
        ),
        CONSTRAINT "ck_telescope__plate_scale_arcsec_per_mm" CHECK (
          "plate_scale_arcsec_per_mm" > 0
          AND "plate_scale_arcsec_per_mm" - "plate_scale_arcsec_per_mm" = 0
        ),
        CONSTRAINT "ck_telescope__surface_rms_um" CHECK (
          "surface_rms_um" > 0
          AND "surface_rms_um" - "surface_rms_um" = 0
        ),
        CONSTRAINT "ck_telescope__azimuth_min_deg" CHECK (
          "azimuth_min_deg" >= -360
          AND "azimuth_min_deg" <= 360
          AND "azimuth_min_deg" - "azimuth_min_deg" = 0
        ),
        CONSTRAINT "ck_telescope__azimuth_max_deg" CHECK (
          "azimuth_max_deg" >= -360
          AND "azimuth_max_deg" <= 720
          AND "azimuth_max_deg" - "azimuth_max_deg" = 0
        ),
        CONSTRAINT "ck_telescope__elevation_min_deg" CHECK (
          "elevation_min_deg" >= 0
          AND "elevation_min_deg" <= 90
          AND "elevation_min_deg" - "elevation_min_deg" = 0
        ),
        CONSTRAINT "ck_telescope__elevation_max_deg" CHECK (
          "elevation_max_deg" >= 0
          AND "elevation_max_deg" <= 180
          AND "elevation_max_deg" - "elevation_max_deg" = 0
        ),
        CONSTRAINT "ck_telescope__azimuth_speed_max_deg_s" CHECK (
          "azimuth_speed_max_deg_s" > 0
          AND "azimuth_speed_max_deg_s" - "azimuth_speed_max_deg_s" = 0
        ),
        CONSTRAINT "ck_telescope__azimuth_acceleration_max_deg_s2" CHECK (
          "azimuth_acceleration_max_deg_s2" > 0
          AND "azimuth_acceleration_max_deg_s2" - "azimuth_acceleration_max_deg_s2" = 0
        ),
        CONSTRAINT "ck_telescope__elevation_speed_max_deg_s" CHECK (
          "elevation_speed_max_deg_s" > 0
          AND "elevation_speed_max_deg_s" - "elevation_speed_max_deg_s" = 0
        ),
        CONSTRAINT "ck_telescope__elevation_acceleration_max_deg_s2" CHECK (
          "elevation_acceleration_max_deg_s2" > 0
          AND "elevation_acceleration_max_deg_s2" - "elevation_acceleration_max_deg_s2" = 0
        ),
        CONSTRAINT "ck_telescope__sun_exclusion_deg" CHECK (
          "sun_exclusion_deg" >= 0
          AND "sun_exclusion_deg" <= 180
          AND "sun_exclusion_deg" - "sun_exclusion_deg" = 0
        ),
        CONSTRAINT "ck_telescope__sun_warning_deg" CHECK (
          "sun_warning_deg" >= 0
          AND "sun_warning_deg" <= 180
          AND "sun_warning_deg" - "sun_warning_deg" = 0
        ),
        CONSTRAINT "ck_telescope__time_zone" CHECK ("time_zone" <> ''),
        CONSTRAINT "ck_telescope__sun_warning_outside_exclusion" CHECK ("sun_warning_deg" >= "sun_exclusion_deg"),
        CONSTRAINT "ck_telescope__azimuth_limits_ordered" CHECK ("azimuth_min_deg" < "azimuth_max_deg"),
        CONSTRAINT "ck_telescope__elevation_limits_ordered" CHECK ("elevation_min_deg" < "elevation_max_deg"),
        CONSTRAINT "pk_telescope" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "telescope"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "telescope"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "telescope"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "telescope"."observatory_id" IS 'Observatory that runs the telescope.';

      COMMENT ON COLUMN "telescope"."name" IS 'Name of the telescope.';

      COMMENT ON COLUMN "telescope"."short_name" IS 'Short form of the name.';

      COMMENT ON COLUMN "telescope"."latitude_deg" IS 'Geodetic latitude, north positive [deg].';

      COMMENT ON COLUMN "telescope"."longitude_deg" IS 'Longitude, east positive [deg].';

      COMMENT ON COLUMN "telescope"."altitude_m" IS 'Height above sea level [m].';

      COMMENT ON COLUMN "telescope"."aperture_m" IS 'Diameter of the primary mirror [m].';

      COMMENT ON COLUMN "telescope"."effective_aperture_m" IS 'Diameter that sensitivity estimates use [m]; null: not known.';

      COMMENT ON COLUMN "telescope"."field_of_view_deg" IS 'Diameter of the usable field of view [deg]; null: not known.';

      COMMENT ON COLUMN "telescope"."plate_scale_arcsec_per_mm" IS 'Scale in the focal plane [arcsec/mm]; null: not known.';

      COMMENT ON COLUMN "telescope"."surface_rms_um" IS 'Root mean square error of the surface [um]; null: not known.';

      COMMENT ON COLUMN "telescope"."azimuth_min_deg" IS 'Smallest azimuth of operation, north through east [deg].';

      COMMENT ON COLUMN "telescope"."azimuth_max_deg" IS 'Largest azimuth of operation, north through east [deg].';

      COMMENT ON COLUMN "telescope"."elevation_min_deg" IS 'Smallest elevation of operation [deg].';

      COMMENT ON COLUMN "telescope"."elevation_max_deg" IS 'Largest elevation of operation [deg].';

      COMMENT ON COLUMN "telescope"."azimuth_speed_max_deg_s" IS 'Largest speed in azimuth [deg/s].';

      COMMENT ON COLUMN "telescope"."azimuth_acceleration_max_deg_s2" IS 'Largest acceleration in azimuth [deg/s**2].';

      COMMENT ON COLUMN "telescope"."elevation_speed_max_deg_s" IS 'Largest speed in elevation [deg/s].';

      COMMENT ON COLUMN "telescope"."elevation_acceleration_max_deg_s2" IS 'Largest acceleration in elevation [deg/s**2].';

      COMMENT ON COLUMN "telescope"."sun_exclusion_deg" IS 'Distance from the Sun inside which the telescope must not point [deg].';

      COMMENT ON COLUMN "telescope"."sun_warning_deg" IS 'Distance from the Sun inside which operators are warned [deg].';

      COMMENT ON COLUMN "telescope"."time_zone" IS 'Civil time zone of the place, IANA name.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_telescope__observatory_id" ON "telescope" ("observatory_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "telescope" IS 'A telescope at one place, with the limits that every observation must keep.'
    `);
    await queryRunner.query(`
      CREATE TYPE "instrument_kind_enum" AS ENUM('heterodyne_array', 'continuum_camera')
    `);
    await queryRunner.query(`
      CREATE TYPE "instrument_availability_enum" AS ENUM('operational', 'commissioning', 'standby', 'maintenance', 'fault', 'not_installed', 'retired')
    `);
    await queryRunner.query(`
      CREATE TABLE "instrument" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "availability_reason" text,
        "availability_since" TIMESTAMP(3) WITH TIME ZONE,
        "telescope_id" integer NOT NULL,
        "name" text NOT NULL,
        "description" text,
        "kind" "instrument_kind_enum" NOT NULL,
        "available" boolean NOT NULL DEFAULT true,
        "availability" "instrument_availability_enum" NOT NULL DEFAULT 'operational',
        CONSTRAINT "uq_instrument__name" UNIQUE ("name"),
        CONSTRAINT "ck_instrument__availability_reason" CHECK ("availability_reason" <> ''),
        CONSTRAINT "ck_instrument__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_instrument__description" CHECK ("description" <> ''),
        CONSTRAINT "ck_instrument__available_only_when_fit" CHECK (
          "available" = false
          OR "availability" IN ('operational', 'commissioning')
        ),
        CONSTRAINT "pk_instrument" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "instrument"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "instrument"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "instrument"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "instrument"."availability_reason" IS 'Why the availability is what it is, in words for people; null: nothing to say.';

      COMMENT ON COLUMN "instrument"."availability_since" IS 'Since when the availability is what it is, UTC; null: since the row was written.';

      COMMENT ON COLUMN "instrument"."telescope_id" IS 'Telescope that carries the instrument.';

      COMMENT ON COLUMN "instrument"."name" IS 'Name of the instrument.';

      COMMENT ON COLUMN "instrument"."description" IS 'What the instrument is; null: nothing to say.';

      COMMENT ON COLUMN "instrument"."kind" IS 'Kind of receiver.';

      COMMENT ON COLUMN "instrument"."available" IS 'Whether the scheduler may plan with it: operational and installed.';

      COMMENT ON COLUMN "instrument"."availability" IS 'What the instrument is fit for.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_instrument__telescope_id" ON "instrument" ("telescope_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "instrument" IS 'A receiver or camera mounted on a telescope.'
    `);
    await queryRunner.query(`
      CREATE TABLE "instrument_slot" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "instrument_id" integer NOT NULL,
        "name" text NOT NULL,
        "offset_x_arcmin" double precision NOT NULL,
        "offset_y_arcmin" double precision NOT NULL,
        "ring_angle_deg" double precision,
        CONSTRAINT "uq_instrument_slot__instrument_id_name" UNIQUE ("instrument_id", "name"),
        CONSTRAINT "ck_instrument_slot__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_instrument_slot__offset_x_arcmin" CHECK ("offset_x_arcmin" - "offset_x_arcmin" = 0),
        CONSTRAINT "ck_instrument_slot__offset_y_arcmin" CHECK ("offset_y_arcmin" - "offset_y_arcmin" = 0),
        CONSTRAINT "ck_instrument_slot__ring_angle_deg" CHECK (
          "ring_angle_deg" >= -180
          AND "ring_angle_deg" <= 180
          AND "ring_angle_deg" - "ring_angle_deg" = 0
        ),
        CONSTRAINT "pk_instrument_slot" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "instrument_slot"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "instrument_slot"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "instrument_slot"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "instrument_slot"."instrument_id" IS 'Instrument that has the slot.';

      COMMENT ON COLUMN "instrument_slot"."name" IS 'Name of the slot, such as c or i1.';

      COMMENT ON COLUMN "instrument_slot"."offset_x_arcmin" IS 'Offset from the boresight in x on the sky at zero field rotation [arcmin].';

      COMMENT ON COLUMN "instrument_slot"."offset_y_arcmin" IS 'Offset from the boresight in y on the sky at zero field rotation [arcmin].';

      COMMENT ON COLUMN "instrument_slot"."ring_angle_deg" IS 'Angle on the ring of slots [deg]; null: the central slot.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "instrument_slot" IS 'A place for a module in an instrument''s focal plane.'
    `);
    await queryRunner.query(`
      CREATE TYPE "instrument_module_availability_enum" AS ENUM('operational', 'commissioning', 'standby', 'maintenance', 'fault', 'not_installed', 'retired')
    `);
    await queryRunner.query(`
      CREATE TABLE "instrument_module" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "availability_reason" text,
        "availability_since" TIMESTAMP(3) WITH TIME ZONE,
        "instrument_id" integer NOT NULL,
        "slot_id" integer,
        "name" text NOT NULL,
        "description" text,
        "available" boolean NOT NULL DEFAULT true,
        "availability" "instrument_module_availability_enum" NOT NULL DEFAULT 'operational',
        "detector_count" integer,
        "frequency_min_ghz" double precision,
        "frequency_center_ghz" double precision,
        "frequency_max_ghz" double precision,
        "bandwidth_ghz" double precision,
        "if_min_ghz" double precision,
        "if_max_ghz" double precision,
        "beam_fwhm_arcsec" double precision,
        "field_of_view_deg" double precision,
        "sensitivity" text,
        "spectral_resolution" text,
        "raw_file_format" text,
        "raw_stream_count" integer,
        "raw_data_rate_bytes_s" bigint,
        "raw_file_rotation_s" integer,
        CONSTRAINT "uq_instrument_module__slot_id" UNIQUE ("slot_id"),
        CONSTRAINT "uq_instrument_module__instrument_id_name" UNIQUE ("instrument_id", "name"),
        CONSTRAINT "ck_instrument_module__availability_reason" CHECK ("availability_reason" <> ''),
        CONSTRAINT "ck_instrument_module__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_instrument_module__description" CHECK ("description" <> ''),
        CONSTRAINT "ck_instrument_module__detector_count" CHECK (
          "detector_count" >= 1
          AND "detector_count" = CAST("detector_count" AS integer)
        ),
        CONSTRAINT "ck_instrument_module__frequency_min_ghz" CHECK (
          "frequency_min_ghz" > 0
          AND "frequency_min_ghz" - "frequency_min_ghz" = 0
        ),
        CONSTRAINT "ck_instrument_module__frequency_center_ghz" CHECK (
          "frequency_center_ghz" > 0
          AND "frequency_center_ghz" - "frequency_center_ghz" = 0
        ),
        CONSTRAINT "ck_instrument_module__frequency_max_ghz" CHECK (
          "frequency_max_ghz" > 0
          AND "frequency_max_ghz" - "frequency_max_ghz" = 0
        ),
        CONSTRAINT "ck_instrument_module__bandwidth_ghz" CHECK (
          "bandwidth_ghz" > 0
          AND "bandwidth_ghz" - "bandwidth_ghz" = 0
        ),
        CONSTRAINT "ck_instrument_module__if_min_ghz" CHECK (
          "if_min_ghz" >= 0
          AND "if_min_ghz" - "if_min_ghz" = 0
        ),
        CONSTRAINT "ck_instrument_module__if_max_ghz" CHECK (
          "if_max_ghz" >= 0
          AND "if_max_ghz" - "if_max_ghz" = 0
        ),
        CONSTRAINT "ck_instrument_module__beam_fwhm_arcsec" CHECK (
          "beam_fwhm_arcsec" > 0
          AND "beam_fwhm_arcsec" - "beam_fwhm_arcsec" = 0
        ),
        CONSTRAINT "ck_instrument_module__field_of_view_deg" CHECK (
          "field_of_view_deg" > 0
          AND "field_of_view_deg" - "field_of_view_deg" = 0
        ),
        CONSTRAINT "ck_instrument_module__sensitivity" CHECK ("sensitivity" <> ''),
        CONSTRAINT "ck_instrument_module__spectral_resolution" CHECK ("spectral_resolution" <> ''),
        CONSTRAINT "ck_instrument_module__raw_file_format" CHECK ("raw_file_format" <> ''),
        CONSTRAINT "ck_instrument_module__raw_stream_count" CHECK (
          "raw_stream_count" >= 1
          AND "raw_stream_count" = CAST("raw_stream_count" AS integer)
        ),
        CONSTRAINT "ck_instrument_module__raw_data_rate_bytes_s" CHECK (
          "raw_data_rate_bytes_s" >= 0
          AND "raw_data_rate_bytes_s" <= 9007199254740991
          AND "raw_data_rate_bytes_s" = CAST("raw_data_rate_bytes_s" AS bigint)
        ),
        CONSTRAINT "ck_instrument_module__raw_file_rotation_s" CHECK (
          "raw_file_rotation_s" >= 1
          AND "raw_file_rotation_s" = CAST("raw_file_rotation_s" AS integer)
        ),
        CONSTRAINT "ck_instrument_module__if_band_ordered" CHECK ("if_min_ghz" < "if_max_ghz"),
        CONSTRAINT "ck_instrument_module__frequencies_ordered" CHECK ("frequency_min_ghz" < "frequency_max_ghz"),
        CONSTRAINT "ck_instrument_module__available_only_when_fit" CHECK (
          "available" = false
          OR "availability" IN ('operational', 'commissioning')
        ),
        CONSTRAINT "pk_instrument_module" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "instrument_module"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "instrument_module"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "instrument_module"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "instrument_module"."availability_reason" IS 'Why the availability is what it is, in words for people; null: nothing to say.';

      COMMENT ON COLUMN "instrument_module"."availability_since" IS 'Since when the availability is what it is, UTC; null: since the row was written.';

      COMMENT ON COLUMN "instrument_module"."instrument_id" IS 'Instrument that the module belongs to.';

      COMMENT ON COLUMN "instrument_module"."slot_id" IS 'Slot that the module sits in; null: not in a slot, or not known.';

      COMMENT ON COLUMN "instrument_module"."name" IS 'Name of the module.';

      COMMENT ON COLUMN "instrument_module"."description" IS 'What the module is and what is known of its status; null: nothing to say.';

      COMMENT ON COLUMN "instrument_module"."available" IS 'Whether the scheduler may plan with it.';

      COMMENT ON COLUMN "instrument_module"."availability" IS 'What the module is fit for.';

      COMMENT ON COLUMN "instrument_module"."detector_count" IS 'Number of pixels or detectors; null: not known.';

      COMMENT ON COLUMN "instrument_module"."frequency_min_ghz" IS 'Lowest frequency that it observes [GHz]; null: not known.';

      COMMENT ON COLUMN "instrument_module"."frequency_center_ghz" IS 'Centre of the band that it observes [GHz]; null: not known.';

      COMMENT ON COLUMN "instrument_module"."frequency_max_ghz" IS 'Highest frequency that it observes [GHz]; null: not known.';

      COMMENT ON COLUMN "instrument_module"."bandwidth_ghz" IS 'Bandwidth that it takes at once [GHz]; null: not known.';

      COMMENT ON COLUMN "instrument_module"."if_min_ghz" IS 'Low end of the intermediate frequency band [GHz]; null: not a heterodyne module, or not known.';

      COMMENT ON COLUMN "instrument_module"."if_max_ghz" IS 'High end of the intermediate frequency band [GHz]; null: not a heterodyne module, or not known.';

      COMMENT ON COLUMN "instrument_module"."beam_fwhm_arcsec" IS 'Full width at half maximum of the beam [arcsec]; null: not known.';

      COMMENT ON COLUMN "instrument_module"."field_of_view_deg" IS 'Diameter or side of the field of view [deg]; null: not known.';

      COMMENT ON COLUMN "instrument_module"."sensitivity" IS 'Sensitivity as published, with its unit; null: not known.';

      COMMENT ON COLUMN "instrument_module"."spectral_resolution" IS 'Channel width or resolving power as published, with its unit; null: continuum, or not known.';

      COMMENT ON COLUMN "instrument_module"."raw_file_format" IS 'Format of the raw data files, by their usual ending; null: not known.';

      COMMENT ON COLUMN "instrument_module"."raw_stream_count" IS 'Files that the module writes at the same time; null: not known.';

      COMMENT ON COLUMN "instrument_module"."raw_data_rate_bytes_s" IS 'Raw data rate of all streams together, uncompressed [byte/s]; null: not known.';

      COMMENT ON COLUMN "instrument_module"."raw_file_rotation_s" IS 'Time after which each stream begins a new file [s]; null: not rotated, or not known.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "instrument_module" IS 'The part of an instrument that produces data, such as the LFA of CHAI.'
    `);
    await queryRunner.query(`
      CREATE TYPE "instrument_module_configuration_type_enum" AS ENUM('chai_module_configuration', 'prime_cam_module_configuration')
    `);
    await queryRunner.query(`
      CREATE TYPE "instrument_module_configuration_sideband_enum" AS ENUM('lsb', 'usb')
    `);
    await queryRunner.query(`
      CREATE TABLE "instrument_module_configuration" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "type" "instrument_module_configuration_type_enum" NOT NULL,
        "instrument_module_id" integer NOT NULL,
        "name" text NOT NULL,
        "description" text,
        "lo_frequency_ghz" double precision,
        "sideband" "instrument_module_configuration_sideband_enum",
        "readout_network_count" integer,
        "sample_rate_hz" double precision,
        "retune_interval_s" integer,
        CONSTRAINT "uq_instrument_module_configuration__instrument_module_id_name" UNIQUE ("instrument_module_id", "name"),
        CONSTRAINT "ck_instrument_module_configuration__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_instrument_module_configuration__description" CHECK ("description" <> ''),
        CONSTRAINT "ck_instrument_module_configuration__lo_frequency_ghz" CHECK (
          "lo_frequency_ghz" > 0
          AND "lo_frequency_ghz" - "lo_frequency_ghz" = 0
        ),
        CONSTRAINT "ck_chai_module_configuration__only" CHECK (
          "type" = 'chai_module_configuration'
          OR (
            "lo_frequency_ghz" IS NULL
            AND "sideband" IS NULL
          )
        ),
        CONSTRAINT "ck_chai_module_configuration__complete" CHECK (
          "type" <> 'chai_module_configuration'
          OR (
            "lo_frequency_ghz" IS NOT NULL
            AND "sideband" IS NOT NULL
          )
        ),
        CONSTRAINT "ck_instrument_module_configuration__readout_network_count" CHECK (
          "readout_network_count" >= 1
          AND "readout_network_count" = CAST("readout_network_count" AS integer)
        ),
        CONSTRAINT "ck_instrument_module_configuration__sample_rate_hz" CHECK (
          "sample_rate_hz" > 0
          AND "sample_rate_hz" - "sample_rate_hz" = 0
        ),
        CONSTRAINT "ck_instrument_module_configuration__retune_interval_s" CHECK (
          "retune_interval_s" >= 1
          AND "retune_interval_s" = CAST("retune_interval_s" AS integer)
        ),
        CONSTRAINT "ck_prime_cam_module_configuration__only" CHECK (
          "type" = 'prime_cam_module_configuration'
          OR (
            "readout_network_count" IS NULL
            AND "sample_rate_hz" IS NULL
            AND "retune_interval_s" IS NULL
          )
        ),
        CONSTRAINT "ck_prime_cam_module_configuration__complete" CHECK (
          "type" <> 'prime_cam_module_configuration'
          OR (
            "readout_network_count" IS NOT NULL
            AND "sample_rate_hz" IS NOT NULL
          )
        ),
        CONSTRAINT "pk_instrument_module_configuration" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "instrument_module_configuration"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "instrument_module_configuration"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "instrument_module_configuration"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "instrument_module_configuration"."type" IS 'Which member of the family the row is.';

      COMMENT ON COLUMN "instrument_module_configuration"."instrument_module_id" IS 'Module that is set up.';

      COMMENT ON COLUMN "instrument_module_configuration"."name" IS 'Name of the configuration, unique within the module.';

      COMMENT ON COLUMN "instrument_module_configuration"."description" IS 'What the configuration is for; null: nothing to say.';

      COMMENT ON COLUMN "instrument_module_configuration"."lo_frequency_ghz" IS 'Frequency of the local oscillator for a source at rest [GHz].';

      COMMENT ON COLUMN "instrument_module_configuration"."sideband" IS 'Sideband that takes the lines.';

      COMMENT ON COLUMN "instrument_module_configuration"."readout_network_count" IS 'Readout networks in use, each written as one stream.';

      COMMENT ON COLUMN "instrument_module_configuration"."sample_rate_hz" IS 'Rate at which every detector is sampled [Hz].';

      COMMENT ON COLUMN "instrument_module_configuration"."retune_interval_s" IS 'Longest time between two retunes of the detectors [s]; null: retuned only at the start.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "instrument_module_configuration" IS 'A named way to set up an instrument module for observing; a family told apart by type.'
    `);
    await queryRunner.query(`
      CREATE TABLE "obs_mode" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "name" text NOT NULL,
        "label" text NOT NULL,
        "description" text,
        "typical_duration_s" integer,
        CONSTRAINT "uq_obs_mode__name" UNIQUE ("name"),
        CONSTRAINT "ck_obs_mode__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_obs_mode__label" CHECK ("label" <> ''),
        CONSTRAINT "ck_obs_mode__description" CHECK ("description" <> ''),
        CONSTRAINT "ck_obs_mode__typical_duration_s" CHECK (
          "typical_duration_s" >= 1
          AND "typical_duration_s" = CAST("typical_duration_s" AS integer)
        ),
        CONSTRAINT "pk_obs_mode" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "obs_mode"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "obs_mode"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "obs_mode"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "obs_mode"."name" IS 'Name of the mode, such as otf or pong.';

      COMMENT ON COLUMN "obs_mode"."label" IS 'Name of the mode as it is printed.';

      COMMENT ON COLUMN "obs_mode"."description" IS 'How the mode is typically used; null: nothing to say.';

      COMMENT ON COLUMN "obs_mode"."typical_duration_s" IS 'Typical duration [s]; null: depends on the unit.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "obs_mode" IS 'An observing strategy that obs units follow.'
    `);
    await queryRunner.query(`
      CREATE TYPE "observation_configuration_type_enum" AS ENUM('chai_observation_configuration', 'prime_cam_observation_configuration')
    `);
    await queryRunner.query(`
      CREATE TABLE "observation_configuration" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "type" "observation_configuration_type_enum" NOT NULL,
        "name" text NOT NULL,
        "description" text,
        "map_width_arcmin" double precision,
        "map_height_arcmin" double precision,
        "map_angle_deg" double precision,
        "row_spacing_arcsec" double precision,
        "dump_spacing_arcsec" double precision,
        "dump_time_s" double precision,
        "onsky_velocity_deg_s" double precision,
        "scan_acceleration_deg_s2" double precision,
        "azimuth_ranges" jsonb,
        CONSTRAINT "uq_observation_configuration__name" UNIQUE ("name"),
        CONSTRAINT "ck_observation_configuration__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_observation_configuration__description" CHECK ("description" <> ''),
        CONSTRAINT "ck_observation_configuration__map_width_arcmin" CHECK (
          "map_width_arcmin" > 0
          AND "map_width_arcmin" - "map_width_arcmin" = 0
        ),
        CONSTRAINT "ck_observation_configuration__map_height_arcmin" CHECK (
          "map_height_arcmin" > 0
          AND "map_height_arcmin" - "map_height_arcmin" = 0
        ),
        CONSTRAINT "ck_observation_configuration__map_angle_deg" CHECK (
          "map_angle_deg" >= -180
          AND "map_angle_deg" <= 180
          AND "map_angle_deg" - "map_angle_deg" = 0
        ),
        CONSTRAINT "ck_observation_configuration__row_spacing_arcsec" CHECK (
          "row_spacing_arcsec" > 0
          AND "row_spacing_arcsec" - "row_spacing_arcsec" = 0
        ),
        CONSTRAINT "ck_observation_configuration__dump_spacing_arcsec" CHECK (
          "dump_spacing_arcsec" > 0
          AND "dump_spacing_arcsec" - "dump_spacing_arcsec" = 0
        ),
        CONSTRAINT "ck_observation_configuration__dump_time_s" CHECK (
          "dump_time_s" > 0
          AND "dump_time_s" - "dump_time_s" = 0
        ),
        CONSTRAINT "ck_chai_observation_configuration__only" CHECK (
          "type" = 'chai_observation_configuration'
          OR (
            "map_width_arcmin" IS NULL
            AND "map_height_arcmin" IS NULL
            AND "map_angle_deg" IS NULL
            AND "row_spacing_arcsec" IS NULL
            AND "dump_spacing_arcsec" IS NULL
            AND "dump_time_s" IS NULL
          )
        ),
        CONSTRAINT "ck_chai_observation_configuration__complete" CHECK (
          "type" <> 'chai_observation_configuration'
          OR ("dump_time_s" IS NOT NULL)
        ),
        CONSTRAINT "ck_observation_configuration__onsky_velocity_deg_s" CHECK (
          "onsky_velocity_deg_s" > 0
          AND "onsky_velocity_deg_s" - "onsky_velocity_deg_s" = 0
        ),
        CONSTRAINT "ck_observation_configuration__scan_acceleration_deg_s2" CHECK (
          "scan_acceleration_deg_s2" > 0
          AND "scan_acceleration_deg_s2" - "scan_acceleration_deg_s2" = 0
        ),
        CONSTRAINT "ck_prime_cam_observation_configuration__only" CHECK (
          "type" = 'prime_cam_observation_configuration'
          OR (
            "onsky_velocity_deg_s" IS NULL
            AND "scan_acceleration_deg_s2" IS NULL
            AND "azimuth_ranges" IS NULL
          )
        ),
        CONSTRAINT "ck_prime_cam_observation_configuration__complete" CHECK (
          "type" <> 'prime_cam_observation_configuration'
          OR ("onsky_velocity_deg_s" IS NOT NULL)
        ),
        CONSTRAINT "pk_observation_configuration" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "observation_configuration"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "observation_configuration"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "observation_configuration"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "observation_configuration"."type" IS 'Which member of the family the row is.';

      COMMENT ON COLUMN "observation_configuration"."name" IS 'Name of the configuration.';

      COMMENT ON COLUMN "observation_configuration"."description" IS 'What the configuration is for; null: nothing to say.';

      COMMENT ON COLUMN "observation_configuration"."map_width_arcmin" IS 'Extent of the map in right ascension [arcmin]; null: a single position.';

      COMMENT ON COLUMN "observation_configuration"."map_height_arcmin" IS 'Extent of the map in declination [arcmin]; null: a single position.';

      COMMENT ON COLUMN "observation_configuration"."map_angle_deg" IS 'Rotation of the map, north through east [deg]; null: not rotated.';

      COMMENT ON COLUMN "observation_configuration"."row_spacing_arcsec" IS 'Distance between rows [arcsec]; null: a single position.';

      COMMENT ON COLUMN "observation_configuration"."dump_spacing_arcsec" IS 'Distance between dumps along a row [arcsec]; null: a single position.';

      COMMENT ON COLUMN "observation_configuration"."dump_time_s" IS 'Integration time of a dump [s].';

      COMMENT ON COLUMN "observation_configuration"."onsky_velocity_deg_s" IS 'Speed on the sky [deg/s].';

      COMMENT ON COLUMN "observation_configuration"."scan_acceleration_deg_s2" IS 'Acceleration at the turns [deg/s**2]; null: the telescope''s limit.';

      COMMENT ON COLUMN "observation_configuration"."azimuth_ranges" IS 'Azimuth table: a list of elevation, az_min, az_max [deg] and duration [s]; null: not at constant elevation, or left to the planner.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "observation_configuration" IS 'How an observation is carried out; a family told apart by type.'
    `);
    await queryRunner.query(`
      CREATE TABLE "observing_program" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "name" text NOT NULL,
        "short_name" text NOT NULL,
        "description" text,
        "lead" text,
        "institution" text,
        "allocation" text,
        "instrument_id" integer,
        "active" boolean NOT NULL DEFAULT true,
        CONSTRAINT "uq_observing_program__short_name" UNIQUE ("short_name"),
        CONSTRAINT "uq_observing_program__name" UNIQUE ("name"),
        CONSTRAINT "ck_observing_program__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_observing_program__short_name" CHECK ("short_name" <> ''),
        CONSTRAINT "ck_observing_program__description" CHECK ("description" <> ''),
        CONSTRAINT "ck_observing_program__lead" CHECK ("lead" <> ''),
        CONSTRAINT "ck_observing_program__institution" CHECK ("institution" <> ''),
        CONSTRAINT "ck_observing_program__allocation" CHECK ("allocation" <> ''),
        CONSTRAINT "pk_observing_program" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "observing_program"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "observing_program"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "observing_program"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "observing_program"."name" IS 'Name of the program.';

      COMMENT ON COLUMN "observing_program"."short_name" IS 'Short name that people use, such as GEco.';

      COMMENT ON COLUMN "observing_program"."description" IS 'What the program observes; null: nothing to say.';

      COMMENT ON COLUMN "observing_program"."lead" IS 'People who lead the program, as published; null: not published.';

      COMMENT ON COLUMN "observing_program"."institution" IS 'Institution or institutions of the lead; null: not published.';

      COMMENT ON COLUMN "observing_program"."allocation" IS 'Time or area allocated to the program, as published; null: not published.';

      COMMENT ON COLUMN "observing_program"."instrument_id" IS 'Instrument that the program uses; null: all instruments.';

      COMMENT ON COLUMN "observing_program"."active" IS 'Whether units of the program are observed at present.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_observing_program__instrument_id" ON "observing_program" ("instrument_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "observing_program" IS 'A scientific or technical observing program; for Prime-Cam a survey.'
    `);
    await queryRunner.query(`
      CREATE TYPE "source_type_enum" AS ENUM('fixed_source', 'solar_system_object', 'constant_elevation_source')
    `);
    await queryRunner.query(`
      CREATE TYPE "source_category_enum" AS ENUM(
        'pointing',
        'line_calibrator',
        'galactic_cloud',
        'galactic_centre',
        'magellanic_cloud',
        'magellanic_region',
        'galaxy',
        'solar_system',
        'survey_field'
      )
    `);
    await queryRunner.query(`
      CREATE TYPE "source_field_shape_enum" AS ENUM('rectangle', 'circle', 'declination_range')
    `);
    await queryRunner.query(`
      CREATE TYPE "source_field_frame_enum" AS ENUM('equatorial', 'galactic', 'horizontal')
    `);
    await queryRunner.query(`
      CREATE TYPE "source_velocity_frame_enum" AS ENUM('lsrk', 'heliocentric', 'barycentric', 'unstated')
    `);
    await queryRunner.query(`
      CREATE TYPE "source_velocity_convention_enum" AS ENUM('radio', 'optical', 'relativistic')
    `);
    await queryRunner.query(`
      CREATE TYPE "source_off_frame_enum" AS ENUM('equatorial', 'galactic', 'horizontal')
    `);
    await queryRunner.query(`
      CREATE TYPE "source_body_class_enum" AS ENUM('star', 'planet', 'moon', 'dwarf_planet', 'asteroid', 'comet')
    `);
    await queryRunner.query(`
      CREATE TABLE "source" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "type" "source_type_enum" NOT NULL,
        "name" text NOT NULL,
        "aliases" jsonb NOT NULL DEFAULT '[]',
        "category" "source_category_enum" NOT NULL,
        "origin" text,
        "note" text,
        "field_shape" "source_field_shape_enum",
        "center_ra_deg" double precision,
        "center_dec_deg" double precision,
        "width_deg" double precision,
        "height_deg" double precision,
        "field_frame" "source_field_frame_enum",
        "rotation_deg" double precision,
        "area_deg2" double precision,
        "elevation_deg" double precision,
        "scan_speed_deg_s" double precision,
        "row_spacing_deg" double precision,
        "follows_source_id" integer,
        "ra_deg" double precision,
        "dec_deg" double precision,
        "coordinates_as_given" text,
        "proper_motion_ra_mas_yr" double precision,
        "proper_motion_dec_mas_yr" double precision,
        "velocity_kms" double precision,
        "velocity_frame" "source_velocity_frame_enum",
        "velocity_convention" "source_velocity_convention_enum",
        "flux_jy" double precision,
        "flux_wavelength_um" double precision,
        "off_longitude_arcsec" double precision,
        "off_latitude_arcsec" double precision,
        "off_frame" "source_off_frame_enum",
        "naif_id" integer,
        "naif_barycenter_id" integer,
        "body_class" "source_body_class_enum",
        "angular_diameter_min_arcsec" double precision,
        "angular_diameter_max_arcsec" double precision,
        "typical_use" text,
        CONSTRAINT "uq_source__name" UNIQUE ("name"),
        CONSTRAINT "uq_source__naif_id" UNIQUE ("naif_id"),
        CONSTRAINT "ck_source__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_source__origin" CHECK ("origin" <> ''),
        CONSTRAINT "ck_source__note" CHECK ("note" <> ''),
        CONSTRAINT "ck_source__center_ra_deg" CHECK (
          "center_ra_deg" >= 0
          AND "center_ra_deg" < 360
          AND "center_ra_deg" - "center_ra_deg" = 0
        ),
        CONSTRAINT "ck_source__center_dec_deg" CHECK (
          "center_dec_deg" >= -90
          AND "center_dec_deg" <= 90
          AND "center_dec_deg" - "center_dec_deg" = 0
        ),
        CONSTRAINT "ck_source__width_deg" CHECK (
          "width_deg" > 0
          AND "width_deg" <= 360
          AND "width_deg" - "width_deg" = 0
        ),
        CONSTRAINT "ck_source__height_deg" CHECK (
          "height_deg" > 0
          AND "height_deg" <= 180
          AND "height_deg" - "height_deg" = 0
        ),
        CONSTRAINT "ck_source__rotation_deg" CHECK (
          "rotation_deg" >= -180
          AND "rotation_deg" <= 180
          AND "rotation_deg" - "rotation_deg" = 0
        ),
        CONSTRAINT "ck_source__area_deg2" CHECK (
          "area_deg2" > 0
          AND "area_deg2" - "area_deg2" = 0
        ),
        CONSTRAINT "ck_source__elevation_deg" CHECK (
          "elevation_deg" >= 0
          AND "elevation_deg" <= 90
          AND "elevation_deg" - "elevation_deg" = 0
        ),
        CONSTRAINT "ck_source__scan_speed_deg_s" CHECK (
          "scan_speed_deg_s" > 0
          AND "scan_speed_deg_s" - "scan_speed_deg_s" = 0
        ),
        CONSTRAINT "ck_source__row_spacing_deg" CHECK (
          "row_spacing_deg" > 0
          AND "row_spacing_deg" - "row_spacing_deg" = 0
        ),
        CONSTRAINT "ck_constant_elevation_source__only" CHECK (
          "type" = 'constant_elevation_source'
          OR (
            "field_shape" IS NULL
            AND "center_ra_deg" IS NULL
            AND "center_dec_deg" IS NULL
            AND "width_deg" IS NULL
            AND "height_deg" IS NULL
            AND "field_frame" IS NULL
            AND "rotation_deg" IS NULL
            AND "area_deg2" IS NULL
            AND "elevation_deg" IS NULL
            AND "scan_speed_deg_s" IS NULL
            AND "row_spacing_deg" IS NULL
            AND "follows_source_id" IS NULL
          )
        ),
        CONSTRAINT "ck_constant_elevation_source__complete" CHECK (
          "type" <> 'constant_elevation_source'
          OR (
            "field_shape" IS NOT NULL
            AND "field_frame" IS NOT NULL
          )
        ),
        CONSTRAINT "ck_constant_elevation_source__center_whole" CHECK (
          "type" <> 'constant_elevation_source'
          OR (
            "field_shape" = 'declination_range'
            OR "follows_source_id" IS NOT NULL
            OR (
              "center_ra_deg" IS NOT NULL
              AND "center_dec_deg" IS NOT NULL
            )
          )
        ),
        CONSTRAINT "ck_source__ra_deg" CHECK (
          "ra_deg" >= 0
          AND "ra_deg" < 360
          AND "ra_deg" - "ra_deg" = 0
        ),
        CONSTRAINT "ck_source__dec_deg" CHECK (
          "dec_deg" >= -90
          AND "dec_deg" <= 90
          AND "dec_deg" - "dec_deg" = 0
        ),
        CONSTRAINT "ck_source__coordinates_as_given" CHECK ("coordinates_as_given" <> ''),
        CONSTRAINT "ck_source__proper_motion_ra_mas_yr" CHECK ("proper_motion_ra_mas_yr" - "proper_motion_ra_mas_yr" = 0),
        CONSTRAINT "ck_source__proper_motion_dec_mas_yr" CHECK ("proper_motion_dec_mas_yr" - "proper_motion_dec_mas_yr" = 0),
        CONSTRAINT "ck_source__velocity_kms" CHECK (
          "velocity_kms" >= -300000
          AND "velocity_kms" <= 300000
          AND "velocity_kms" - "velocity_kms" = 0
        ),
        CONSTRAINT "ck_source__flux_jy" CHECK (
          "flux_jy" >= 0
          AND "flux_jy" - "flux_jy" = 0
        ),
        CONSTRAINT "ck_source__flux_wavelength_um" CHECK (
          "flux_wavelength_um" > 0
          AND "flux_wavelength_um" - "flux_wavelength_um" = 0
        ),
        CONSTRAINT "ck_source__off_longitude_arcsec" CHECK ("off_longitude_arcsec" - "off_longitude_arcsec" = 0),
        CONSTRAINT "ck_source__off_latitude_arcsec" CHECK ("off_latitude_arcsec" - "off_latitude_arcsec" = 0),
        CONSTRAINT "ck_fixed_source__only" CHECK (
          "type" = 'fixed_source'
          OR (
            "ra_deg" IS NULL
            AND "dec_deg" IS NULL
            AND "coordinates_as_given" IS NULL
            AND "proper_motion_ra_mas_yr" IS NULL
            AND "proper_motion_dec_mas_yr" IS NULL
            AND "velocity_kms" IS NULL
            AND "velocity_frame" IS NULL
            AND "velocity_convention" IS NULL
            AND "flux_jy" IS NULL
            AND "flux_wavelength_um" IS NULL
            AND "off_longitude_arcsec" IS NULL
            AND "off_latitude_arcsec" IS NULL
            AND "off_frame" IS NULL
          )
        ),
        CONSTRAINT "ck_fixed_source__complete" CHECK (
          "type" <> 'fixed_source'
          OR (
            "ra_deg" IS NOT NULL
            AND "dec_deg" IS NOT NULL
          )
        ),
        CONSTRAINT "ck_fixed_source__velocity_with_frame" CHECK (
          "type" <> 'fixed_source'
          OR (("velocity_kms" IS NULL) = ("velocity_frame" IS NULL))
        ),
        CONSTRAINT "ck_fixed_source__flux_with_wavelength" CHECK (
          "type" <> 'fixed_source'
          OR (("flux_jy" IS NULL) = ("flux_wavelength_um" IS NULL))
        ),
        CONSTRAINT "ck_fixed_source__off_position_whole" CHECK (
          "type" <> 'fixed_source'
          OR (
            ("off_longitude_arcsec" IS NULL) = ("off_latitude_arcsec" IS NULL)
            AND ("off_longitude_arcsec" IS NULL) = ("off_frame" IS NULL)
          )
        ),
        CONSTRAINT "ck_source__naif_id" CHECK (
          "naif_id" >= 0
          AND "naif_id" = CAST("naif_id" AS integer)
        ),
        CONSTRAINT "ck_source__naif_barycenter_id" CHECK (
          "naif_barycenter_id" >= 0
          AND "naif_barycenter_id" = CAST("naif_barycenter_id" AS integer)
        ),
        CONSTRAINT "ck_source__angular_diameter_min_arcsec" CHECK (
          "angular_diameter_min_arcsec" > 0
          AND "angular_diameter_min_arcsec" - "angular_diameter_min_arcsec" = 0
        ),
        CONSTRAINT "ck_source__angular_diameter_max_arcsec" CHECK (
          "angular_diameter_max_arcsec" > 0
          AND "angular_diameter_max_arcsec" - "angular_diameter_max_arcsec" = 0
        ),
        CONSTRAINT "ck_source__typical_use" CHECK ("typical_use" <> ''),
        CONSTRAINT "ck_solar_system_object__only" CHECK (
          "type" = 'solar_system_object'
          OR (
            "naif_id" IS NULL
            AND "naif_barycenter_id" IS NULL
            AND "body_class" IS NULL
            AND "angular_diameter_min_arcsec" IS NULL
            AND "angular_diameter_max_arcsec" IS NULL
            AND "typical_use" IS NULL
          )
        ),
        CONSTRAINT "ck_solar_system_object__complete" CHECK (
          "type" <> 'solar_system_object'
          OR (
            "naif_id" IS NOT NULL
            AND "body_class" IS NOT NULL
          )
        ),
        CONSTRAINT "ck_solar_system_object__diameters_ordered" CHECK (
          "type" <> 'solar_system_object'
          OR ("angular_diameter_min_arcsec" <= "angular_diameter_max_arcsec")
        ),
        CONSTRAINT "pk_source" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "source"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "source"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "source"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "source"."type" IS 'Which kind of target the row is.';

      COMMENT ON COLUMN "source"."name" IS 'Name of the source, unique among all targets.';

      COMMENT ON COLUMN "source"."aliases" IS 'Other names of the source, a list of texts.';

      COMMENT ON COLUMN "source"."category" IS 'What the source is observed for.';

      COMMENT ON COLUMN "source"."origin" IS 'Where the facts of the row come from; null: not recorded.';

      COMMENT ON COLUMN "source"."note" IS 'Anything an observer should know; null: nothing to say.';

      COMMENT ON COLUMN "source"."field_shape" IS 'Outline of the field.';

      COMMENT ON COLUMN "source"."center_ra_deg" IS 'Right ascension of the centre, ICRS [deg]; null: a range of declination, or it follows a body.';

      COMMENT ON COLUMN "source"."center_dec_deg" IS 'Declination of the centre, ICRS [deg]; null: limits not known, or it follows a body.';

      COMMENT ON COLUMN "source"."width_deg" IS 'Extent along the longitude of field_frame [deg]; null: all right ascensions, or not known.';

      COMMENT ON COLUMN "source"."height_deg" IS 'Extent along the latitude of field_frame [deg]; null: not known.';

      COMMENT ON COLUMN "source"."field_frame" IS 'Axes along which width and height are counted.';

      COMMENT ON COLUMN "source"."rotation_deg" IS 'Rotation of the field from the axes of field_frame, north through east [deg]; null: not rotated.';

      COMMENT ON COLUMN "source"."area_deg2" IS 'Area of the field as published [deg**2]; null: not published.';

      COMMENT ON COLUMN "source"."elevation_deg" IS 'Elevation at which the field is scanned by default [deg]; null: left to the planner.';

      COMMENT ON COLUMN "source"."scan_speed_deg_s" IS 'Speed on the sky at which the field is scanned by default [deg/s]; null: left to the planner.';

      COMMENT ON COLUMN "source"."row_spacing_deg" IS 'Distance between rows by default [deg]; null: left to the planner.';

      COMMENT ON COLUMN "source"."follows_source_id" IS 'Solar system object that the field moves with; null: fixed on the sky.';

      COMMENT ON COLUMN "source"."ra_deg" IS 'Right ascension, ICRS, epoch 2000 [deg].';

      COMMENT ON COLUMN "source"."dec_deg" IS 'Declination, ICRS, epoch 2000 [deg].';

      COMMENT ON COLUMN "source"."coordinates_as_given" IS 'Coordinates as they were given, with their system; null: given as ICRS in degrees.';

      COMMENT ON COLUMN "source"."proper_motion_ra_mas_yr" IS 'Proper motion in right ascension times cos(declination) [mas/yr]; null: not known, taken as 0.';

      COMMENT ON COLUMN "source"."proper_motion_dec_mas_yr" IS 'Proper motion in declination [mas/yr]; null: not known, taken as 0.';

      COMMENT ON COLUMN "source"."velocity_kms" IS 'Radial velocity in velocity_frame [km/s]; null: not known.';

      COMMENT ON COLUMN "source"."velocity_frame" IS 'Standard of rest of the velocity; null: no velocity given.';

      COMMENT ON COLUMN "source"."velocity_convention" IS 'Definition of the velocity; null: not stated.';

      COMMENT ON COLUMN "source"."flux_jy" IS 'Flux density at flux_wavelength_um, a snapshot for variable sources [Jy]; null: not known.';

      COMMENT ON COLUMN "source"."flux_wavelength_um" IS 'Wavelength of the flux density [um]; null: no flux density given.';

      COMMENT ON COLUMN "source"."off_longitude_arcsec" IS 'Offset of the reference position in longitude of off_frame [arcsec]; null: none chosen.';

      COMMENT ON COLUMN "source"."off_latitude_arcsec" IS 'Offset of the reference position in latitude of off_frame [arcsec]; null: none chosen.';

      COMMENT ON COLUMN "source"."off_frame" IS 'Axes of the offset to the reference position; null: none chosen.';

      COMMENT ON COLUMN "source"."naif_id" IS 'Code of the body in the NAIF system of JPL.';

      COMMENT ON COLUMN "source"."naif_barycenter_id" IS 'Code of the barycentre of the body''s system in the NAIF system; null: it has none.';

      COMMENT ON COLUMN "source"."body_class" IS 'Kind of body.';

      COMMENT ON COLUMN "source"."angular_diameter_min_arcsec" IS 'Smallest angular diameter seen from Earth [arcsec]; null: not known.';

      COMMENT ON COLUMN "source"."angular_diameter_max_arcsec" IS 'Largest angular diameter seen from Earth [arcsec]; null: not known.';

      COMMENT ON COLUMN "source"."typical_use" IS 'What the body is used for; null: nothing to say.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "source" IS 'A target: a fixed source, a solar system object or a survey field; told apart by type.'
    `);
    await queryRunner.query(`
      CREATE TABLE "spectral_line" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "line_id" text NOT NULL,
        "label" text NOT NULL,
        "species" text NOT NULL,
        "rest_frequency_ghz" double precision NOT NULL,
        "priority" integer NOT NULL,
        CONSTRAINT "uq_spectral_line__line_id" UNIQUE ("line_id"),
        CONSTRAINT "ck_spectral_line__line_id" CHECK ("line_id" <> ''),
        CONSTRAINT "ck_spectral_line__label" CHECK ("label" <> ''),
        CONSTRAINT "ck_spectral_line__species" CHECK ("species" <> ''),
        CONSTRAINT "ck_spectral_line__rest_frequency_ghz" CHECK (
          "rest_frequency_ghz" > 0
          AND "rest_frequency_ghz" - "rest_frequency_ghz" = 0
        ),
        CONSTRAINT "ck_spectral_line__priority" CHECK (
          "priority" >= 1
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "pk_spectral_line" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "spectral_line"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "spectral_line"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "spectral_line"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "spectral_line"."line_id" IS 'Short name of the line as obs units give it, such as CO43.';

      COMMENT ON COLUMN "spectral_line"."label" IS 'Name of the transition as it is printed, such as 12CO 4-3.';

      COMMENT ON COLUMN "spectral_line"."species" IS 'Molecule, atom or ion, with the isotopes written out.';

      COMMENT ON COLUMN "spectral_line"."rest_frequency_ghz" IS 'Frequency at rest [GHz].';

      COMMENT ON COLUMN "spectral_line"."priority" IS 'Priority for this observatory, 1 first.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "spectral_line" IS 'A spectral line that obs units are planned for.'
    `);
    await queryRunner.query(`
      CREATE TABLE "sub_observing_program" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "observing_program_id" integer NOT NULL,
        "name" text NOT NULL,
        "short_name" text NOT NULL,
        "description" text,
        CONSTRAINT "uq_sub_observing_program__id_observing_program_id" UNIQUE ("id", "observing_program_id"),
        CONSTRAINT "uq_sub_observing_program__observing_program_id_name" UNIQUE ("observing_program_id", "name"),
        CONSTRAINT "uq_sub_observing_program__short_name" UNIQUE ("short_name"),
        CONSTRAINT "ck_sub_observing_program__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_sub_observing_program__short_name" CHECK ("short_name" <> ''),
        CONSTRAINT "ck_sub_observing_program__description" CHECK ("description" <> ''),
        CONSTRAINT "pk_sub_observing_program" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "sub_observing_program"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "sub_observing_program"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "sub_observing_program"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "sub_observing_program"."observing_program_id" IS 'Program that the project belongs to.';

      COMMENT ON COLUMN "sub_observing_program"."name" IS 'Name of the project.';

      COMMENT ON COLUMN "sub_observing_program"."short_name" IS 'Short name that people use, such as GEco-LMC.';

      COMMENT ON COLUMN "sub_observing_program"."description" IS 'What the project observes; null: nothing to say.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "sub_observing_program" IS 'A finer science project inside an observing program.'
    `);
    await queryRunner.query(`
      CREATE TYPE "obs_unit_state_enum" AS ENUM('draft', 'active', 'on_hold', 'completed', 'retired')
    `);
    await queryRunner.query(`
      CREATE TABLE "obs_unit" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "availability_reason" text,
        "availability_since" TIMESTAMP(3) WITH TIME ZONE,
        "name" text NOT NULL,
        "source_id" integer NOT NULL,
        "observing_program_id" integer NOT NULL,
        "sub_observing_program_id" integer,
        "obs_mode_id" integer NOT NULL,
        "observation_configuration_id" integer,
        "line_id" text,
        "available" boolean NOT NULL DEFAULT true,
        "state" "obs_unit_state_enum" NOT NULL DEFAULT 'active',
        "priority" integer NOT NULL DEFAULT '50',
        "requested_time_s" integer NOT NULL,
        "duration_s" integer NOT NULL,
        "repeat_interval_s" integer,
        "nominal_alt" double precision,
        "elevation_min_deg" double precision,
        "elevation_max_deg" double precision,
        "azimuth_min_deg" double precision,
        "azimuth_max_deg" double precision,
        "min_lsa" double precision,
        "max_lsa" double precision,
        "pwv_max_mm" double precision,
        "sun_distance_min_deg" double precision,
        "not_before" TIMESTAMP(3) WITH TIME ZONE,
        "not_after" TIMESTAMP(3) WITH TIME ZONE,
        "mapping_parameters" jsonb NOT NULL DEFAULT '{}',
        "additional_params" jsonb NOT NULL DEFAULT '{}',
        CONSTRAINT "uq_obs_unit__name" UNIQUE ("name"),
        CONSTRAINT "ck_obs_unit__availability_reason" CHECK ("availability_reason" <> ''),
        CONSTRAINT "ck_obs_unit__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_obs_unit__line_id" CHECK ("line_id" <> ''),
        CONSTRAINT "ck_obs_unit__priority" CHECK (
          "priority" >= 0
          AND "priority" <= 100
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "ck_obs_unit__requested_time_s" CHECK (
          "requested_time_s" >= 1
          AND "requested_time_s" = CAST("requested_time_s" AS integer)
        ),
        CONSTRAINT "ck_obs_unit__duration_s" CHECK (
          "duration_s" >= 1
          AND "duration_s" = CAST("duration_s" AS integer)
        ),
        CONSTRAINT "ck_obs_unit__repeat_interval_s" CHECK (
          "repeat_interval_s" >= 0
          AND "repeat_interval_s" = CAST("repeat_interval_s" AS integer)
        ),
        CONSTRAINT "ck_obs_unit__nominal_alt" CHECK (
          "nominal_alt" >= 0
          AND "nominal_alt" <= 90
          AND "nominal_alt" - "nominal_alt" = 0
        ),
        CONSTRAINT "ck_obs_unit__elevation_min_deg" CHECK (
          "elevation_min_deg" >= 0
          AND "elevation_min_deg" <= 90
          AND "elevation_min_deg" - "elevation_min_deg" = 0
        ),
        CONSTRAINT "ck_obs_unit__elevation_max_deg" CHECK (
          "elevation_max_deg" >= 0
          AND "elevation_max_deg" <= 90
          AND "elevation_max_deg" - "elevation_max_deg" = 0
        ),
        CONSTRAINT "ck_obs_unit__azimuth_min_deg" CHECK (
          "azimuth_min_deg" >= -360
          AND "azimuth_min_deg" <= 720
          AND "azimuth_min_deg" - "azimuth_min_deg" = 0
        ),
        CONSTRAINT "ck_obs_unit__azimuth_max_deg" CHECK (
          "azimuth_max_deg" >= -360
          AND "azimuth_max_deg" <= 720
          AND "azimuth_max_deg" - "azimuth_max_deg" = 0
        ),
        CONSTRAINT "ck_obs_unit__min_lsa" CHECK (
          "min_lsa" >= 0
          AND "min_lsa" < 360
          AND "min_lsa" - "min_lsa" = 0
        ),
        CONSTRAINT "ck_obs_unit__max_lsa" CHECK (
          "max_lsa" >= 0
          AND "max_lsa" < 360
          AND "max_lsa" - "max_lsa" = 0
        ),
        CONSTRAINT "ck_obs_unit__pwv_max_mm" CHECK (
          "pwv_max_mm" > 0
          AND "pwv_max_mm" - "pwv_max_mm" = 0
        ),
        CONSTRAINT "ck_obs_unit__sun_distance_min_deg" CHECK (
          "sun_distance_min_deg" >= 0
          AND "sun_distance_min_deg" <= 180
          AND "sun_distance_min_deg" - "sun_distance_min_deg" = 0
        ),
        CONSTRAINT "ck_obs_unit__lsa_limits_both" CHECK (("min_lsa" IS NULL) = ("max_lsa" IS NULL)),
        CONSTRAINT "ck_obs_unit__period_ordered" CHECK ("not_before" < "not_after"),
        CONSTRAINT "ck_obs_unit__azimuth_limits_ordered" CHECK ("azimuth_min_deg" < "azimuth_max_deg"),
        CONSTRAINT "ck_obs_unit__elevation_limits_ordered" CHECK ("elevation_min_deg" < "elevation_max_deg"),
        CONSTRAINT "ck_obs_unit__available_only_when_active" CHECK (
          "available" = false
          OR "state" = 'active'
        ),
        CONSTRAINT "pk_obs_unit" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "obs_unit"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "obs_unit"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "obs_unit"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "obs_unit"."availability_reason" IS 'Why the availability is what it is, in words for people; null: nothing to say.';

      COMMENT ON COLUMN "obs_unit"."availability_since" IS 'Since when the availability is what it is, UTC; null: since the row was written.';

      COMMENT ON COLUMN "obs_unit"."name" IS 'Name of the unit.';

      COMMENT ON COLUMN "obs_unit"."source_id" IS 'Target of the unit.';

      COMMENT ON COLUMN "obs_unit"."observing_program_id" IS 'Program that the unit belongs to.';

      COMMENT ON COLUMN "obs_unit"."sub_observing_program_id" IS 'Project of that program that the unit belongs to; null: the program has none.';

      COMMENT ON COLUMN "obs_unit"."obs_mode_id" IS 'Strategy that the unit follows.';

      COMMENT ON COLUMN "obs_unit"."observation_configuration_id" IS 'How the observation is carried out; null: as the mode does by default.';

      COMMENT ON COLUMN "obs_unit"."line_id" IS 'Main spectral line, such as CO43; null: continuum, or no main line.';

      COMMENT ON COLUMN "obs_unit"."available" IS 'Whether the scheduler may choose the unit now.';

      COMMENT ON COLUMN "obs_unit"."state" IS 'Where the unit stands in its planning.';

      COMMENT ON COLUMN "obs_unit"."priority" IS 'Priority within its program, higher first.';

      COMMENT ON COLUMN "obs_unit"."requested_time_s" IS 'Time requested in all, on source [s].';

      COMMENT ON COLUMN "obs_unit"."duration_s" IS 'Duration of one execution [s].';

      COMMENT ON COLUMN "obs_unit"."repeat_interval_s" IS 'Shortest time from the end of one execution to the start of the next [s]; null: none.';

      COMMENT ON COLUMN "obs_unit"."nominal_alt" IS 'Elevation of a constant-elevation unit [deg]; null: not at constant elevation.';

      COMMENT ON COLUMN "obs_unit"."elevation_min_deg" IS 'Lowest elevation [deg]; null: the telescope''s limit.';

      COMMENT ON COLUMN "obs_unit"."elevation_max_deg" IS 'Highest elevation [deg]; null: the telescope''s limit.';

      COMMENT ON COLUMN "obs_unit"."azimuth_min_deg" IS 'Smallest azimuth, north through east [deg]; null: the telescope''s limit.';

      COMMENT ON COLUMN "obs_unit"."azimuth_max_deg" IS 'Largest azimuth, north through east [deg]; null: the telescope''s limit.';

      COMMENT ON COLUMN "obs_unit"."min_lsa" IS 'Start of the window in local sidereal angle; above max_lsa the window goes through 0 [deg]; null: any.';

      COMMENT ON COLUMN "obs_unit"."max_lsa" IS 'End of the window in local sidereal angle [deg]; null: any.';

      COMMENT ON COLUMN "obs_unit"."pwv_max_mm" IS 'Largest precipitable water vapour at zenith [mm]; null: any.';

      COMMENT ON COLUMN "obs_unit"."sun_distance_min_deg" IS 'Smallest distance from the Sun [deg]; null: the telescope''s limit.';

      COMMENT ON COLUMN "obs_unit"."not_before" IS 'Earliest start, UTC; null: any time.';

      COMMENT ON COLUMN "obs_unit"."not_after" IS 'Latest end, UTC; null: any time.';

      COMMENT ON COLUMN "obs_unit"."mapping_parameters" IS 'Parameters of the scan pattern with the keys of its mode; degrees and seconds.';

      COMMENT ON COLUMN "obs_unit"."additional_params" IS 'Anything else that the control system of the instrument takes.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_obs_unit__source_id" ON "obs_unit" ("source_id")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_obs_unit__observing_program_id" ON "obs_unit" ("observing_program_id")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_obs_unit__sub_observing_program_id" ON "obs_unit" ("sub_observing_program_id")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_obs_unit__obs_mode_id" ON "obs_unit" ("obs_mode_id")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_obs_unit__observation_configuration_id" ON "obs_unit" ("observation_configuration_id")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_obs_unit__line_id" ON "obs_unit" ("line_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "obs_unit" IS 'The schedulable unit of observation.'
    `);
    await queryRunner.query(`
      CREATE TYPE "executed_obs_unit_status_enum" AS ENUM('running', 'completed', 'aborted', 'failed')
    `);
    await queryRunner.query(`
      CREATE TYPE "executed_obs_unit_quality_enum" AS ENUM('unchecked', 'good', 'degraded', 'bad')
    `);
    await queryRunner.query(`
      CREATE TABLE "executed_obs_unit" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "obs_unit_id" integer NOT NULL,
        "status" "executed_obs_unit_status_enum" NOT NULL DEFAULT 'running',
        "start_time" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
        "end_time" TIMESTAMP(3) WITH TIME ZONE,
        "observing_night" date NOT NULL,
        "pwv_mm" double precision,
        "temperature_c" double precision,
        "humidity_percent" double precision,
        "wind_speed_ms" double precision,
        "conditions" jsonb NOT NULL DEFAULT '{}',
        "instrument_configuration" jsonb NOT NULL DEFAULT '{}',
        "quality" "executed_obs_unit_quality_enum" NOT NULL DEFAULT 'unchecked',
        "note" text,
        CONSTRAINT "ck_executed_obs_unit__pwv_mm" CHECK (
          "pwv_mm" >= 0
          AND "pwv_mm" - "pwv_mm" = 0
        ),
        CONSTRAINT "ck_executed_obs_unit__temperature_c" CHECK (
          "temperature_c" >= -100
          AND "temperature_c" <= 60
          AND "temperature_c" - "temperature_c" = 0
        ),
        CONSTRAINT "ck_executed_obs_unit__humidity_percent" CHECK (
          "humidity_percent" >= 0
          AND "humidity_percent" <= 100
          AND "humidity_percent" - "humidity_percent" = 0
        ),
        CONSTRAINT "ck_executed_obs_unit__wind_speed_ms" CHECK (
          "wind_speed_ms" >= 0
          AND "wind_speed_ms" - "wind_speed_ms" = 0
        ),
        CONSTRAINT "ck_executed_obs_unit__note" CHECK ("note" <> ''),
        CONSTRAINT "ck_executed_obs_unit__times_ordered" CHECK ("end_time" >= "start_time"),
        CONSTRAINT "ck_executed_obs_unit__running_has_no_end" CHECK (("status" = 'running') = ("end_time" IS NULL)),
        CONSTRAINT "pk_executed_obs_unit" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "executed_obs_unit"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "executed_obs_unit"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "executed_obs_unit"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "executed_obs_unit"."obs_unit_id" IS 'Unit that was executed.';

      COMMENT ON COLUMN "executed_obs_unit"."status" IS 'Where the execution stands.';

      COMMENT ON COLUMN "executed_obs_unit"."start_time" IS 'Start of the execution, UTC.';

      COMMENT ON COLUMN "executed_obs_unit"."end_time" IS 'End of the execution, UTC; null: it is running.';

      COMMENT ON COLUMN "executed_obs_unit"."observing_night" IS 'Night of the observation: date in UTC of the noon before its start.';

      COMMENT ON COLUMN "executed_obs_unit"."pwv_mm" IS 'Precipitable water vapour at zenith [mm]; null: not measured.';

      COMMENT ON COLUMN "executed_obs_unit"."temperature_c" IS 'Air temperature [Celsius]; null: not measured.';

      COMMENT ON COLUMN "executed_obs_unit"."humidity_percent" IS 'Relative humidity [%]; null: not measured.';

      COMMENT ON COLUMN "executed_obs_unit"."wind_speed_ms" IS 'Wind speed [m/s]; null: not measured.';

      COMMENT ON COLUMN "executed_obs_unit"."conditions" IS 'Other conditions, by name with unit.';

      COMMENT ON COLUMN "executed_obs_unit"."instrument_configuration" IS 'Set-up of the instrument as it was used.';

      COMMENT ON COLUMN "executed_obs_unit"."quality" IS 'Assessment of the data.';

      COMMENT ON COLUMN "executed_obs_unit"."note" IS 'Remarks of the observer; null: none.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_executed_obs_unit__start_time" ON "executed_obs_unit" ("start_time")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_executed_obs_unit__observing_night" ON "executed_obs_unit" ("observing_night")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_executed_obs_unit__obs_unit_id_start_time" ON "executed_obs_unit" ("obs_unit_id", "start_time")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "executed_obs_unit" IS 'One execution of an obs unit.'
    `);
    await queryRunner.query(`
      CREATE TYPE "raw_data_package_state_enum" AS ENUM('waiting', 'transferring', 'archived', 'failed')
    `);
    await queryRunner.query(`
      CREATE TYPE "raw_data_package_status_enum" AS ENUM('pending', 'scheduled', 'in_progress', 'completed', 'failed')
    `);
    await queryRunner.query(`
      CREATE TYPE "raw_data_package_checksum_algorithm_enum" AS ENUM('sha256', 'md5', 'xxh128', 'crc32c')
    `);
    await queryRunner.query(`
      CREATE TABLE "raw_data_package" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "priority" integer NOT NULL DEFAULT '50',
        "retry_count" integer NOT NULL DEFAULT '0',
        "max_retries" integer NOT NULL DEFAULT '3',
        "next_retry_at" TIMESTAMP(3) WITH TIME ZONE,
        "claimed_by" text,
        "heartbeat_at" TIMESTAMP(3) WITH TIME ZONE,
        "scheduled_at" TIMESTAMP(3) WITH TIME ZONE,
        "started_at" TIMESTAMP(3) WITH TIME ZONE,
        "finished_at" TIMESTAMP(3) WITH TIME ZONE,
        "last_error" text,
        "log_path" text,
        "executed_obs_unit_id" uuid NOT NULL,
        "instrument_module_id" integer NOT NULL,
        "part_number" integer NOT NULL DEFAULT '1',
        "source_location_id" integer NOT NULL,
        "state" "raw_data_package_state_enum" NOT NULL DEFAULT 'waiting',
        "status" "raw_data_package_status_enum" NOT NULL DEFAULT 'pending',
        "data_transfer_package_id" uuid,
        "relative_path" text,
        "file_count" integer NOT NULL DEFAULT '0',
        "size_bytes" bigint,
        "checksum" text,
        "checksum_algorithm" "raw_data_package_checksum_algorithm_enum",
        CONSTRAINT "uq_raw_data_package__part" UNIQUE ("executed_obs_unit_id", "instrument_module_id", "part_number"),
        CONSTRAINT "ck_raw_data_package__priority" CHECK (
          "priority" >= 0
          AND "priority" <= 100
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "ck_raw_data_package__retry_count" CHECK (
          "retry_count" >= 0
          AND "retry_count" = CAST("retry_count" AS integer)
        ),
        CONSTRAINT "ck_raw_data_package__max_retries" CHECK (
          "max_retries" >= 0
          AND "max_retries" = CAST("max_retries" AS integer)
        ),
        CONSTRAINT "ck_raw_data_package__claimed_by" CHECK ("claimed_by" <> ''),
        CONSTRAINT "ck_raw_data_package__last_error" CHECK ("last_error" <> ''),
        CONSTRAINT "ck_raw_data_package__log_path" CHECK ("log_path" <> ''),
        CONSTRAINT "ck_raw_data_package__part_number" CHECK (
          "part_number" >= 1
          AND "part_number" = CAST("part_number" AS integer)
        ),
        CONSTRAINT "ck_raw_data_package__relative_path" CHECK ("relative_path" <> ''),
        CONSTRAINT "ck_raw_data_package__file_count" CHECK (
          "file_count" >= 0
          AND "file_count" = CAST("file_count" AS integer)
        ),
        CONSTRAINT "ck_raw_data_package__size_bytes" CHECK (
          "size_bytes" >= 0
          AND "size_bytes" <= 9007199254740991
          AND "size_bytes" = CAST("size_bytes" AS bigint)
        ),
        CONSTRAINT "ck_raw_data_package__checksum_checksum_algorithm" CHECK (
          coalesce(length("checksum"), -1) = CASE "checksum_algorithm"
            WHEN 'sha256' THEN 64
            WHEN 'md5' THEN 32
            WHEN 'xxh128' THEN 32
            WHEN 'crc32c' THEN 8
            ELSE -1
          END
        ),
        CONSTRAINT "ck_raw_data_package__built_is_described" CHECK (
          "status" <> 'completed'
          OR (
            "relative_path" IS NOT NULL
            AND "size_bytes" IS NOT NULL
            AND "checksum" IS NOT NULL
          )
        ),
        CONSTRAINT "pk_raw_data_package" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "raw_data_package"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "raw_data_package"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "raw_data_package"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "raw_data_package"."priority" IS 'Priority, higher first.';

      COMMENT ON COLUMN "raw_data_package"."retry_count" IS 'How often the work failed and was tried again.';

      COMMENT ON COLUMN "raw_data_package"."max_retries" IS 'How often the work may be tried again.';

      COMMENT ON COLUMN "raw_data_package"."next_retry_at" IS 'Earliest time of the next try, UTC; null: at once.';

      COMMENT ON COLUMN "raw_data_package"."claimed_by" IS 'Worker that has the work; null: nobody.';

      COMMENT ON COLUMN "raw_data_package"."heartbeat_at" IS 'Last sign of life of the worker that has the work, UTC; null: nobody has it.';

      COMMENT ON COLUMN "raw_data_package"."scheduled_at" IS 'When the work was given to a worker last, UTC; null: not yet.';

      COMMENT ON COLUMN "raw_data_package"."started_at" IS 'When the work was begun last, UTC; null: not yet.';

      COMMENT ON COLUMN "raw_data_package"."finished_at" IS 'When the work came to its end, UTC; null: not yet.';

      COMMENT ON COLUMN "raw_data_package"."last_error" IS 'What went wrong last; null: nothing.';

      COMMENT ON COLUMN "raw_data_package"."log_path" IS 'Path of the log of the last try; null: none written.';

      COMMENT ON COLUMN "raw_data_package"."executed_obs_unit_id" IS 'Execution that the files come from.';

      COMMENT ON COLUMN "raw_data_package"."instrument_module_id" IS 'Module that wrote the files.';

      COMMENT ON COLUMN "raw_data_package"."part_number" IS 'Number of the part where one tar would be too large.';

      COMMENT ON COLUMN "raw_data_package"."source_location_id" IS 'Location where the files lie that it is built from.';

      COMMENT ON COLUMN "raw_data_package"."state" IS 'Where the package stands on its way to the archive.';

      COMMENT ON COLUMN "raw_data_package"."status" IS 'Where the building of the package stands.';

      COMMENT ON COLUMN "raw_data_package"."data_transfer_package_id" IS 'Bundle that carries the package; null: not bundled.';

      COMMENT ON COLUMN "raw_data_package"."relative_path" IS 'Path of the tar below the root of a location; null: not built yet.';

      COMMENT ON COLUMN "raw_data_package"."file_count" IS 'Number of files in the package.';

      COMMENT ON COLUMN "raw_data_package"."size_bytes" IS 'Size of the tar [byte]; null: not built yet.';

      COMMENT ON COLUMN "raw_data_package"."checksum" IS 'Checksum of the tar, in hexadecimal digits; null: not built yet.';

      COMMENT ON COLUMN "raw_data_package"."checksum_algorithm" IS 'Algorithm of the checksum; null: not built yet.';
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_raw_data_package__data_transfer_package_id" ON "raw_data_package" ("data_transfer_package_id")
      WHERE
        "data_transfer_package_id" IS NOT NULL
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_raw_data_package__listed" ON "raw_data_package" ("state", "created_at", "id")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_raw_data_package__in_hand" ON "raw_data_package" ("heartbeat_at")
      WHERE
        "status" IN ('scheduled', 'in_progress')
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_raw_data_package__waiting" ON "raw_data_package" ("created_at")
      WHERE
        "state" = 'waiting'
        AND "data_transfer_package_id" IS NULL
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_raw_data_package__pending" ON "raw_data_package" ("source_location_id", "priority", "created_at")
      WHERE
        "status" = 'pending'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "raw_data_package" IS 'A tar of the raw data files of one execution and one module; its work is building it.'
    `);
    await queryRunner.query(`
      CREATE TYPE "raw_data_file_checksum_algorithm_enum" AS ENUM('sha256', 'md5', 'xxh128', 'crc32c')
    `);
    await queryRunner.query(`
      CREATE TABLE "raw_data_file" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "executed_obs_unit_id" uuid NOT NULL,
        "instrument_module_id" integer NOT NULL,
        "source_location_id" integer NOT NULL,
        "raw_data_package_id" uuid,
        "relative_path" text NOT NULL,
        "file_type" text,
        "size_bytes" bigint NOT NULL,
        "checksum" text,
        "checksum_algorithm" "raw_data_file_checksum_algorithm_enum",
        "recorded_at" TIMESTAMP(3) WITH TIME ZONE,
        CONSTRAINT "uq_raw_data_file__executed_obs_unit_id_relative_path" UNIQUE ("executed_obs_unit_id", "relative_path"),
        CONSTRAINT "ck_raw_data_file__relative_path" CHECK ("relative_path" <> ''),
        CONSTRAINT "ck_raw_data_file__file_type" CHECK ("file_type" <> ''),
        CONSTRAINT "ck_raw_data_file__size_bytes" CHECK (
          "size_bytes" >= 0
          AND "size_bytes" <= 9007199254740991
          AND "size_bytes" = CAST("size_bytes" AS bigint)
        ),
        CONSTRAINT "ck_raw_data_file__checksum_checksum_algorithm" CHECK (
          coalesce(length("checksum"), -1) = CASE "checksum_algorithm"
            WHEN 'sha256' THEN 64
            WHEN 'md5' THEN 32
            WHEN 'xxh128' THEN 32
            WHEN 'crc32c' THEN 8
            ELSE -1
          END
        ),
        CONSTRAINT "pk_raw_data_file" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "raw_data_file"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "raw_data_file"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "raw_data_file"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "raw_data_file"."executed_obs_unit_id" IS 'Execution that the file comes from.';

      COMMENT ON COLUMN "raw_data_file"."instrument_module_id" IS 'Module that wrote the file.';

      COMMENT ON COLUMN "raw_data_file"."source_location_id" IS 'Location where the file was born.';

      COMMENT ON COLUMN "raw_data_file"."raw_data_package_id" IS 'Package that holds the file; null: not packaged yet.';

      COMMENT ON COLUMN "raw_data_file"."relative_path" IS 'Path of the file below the root of its location.';

      COMMENT ON COLUMN "raw_data_file"."file_type" IS 'Format of the file, by its usual ending; null: not known.';

      COMMENT ON COLUMN "raw_data_file"."size_bytes" IS 'Size of the file [byte].';

      COMMENT ON COLUMN "raw_data_file"."checksum" IS 'Checksum of the content, in hexadecimal digits; null: not computed yet.';

      COMMENT ON COLUMN "raw_data_file"."checksum_algorithm" IS 'Algorithm of the checksum; null: not computed yet.';

      COMMENT ON COLUMN "raw_data_file"."recorded_at" IS 'When the instrument finished the file, UTC; null: not known.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_raw_data_file__unpackaged" ON "raw_data_file" ("source_location_id", "executed_obs_unit_id", "instrument_module_id")
      WHERE
        "raw_data_package_id" IS NULL
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "raw_data_file" IS 'One file from one instrument module.'
    `);
    await queryRunner.query(`
      CREATE TABLE "raw_data_package_metadata" (
        "raw_data_package_id" uuid NOT NULL,
        "metadata" jsonb NOT NULL DEFAULT '{}',
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        CONSTRAINT "pk_raw_data_package_metadata" PRIMARY KEY ("raw_data_package_id")
      );

      COMMENT ON COLUMN "raw_data_package_metadata"."raw_data_package_id" IS 'Package that the metadata describe.';

      COMMENT ON COLUMN "raw_data_package_metadata"."metadata" IS 'Metadata by topic, such as observation.frequency_ghz.';

      COMMENT ON COLUMN "raw_data_package_metadata"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "raw_data_package_metadata"."updated_at" IS 'When the row was changed last, UTC.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "raw_data_package_metadata" IS 'Flexible metadata of a raw data package, for IVOA-compatible metadata.'
    `);
    await queryRunner.query(`
      CREATE TABLE "status_history" (
        "id" SERIAL NOT NULL,
        "entity" text NOT NULL,
        "row_id" text NOT NULL,
        "field" text NOT NULL,
        "from_status" text,
        "to_status" text NOT NULL,
        "changed_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
        "changed_by" text,
        "reason" text,
        CONSTRAINT "ck_status_history__entity" CHECK ("entity" <> ''),
        CONSTRAINT "ck_status_history__row_id" CHECK ("row_id" <> ''),
        CONSTRAINT "ck_status_history__field" CHECK ("field" <> ''),
        CONSTRAINT "ck_status_history__from_status" CHECK ("from_status" <> ''),
        CONSTRAINT "ck_status_history__to_status" CHECK ("to_status" <> ''),
        CONSTRAINT "ck_status_history__changed_by" CHECK ("changed_by" <> ''),
        CONSTRAINT "ck_status_history__reason" CHECK ("reason" <> ''),
        CONSTRAINT "pk_status_history" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "status_history"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "status_history"."entity" IS 'Class name of what changed.';

      COMMENT ON COLUMN "status_history"."row_id" IS 'Key of the row that changed.';

      COMMENT ON COLUMN "status_history"."field" IS 'Column that changed.';

      COMMENT ON COLUMN "status_history"."from_status" IS 'Status before; null: the row is new.';

      COMMENT ON COLUMN "status_history"."to_status" IS 'Status after.';

      COMMENT ON COLUMN "status_history"."changed_at" IS 'When the status changed, UTC.';

      COMMENT ON COLUMN "status_history"."changed_by" IS 'Worker, service or user that changed it; null: not said.';

      COMMENT ON COLUMN "status_history"."reason" IS 'Why it changed, such as an error; null: nothing to say.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_status_history__row_id_changed_at" ON "status_history" ("row_id", "changed_at")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "status_history" IS 'One step of one row from one status to another; rows are only added.'
    `);
    await queryRunner.query(`
      CREATE TABLE "input_set" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "content_hash" text NOT NULL,
        "member_count" integer NOT NULL,
        CONSTRAINT "uq_input_set__content_hash" UNIQUE ("content_hash"),
        CONSTRAINT "ck_input_set__content_hash" CHECK (length("content_hash") = 64),
        CONSTRAINT "ck_input_set__member_count" CHECK (
          "member_count" >= 1
          AND "member_count" = CAST("member_count" AS integer)
        ),
        CONSTRAINT "pk_input_set" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "input_set"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "input_set"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "input_set"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "input_set"."content_hash" IS 'SHA-256 of the sorted members, in hexadecimal digits.';

      COMMENT ON COLUMN "input_set"."member_count" IS 'Number of members.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "input_set" IS 'A set of packages and products that runs read; stored once, found by its hash.'
    `);
    await queryRunner.query(`
      CREATE TABLE "reduction_software" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "name" text NOT NULL,
        "description" text,
        "repository_url" text,
        CONSTRAINT "uq_reduction_software__name" UNIQUE ("name"),
        CONSTRAINT "ck_reduction_software__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_reduction_software__description" CHECK ("description" <> ''),
        CONSTRAINT "ck_reduction_software__repository_url" CHECK ("repository_url" <> ''),
        CONSTRAINT "pk_reduction_software" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "reduction_software"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "reduction_software"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "reduction_software"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "reduction_software"."name" IS 'Name of the software.';

      COMMENT ON COLUMN "reduction_software"."description" IS 'What the software does; null: nothing to say.';

      COMMENT ON COLUMN "reduction_software"."repository_url" IS 'Address of its source code; null: not recorded.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "reduction_software" IS 'A program that reduces data.'
    `);
    await queryRunner.query(`
      CREATE TABLE "reduction_software_version" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "reduction_software_id" integer NOT NULL,
        "version" text NOT NULL,
        "image" text NOT NULL,
        "image_digest" text,
        "compatible" boolean NOT NULL DEFAULT true,
        "released_at" TIMESTAMP(3) WITH TIME ZONE,
        CONSTRAINT "uq_reduction_software_version__reduction_software_id_version" UNIQUE ("reduction_software_id", "version"),
        CONSTRAINT "ck_reduction_software_version__version" CHECK ("version" <> ''),
        CONSTRAINT "ck_reduction_software_version__image" CHECK ("image" <> ''),
        CONSTRAINT "ck_reduction_software_version__image_digest" CHECK ("image_digest" <> ''),
        CONSTRAINT "pk_reduction_software_version" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "reduction_software_version"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "reduction_software_version"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "reduction_software_version"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "reduction_software_version"."reduction_software_id" IS 'Software that was released.';

      COMMENT ON COLUMN "reduction_software_version"."version" IS 'Version of the release.';

      COMMENT ON COLUMN "reduction_software_version"."image" IS 'Reference of the container image.';

      COMMENT ON COLUMN "reduction_software_version"."image_digest" IS 'Digest of the container image; null: not recorded.';

      COMMENT ON COLUMN "reduction_software_version"."compatible" IS 'Whether steps with the policy compatible may use it.';

      COMMENT ON COLUMN "reduction_software_version"."released_at" IS 'When the version was released, UTC; null: not recorded.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "reduction_software_version" IS 'A release of a reduction software as a container image.'
    `);
    await queryRunner.query(`
      CREATE TABLE "data_grouping" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "name" text NOT NULL,
        "description" text,
        "filter_rules" jsonb NOT NULL DEFAULT '[]',
        "instrument_module_id" integer,
        CONSTRAINT "uq_data_grouping__name" UNIQUE ("name"),
        CONSTRAINT "ck_data_grouping__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_data_grouping__description" CHECK ("description" <> ''),
        CONSTRAINT "pk_data_grouping" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "data_grouping"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "data_grouping"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "data_grouping"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "data_grouping"."name" IS 'Name of the selection.';

      COMMENT ON COLUMN "data_grouping"."description" IS 'What the selection is for; null: nothing to say.';

      COMMENT ON COLUMN "data_grouping"."filter_rules" IS 'Rules that all hold: a list of table, column, operator, value and json_path.';

      COMMENT ON COLUMN "data_grouping"."instrument_module_id" IS 'Module that the packages must come from; null: any module.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_data_grouping__instrument_module_id" ON "data_grouping" ("instrument_module_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_grouping" IS 'A named selection of raw data packages by rules.'
    `);
    await queryRunner.query(`
      CREATE TYPE "pipeline_trigger_type_enum" AS ENUM('continuous', 'cron', 'manual')
    `);
    await queryRunner.query(`
      CREATE TABLE "pipeline" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "name" text NOT NULL,
        "description" text,
        "data_grouping_id" integer NOT NULL,
        "processing_location_id" integer NOT NULL,
        "trigger_type" "pipeline_trigger_type_enum" NOT NULL DEFAULT 'manual',
        "trigger_config" jsonb NOT NULL DEFAULT '{}',
        "enabled" boolean NOT NULL DEFAULT true,
        "priority" integer NOT NULL DEFAULT '50',
        "created_by_user_id" integer,
        CONSTRAINT "uq_pipeline__name" UNIQUE ("name"),
        CONSTRAINT "ck_pipeline__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_pipeline__description" CHECK ("description" <> ''),
        CONSTRAINT "ck_pipeline__priority" CHECK (
          "priority" >= 0
          AND "priority" <= 100
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "pk_pipeline" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "pipeline"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "pipeline"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "pipeline"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "pipeline"."name" IS 'Name of the pipeline.';

      COMMENT ON COLUMN "pipeline"."description" IS 'What the pipeline makes; null: nothing to say.';

      COMMENT ON COLUMN "pipeline"."data_grouping_id" IS 'Packages that are reduced.';

      COMMENT ON COLUMN "pipeline"."processing_location_id" IS 'Processing location where the steps run.';

      COMMENT ON COLUMN "pipeline"."trigger_type" IS 'What makes the pipeline run.';

      COMMENT ON COLUMN "pipeline"."trigger_config" IS 'Details of the trigger, such as a cron expression.';

      COMMENT ON COLUMN "pipeline"."enabled" IS 'Whether the trigger is heeded.';

      COMMENT ON COLUMN "pipeline"."priority" IS 'Priority, higher first.';

      COMMENT ON COLUMN "pipeline"."created_by_user_id" IS 'User on whose authority the pipeline runs; null: part of the starting state.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_pipeline__data_grouping_id" ON "pipeline" ("data_grouping_id")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_pipeline__enabled" ON "pipeline" ("processing_location_id")
      WHERE
        "enabled"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "pipeline" IS 'A chain of reduction steps for the packages of a grouping.'
    `);
    await queryRunner.query(`
      CREATE TABLE "reduction_step_config" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "name" text NOT NULL,
        "parameters" jsonb NOT NULL DEFAULT '{}',
        "environment" jsonb NOT NULL DEFAULT '{}',
        "cpu_count" integer NOT NULL DEFAULT '1',
        "memory_gb" double precision NOT NULL DEFAULT '4',
        "time_limit_h" double precision NOT NULL DEFAULT '1',
        CONSTRAINT "uq_reduction_step_config__name" UNIQUE ("name"),
        CONSTRAINT "ck_reduction_step_config__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_reduction_step_config__cpu_count" CHECK (
          "cpu_count" >= 1
          AND "cpu_count" = CAST("cpu_count" AS integer)
        ),
        CONSTRAINT "ck_reduction_step_config__memory_gb" CHECK (
          "memory_gb" > 0
          AND "memory_gb" - "memory_gb" = 0
        ),
        CONSTRAINT "ck_reduction_step_config__time_limit_h" CHECK (
          "time_limit_h" > 0
          AND "time_limit_h" - "time_limit_h" = 0
        ),
        CONSTRAINT "pk_reduction_step_config" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "reduction_step_config"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "reduction_step_config"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "reduction_step_config"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "reduction_step_config"."name" IS 'Name of the configuration.';

      COMMENT ON COLUMN "reduction_step_config"."parameters" IS 'Parameters by the names of the software.';

      COMMENT ON COLUMN "reduction_step_config"."environment" IS 'Environment variables of the container, no secrets.';

      COMMENT ON COLUMN "reduction_step_config"."cpu_count" IS 'Processors.';

      COMMENT ON COLUMN "reduction_step_config"."memory_gb" IS 'Memory [Gbyte].';

      COMMENT ON COLUMN "reduction_step_config"."time_limit_h" IS 'Longest run [h].'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "reduction_step_config" IS 'Parameters of a reduction step''s software and the resources that it needs.'
    `);
    await queryRunner.query(`
      CREATE TYPE "reduction_step_version_policy_enum" AS ENUM('compatible', 'latest', 'pinned')
    `);
    await queryRunner.query(`
      CREATE TABLE "reduction_step" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "pipeline_id" integer NOT NULL,
        "name" text NOT NULL,
        "position" integer NOT NULL,
        "upstream_step_id" integer,
        "reduction_software_id" integer NOT NULL,
        "pinned_version_id" integer,
        "reduction_step_config_id" integer NOT NULL,
        "group_by" jsonb NOT NULL DEFAULT '[]',
        "cooldown_seconds" integer NOT NULL DEFAULT '60',
        "version_policy" "reduction_step_version_policy_enum" NOT NULL DEFAULT 'compatible',
        "max_retries" integer NOT NULL DEFAULT '3',
        CONSTRAINT "uq_reduction_step__pipeline_id_position" UNIQUE ("pipeline_id", "position"),
        CONSTRAINT "uq_reduction_step__pipeline_id_name" UNIQUE ("pipeline_id", "name"),
        CONSTRAINT "ck_reduction_step__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_reduction_step__position" CHECK (
          "position" >= 1
          AND "position" = CAST("position" AS integer)
        ),
        CONSTRAINT "ck_reduction_step__cooldown_seconds" CHECK (
          "cooldown_seconds" >= 0
          AND "cooldown_seconds" = CAST("cooldown_seconds" AS integer)
        ),
        CONSTRAINT "ck_reduction_step__max_retries" CHECK (
          "max_retries" >= 0
          AND "max_retries" = CAST("max_retries" AS integer)
        ),
        CONSTRAINT "ck_reduction_step__pinned_has_version" CHECK (("version_policy" = 'pinned') = ("pinned_version_id" IS NOT NULL)),
        CONSTRAINT "ck_reduction_step__not_upstream_of_itself" CHECK ("upstream_step_id" <> "id"),
        CONSTRAINT "pk_reduction_step" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "reduction_step"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "reduction_step"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "reduction_step"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "reduction_step"."pipeline_id" IS 'Pipeline that the step belongs to.';

      COMMENT ON COLUMN "reduction_step"."name" IS 'Name of the step within its pipeline.';

      COMMENT ON COLUMN "reduction_step"."position" IS 'Place in the order of the steps.';

      COMMENT ON COLUMN "reduction_step"."upstream_step_id" IS 'Step whose products this one reads; null: it reads raw data packages.';

      COMMENT ON COLUMN "reduction_step"."reduction_software_id" IS 'Software that runs.';

      COMMENT ON COLUMN "reduction_step"."pinned_version_id" IS 'Version that always runs; null: chosen by the policy.';

      COMMENT ON COLUMN "reduction_step"."reduction_step_config_id" IS 'Parameters and resources.';

      COMMENT ON COLUMN "reduction_step"."group_by" IS 'Dimensions that divide the packages into runs, such as executed_obs_unit; empty: one run for all.';

      COMMENT ON COLUMN "reduction_step"."cooldown_seconds" IS 'Shortest time between two runs on the same division [s].';

      COMMENT ON COLUMN "reduction_step"."version_policy" IS 'Which version of the software runs.';

      COMMENT ON COLUMN "reduction_step"."max_retries" IS 'How often a failed run is tried again.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_reduction_step__upstream_step_id" ON "reduction_step" ("upstream_step_id")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_reduction_step__reduction_software_id" ON "reduction_step" ("reduction_software_id")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_reduction_step__reduction_step_config_id" ON "reduction_step" ("reduction_step_config_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "reduction_step" IS 'One step of a pipeline.'
    `);
    await queryRunner.query(`
      CREATE TYPE "executed_reduction_step_status_enum" AS ENUM(
        'pending',
        'staging_data',
        'submitted',
        'running',
        'collecting_results',
        'completed',
        'failed',
        'cancelled'
      )
    `);
    await queryRunner.query(`
      CREATE TABLE "executed_reduction_step" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "priority" integer NOT NULL DEFAULT '50',
        "retry_count" integer NOT NULL DEFAULT '0',
        "max_retries" integer NOT NULL DEFAULT '3',
        "next_retry_at" TIMESTAMP(3) WITH TIME ZONE,
        "claimed_by" text,
        "heartbeat_at" TIMESTAMP(3) WITH TIME ZONE,
        "scheduled_at" TIMESTAMP(3) WITH TIME ZONE,
        "started_at" TIMESTAMP(3) WITH TIME ZONE,
        "finished_at" TIMESTAMP(3) WITH TIME ZONE,
        "last_error" text,
        "log_path" text,
        "reduction_step_id" integer NOT NULL,
        "sub_group_key" text NOT NULL,
        "input_set_id" uuid NOT NULL,
        "reduction_software_version_id" integer NOT NULL,
        "status" "executed_reduction_step_status_enum" NOT NULL DEFAULT 'pending',
        "hpc_job_id" text,
        "exit_code" integer,
        "wall_time_seconds" double precision,
        "cpu_hours" double precision,
        "peak_memory_gb" double precision,
        "metrics" jsonb NOT NULL DEFAULT '{}',
        CONSTRAINT "ck_executed_reduction_step__priority" CHECK (
          "priority" >= 0
          AND "priority" <= 100
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "ck_executed_reduction_step__retry_count" CHECK (
          "retry_count" >= 0
          AND "retry_count" = CAST("retry_count" AS integer)
        ),
        CONSTRAINT "ck_executed_reduction_step__max_retries" CHECK (
          "max_retries" >= 0
          AND "max_retries" = CAST("max_retries" AS integer)
        ),
        CONSTRAINT "ck_executed_reduction_step__claimed_by" CHECK ("claimed_by" <> ''),
        CONSTRAINT "ck_executed_reduction_step__last_error" CHECK ("last_error" <> ''),
        CONSTRAINT "ck_executed_reduction_step__log_path" CHECK ("log_path" <> ''),
        CONSTRAINT "ck_executed_reduction_step__sub_group_key" CHECK ("sub_group_key" <> ''),
        CONSTRAINT "ck_executed_reduction_step__hpc_job_id" CHECK ("hpc_job_id" <> ''),
        CONSTRAINT "ck_executed_reduction_step__exit_code" CHECK ("exit_code" = CAST("exit_code" AS integer)),
        CONSTRAINT "ck_executed_reduction_step__wall_time_seconds" CHECK (
          "wall_time_seconds" >= 0
          AND "wall_time_seconds" - "wall_time_seconds" = 0
        ),
        CONSTRAINT "ck_executed_reduction_step__cpu_hours" CHECK (
          "cpu_hours" >= 0
          AND "cpu_hours" - "cpu_hours" = 0
        ),
        CONSTRAINT "ck_executed_reduction_step__peak_memory_gb" CHECK (
          "peak_memory_gb" >= 0
          AND "peak_memory_gb" - "peak_memory_gb" = 0
        ),
        CONSTRAINT "pk_executed_reduction_step" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "executed_reduction_step"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "executed_reduction_step"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "executed_reduction_step"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "executed_reduction_step"."priority" IS 'Priority, higher first.';

      COMMENT ON COLUMN "executed_reduction_step"."retry_count" IS 'How often the work failed and was tried again.';

      COMMENT ON COLUMN "executed_reduction_step"."max_retries" IS 'How often the work may be tried again.';

      COMMENT ON COLUMN "executed_reduction_step"."next_retry_at" IS 'Earliest time of the next try, UTC; null: at once.';

      COMMENT ON COLUMN "executed_reduction_step"."claimed_by" IS 'Worker that has the work; null: nobody.';

      COMMENT ON COLUMN "executed_reduction_step"."heartbeat_at" IS 'Last sign of life of the worker that has the work, UTC; null: nobody has it.';

      COMMENT ON COLUMN "executed_reduction_step"."scheduled_at" IS 'When the work was given to a worker last, UTC; null: not yet.';

      COMMENT ON COLUMN "executed_reduction_step"."started_at" IS 'When the work was begun last, UTC; null: not yet.';

      COMMENT ON COLUMN "executed_reduction_step"."finished_at" IS 'When the work came to its end, UTC; null: not yet.';

      COMMENT ON COLUMN "executed_reduction_step"."last_error" IS 'What went wrong last; null: nothing.';

      COMMENT ON COLUMN "executed_reduction_step"."log_path" IS 'Path of the log of the last try; null: none written.';

      COMMENT ON COLUMN "executed_reduction_step"."reduction_step_id" IS 'Step that was run.';

      COMMENT ON COLUMN "executed_reduction_step"."sub_group_key" IS 'Which division of the packages it is; all for a single run.';

      COMMENT ON COLUMN "executed_reduction_step"."input_set_id" IS 'What the run reads.';

      COMMENT ON COLUMN "executed_reduction_step"."reduction_software_version_id" IS 'Version of the software that the run uses.';

      COMMENT ON COLUMN "executed_reduction_step"."status" IS 'Where the run stands.';

      COMMENT ON COLUMN "executed_reduction_step"."hpc_job_id" IS 'Number of the job in the batch system; null: not submitted yet.';

      COMMENT ON COLUMN "executed_reduction_step"."exit_code" IS 'Exit code of the software; null: not ended yet.';

      COMMENT ON COLUMN "executed_reduction_step"."wall_time_seconds" IS 'Duration of the run [s]; null: not ended yet.';

      COMMENT ON COLUMN "executed_reduction_step"."cpu_hours" IS 'Processor time of the run [h]; null: not reported.';

      COMMENT ON COLUMN "executed_reduction_step"."peak_memory_gb" IS 'Largest memory of the run [Gbyte]; null: not reported.';

      COMMENT ON COLUMN "executed_reduction_step"."metrics" IS 'Other figures of the run by name.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_executed_reduction_step__input_set_id" ON "executed_reduction_step" ("input_set_id")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_executed_reduction_step__in_hand" ON "executed_reduction_step" ("heartbeat_at")
      WHERE
        "status" IN ('staging_data', 'submitted', 'running', 'collecting_results')
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_executed_reduction_step__pending" ON "executed_reduction_step" ("priority", "created_at")
      WHERE
        "status" = 'pending'
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX "uq_executed_reduction_step__live" ON "executed_reduction_step" ("reduction_step_id", "sub_group_key", "input_set_id", "reduction_software_version_id")
      WHERE
        "status" NOT IN ('failed', 'cancelled')
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_executed_reduction_step__division" ON "executed_reduction_step" ("reduction_step_id", "sub_group_key", "created_at")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "executed_reduction_step" IS 'One run of a reduction step on one division of its packages.'
    `);
    await queryRunner.query(`
      CREATE TYPE "data_product_type_enum" AS ENUM('science', 'qa_metric', 'plot', 'statistics', 'log', 'intermediate')
    `);
    await queryRunner.query(`
      CREATE TYPE "data_product_checksum_algorithm_enum" AS ENUM('sha256', 'md5', 'xxh128', 'crc32c')
    `);
    await queryRunner.query(`
      CREATE TABLE "data_product" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "executed_reduction_step_id" uuid NOT NULL,
        "type" "data_product_type_enum" NOT NULL,
        "relative_path" text NOT NULL,
        "size_bytes" bigint NOT NULL,
        "checksum" text,
        "checksum_algorithm" "data_product_checksum_algorithm_enum",
        "quality_metrics" jsonb NOT NULL DEFAULT '{}',
        CONSTRAINT "uq_data_product__executed_reduction_step_id_relative_path" UNIQUE ("executed_reduction_step_id", "relative_path"),
        CONSTRAINT "ck_data_product__relative_path" CHECK ("relative_path" <> ''),
        CONSTRAINT "ck_data_product__size_bytes" CHECK (
          "size_bytes" >= 0
          AND "size_bytes" <= 9007199254740991
          AND "size_bytes" = CAST("size_bytes" AS bigint)
        ),
        CONSTRAINT "ck_data_product__checksum_checksum_algorithm" CHECK (
          coalesce(length("checksum"), -1) = CASE "checksum_algorithm"
            WHEN 'sha256' THEN 64
            WHEN 'md5' THEN 32
            WHEN 'xxh128' THEN 32
            WHEN 'crc32c' THEN 8
            ELSE -1
          END
        ),
        CONSTRAINT "pk_data_product" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "data_product"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "data_product"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "data_product"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "data_product"."executed_reduction_step_id" IS 'Run that made the product.';

      COMMENT ON COLUMN "data_product"."type" IS 'What the product is.';

      COMMENT ON COLUMN "data_product"."relative_path" IS 'Path below the output folder of the run.';

      COMMENT ON COLUMN "data_product"."size_bytes" IS 'Size of the product [byte].';

      COMMENT ON COLUMN "data_product"."checksum" IS 'Checksum of the content, in hexadecimal digits; null: not computed yet.';

      COMMENT ON COLUMN "data_product"."checksum_algorithm" IS 'Algorithm of the checksum; null: not computed yet.';

      COMMENT ON COLUMN "data_product"."quality_metrics" IS 'Figures of quality by name with unit.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_product" IS 'A file that a reduction run made.'
    `);
    await queryRunner.query(`
      CREATE TYPE "physical_copy_type_enum" AS ENUM(
        'raw_data_file_physical_copy',
        'raw_data_package_physical_copy',
        'data_transfer_package_physical_copy',
        'data_product_physical_copy'
      )
    `);
    await queryRunner.query(`
      CREATE TYPE "physical_copy_status_enum" AS ENUM(
        'present',
        'staged',
        'deletion_possible',
        'deletion_scheduled',
        'deletion_in_progress',
        'deleted',
        'deletion_failed'
      )
    `);
    await queryRunner.query(`
      CREATE TYPE "physical_copy_checksum_algorithm_enum" AS ENUM('sha256', 'md5', 'xxh128', 'crc32c')
    `);
    await queryRunner.query(`
      CREATE TABLE "physical_copy" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "type" "physical_copy_type_enum" NOT NULL,
        "data_location_id" integer NOT NULL,
        "status" "physical_copy_status_enum" NOT NULL DEFAULT 'present',
        "path" text,
        "checksum" text,
        "checksum_algorithm" "physical_copy_checksum_algorithm_enum",
        "verified_at" TIMESTAMP(3) WITH TIME ZONE,
        "deleted_at" TIMESTAMP(3) WITH TIME ZONE,
        "data_product_id" uuid,
        "data_transfer_package_id" uuid,
        "raw_data_file_id" uuid,
        "raw_data_package_id" uuid,
        CONSTRAINT "ck_physical_copy__path" CHECK ("path" <> ''),
        CONSTRAINT "ck_physical_copy__checksum_checksum_algorithm" CHECK (
          coalesce(length("checksum"), -1) = CASE "checksum_algorithm"
            WHEN 'sha256' THEN 64
            WHEN 'md5' THEN 32
            WHEN 'xxh128' THEN 32
            WHEN 'crc32c' THEN 8
            ELSE -1
          END
        ),
        CONSTRAINT "ck_physical_copy__deletion_possible_only_unpacked" CHECK (
          "status" <> 'deletion_possible'
          OR "type" IN ('raw_data_file_physical_copy', 'data_product_physical_copy')
        ),
        CONSTRAINT "ck_physical_copy__deleted_has_time" CHECK (("status" = 'deleted') = ("deleted_at" IS NOT NULL)),
        CONSTRAINT "ck_physical_copy__verified_has_checksum" CHECK (
          "verified_at" IS NULL
          OR "checksum" IS NOT NULL
        ),
        CONSTRAINT "ck_data_product_physical_copy__only" CHECK (
          "type" = 'data_product_physical_copy'
          OR ("data_product_id" IS NULL)
        ),
        CONSTRAINT "ck_data_product_physical_copy__complete" CHECK (
          "type" <> 'data_product_physical_copy'
          OR ("data_product_id" IS NOT NULL)
        ),
        CONSTRAINT "ck_data_transfer_package_physical_copy__only" CHECK (
          "type" = 'data_transfer_package_physical_copy'
          OR ("data_transfer_package_id" IS NULL)
        ),
        CONSTRAINT "ck_data_transfer_package_physical_copy__complete" CHECK (
          "type" <> 'data_transfer_package_physical_copy'
          OR ("data_transfer_package_id" IS NOT NULL)
        ),
        CONSTRAINT "ck_raw_data_file_physical_copy__only" CHECK (
          "type" = 'raw_data_file_physical_copy'
          OR ("raw_data_file_id" IS NULL)
        ),
        CONSTRAINT "ck_raw_data_file_physical_copy__complete" CHECK (
          "type" <> 'raw_data_file_physical_copy'
          OR ("raw_data_file_id" IS NOT NULL)
        ),
        CONSTRAINT "ck_raw_data_package_physical_copy__only" CHECK (
          "type" = 'raw_data_package_physical_copy'
          OR ("raw_data_package_id" IS NULL)
        ),
        CONSTRAINT "ck_raw_data_package_physical_copy__complete" CHECK (
          "type" <> 'raw_data_package_physical_copy'
          OR ("raw_data_package_id" IS NOT NULL)
        ),
        CONSTRAINT "pk_physical_copy" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "physical_copy"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "physical_copy"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "physical_copy"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "physical_copy"."type" IS 'What it is a copy of.';

      COMMENT ON COLUMN "physical_copy"."data_location_id" IS 'Where the copy lies.';

      COMMENT ON COLUMN "physical_copy"."status" IS 'Whether the copy is there and what becomes of it.';

      COMMENT ON COLUMN "physical_copy"."path" IS 'Path below the root of the location; null: the relative path of the thing itself.';

      COMMENT ON COLUMN "physical_copy"."checksum" IS 'Checksum as computed from the copy, in hexadecimal digits; null: not verified.';

      COMMENT ON COLUMN "physical_copy"."checksum_algorithm" IS 'Algorithm of the checksum; null: not verified.';

      COMMENT ON COLUMN "physical_copy"."verified_at" IS 'When the checksum was last computed from the copy, UTC; null: never.';

      COMMENT ON COLUMN "physical_copy"."deleted_at" IS 'When the copy was deleted, UTC; null: it was not.';

      COMMENT ON COLUMN "physical_copy"."data_product_id" IS 'Product that it is a copy of.';

      COMMENT ON COLUMN "physical_copy"."data_transfer_package_id" IS 'Bundle that it is a copy of.';

      COMMENT ON COLUMN "physical_copy"."raw_data_file_id" IS 'File that it is a copy of.';

      COMMENT ON COLUMN "physical_copy"."raw_data_package_id" IS 'Package that it is a copy of.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_physical_copy__in_hand" ON "physical_copy" ("data_location_id", "status", "updated_at")
      WHERE
        "status" IN ('deletion_scheduled', 'deletion_in_progress', 'deletion_possible', 'deletion_failed')
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX "uq_physical_copy__product_at_location" ON "physical_copy" ("data_product_id", "data_location_id")
      WHERE
        "data_product_id" IS NOT NULL
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX "uq_physical_copy__bundle_at_location" ON "physical_copy" ("data_transfer_package_id", "data_location_id")
      WHERE
        "data_transfer_package_id" IS NOT NULL
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX "uq_physical_copy__file_at_location" ON "physical_copy" ("raw_data_file_id", "data_location_id")
      WHERE
        "raw_data_file_id" IS NOT NULL
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX "uq_physical_copy__package_at_location" ON "physical_copy" ("raw_data_package_id", "data_location_id")
      WHERE
        "raw_data_package_id" IS NOT NULL
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "physical_copy" IS 'One file, package or product at one place; a family told apart by type.'
    `);
    await queryRunner.query(`
      CREATE TYPE "deletion_policy_location_type_enum" AS ENUM('source', 'buffer', 'long_term_archive', 'processing')
    `);
    await queryRunner.query(`
      CREATE TABLE "deletion_policy" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "location_type" "deletion_policy_location_type_enum" NOT NULL,
        "min_archive_copies" integer NOT NULL DEFAULT '1',
        CONSTRAINT "uq_deletion_policy__location_type" UNIQUE ("location_type"),
        CONSTRAINT "ck_deletion_policy__min_archive_copies" CHECK (
          "min_archive_copies" >= 1
          AND "min_archive_copies" = CAST("min_archive_copies" AS integer)
        ),
        CONSTRAINT "pk_deletion_policy" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "deletion_policy"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "deletion_policy"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "deletion_policy"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "deletion_policy"."location_type" IS 'Type of the locations that the policy is for.';

      COMMENT ON COLUMN "deletion_policy"."min_archive_copies" IS 'Verified copies in long-term archives that must be present.'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "deletion_policy" IS 'When copies at the locations of one type may be deleted.'
    `);
    await queryRunner.query(`
      CREATE TABLE "chai_inpar_parameter" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "chai_module_configuration_id" integer NOT NULL,
        "spectral_line_id" integer NOT NULL,
        "if_frequency_ghz" double precision NOT NULL,
        "image_frequency_ghz" double precision NOT NULL,
        "velocity_lsr_kms" double precision NOT NULL,
        CONSTRAINT "uq_chai_inpar_parameter__configuration_line" UNIQUE ("chai_module_configuration_id", "spectral_line_id"),
        CONSTRAINT "ck_chai_inpar_parameter__if_frequency_ghz" CHECK (
          "if_frequency_ghz" > 0
          AND "if_frequency_ghz" - "if_frequency_ghz" = 0
        ),
        CONSTRAINT "ck_chai_inpar_parameter__image_frequency_ghz" CHECK (
          "image_frequency_ghz" > 0
          AND "image_frequency_ghz" - "image_frequency_ghz" = 0
        ),
        CONSTRAINT "ck_chai_inpar_parameter__velocity_lsr_kms" CHECK ("velocity_lsr_kms" - "velocity_lsr_kms" = 0),
        CONSTRAINT "pk_chai_inpar_parameter" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "chai_inpar_parameter"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "chai_inpar_parameter"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "chai_inpar_parameter"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "chai_inpar_parameter"."chai_module_configuration_id" IS 'Tuning that takes the line.';

      COMMENT ON COLUMN "chai_inpar_parameter"."spectral_line_id" IS 'Spectral line.';

      COMMENT ON COLUMN "chai_inpar_parameter"."if_frequency_ghz" IS 'Intermediate frequency of the line [GHz].';

      COMMENT ON COLUMN "chai_inpar_parameter"."image_frequency_ghz" IS 'Sky frequency in the other sideband that falls on the same intermediate frequency [GHz].';

      COMMENT ON COLUMN "chai_inpar_parameter"."velocity_lsr_kms" IS 'Velocity for which the tuning was computed, LSRK, radio convention [km/s].'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_chai_inpar_parameter__spectral_line_id" ON "chai_inpar_parameter" ("spectral_line_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "chai_inpar_parameter" IS 'Where one spectral line falls in a CHAI tuning.'
    `);
    await queryRunner.query(`
      CREATE TABLE "chai_tiling" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "chai_observation_configuration_id" integer NOT NULL,
        "tile_number" integer NOT NULL,
        "offset_x_arcmin" double precision NOT NULL,
        "offset_y_arcmin" double precision NOT NULL,
        "angle_deg" double precision NOT NULL,
        "row_count" integer NOT NULL,
        "row_spacing_arcsec" double precision NOT NULL,
        "dump_spacing_arcsec" double precision NOT NULL,
        CONSTRAINT "uq_chai_tiling__chai_observation_configuration_id_tile_number" UNIQUE ("chai_observation_configuration_id", "tile_number"),
        CONSTRAINT "ck_chai_tiling__tile_number" CHECK (
          "tile_number" >= 1
          AND "tile_number" = CAST("tile_number" AS integer)
        ),
        CONSTRAINT "ck_chai_tiling__offset_x_arcmin" CHECK ("offset_x_arcmin" - "offset_x_arcmin" = 0),
        CONSTRAINT "ck_chai_tiling__offset_y_arcmin" CHECK ("offset_y_arcmin" - "offset_y_arcmin" = 0),
        CONSTRAINT "ck_chai_tiling__angle_deg" CHECK (
          "angle_deg" >= -180
          AND "angle_deg" <= 180
          AND "angle_deg" - "angle_deg" = 0
        ),
        CONSTRAINT "ck_chai_tiling__row_count" CHECK (
          "row_count" >= 1
          AND "row_count" = CAST("row_count" AS integer)
        ),
        CONSTRAINT "ck_chai_tiling__row_spacing_arcsec" CHECK (
          "row_spacing_arcsec" > 0
          AND "row_spacing_arcsec" - "row_spacing_arcsec" = 0
        ),
        CONSTRAINT "ck_chai_tiling__dump_spacing_arcsec" CHECK (
          "dump_spacing_arcsec" > 0
          AND "dump_spacing_arcsec" - "dump_spacing_arcsec" = 0
        ),
        CONSTRAINT "pk_chai_tiling" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "chai_tiling"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "chai_tiling"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "chai_tiling"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "chai_tiling"."chai_observation_configuration_id" IS 'Map that the tile belongs to.';

      COMMENT ON COLUMN "chai_tiling"."tile_number" IS 'Number of the tile within its map, in the order of observing.';

      COMMENT ON COLUMN "chai_tiling"."offset_x_arcmin" IS 'Offset of the tile from the source in right ascension times cos(declination) [arcmin].';

      COMMENT ON COLUMN "chai_tiling"."offset_y_arcmin" IS 'Offset of the tile from the source in declination [arcmin].';

      COMMENT ON COLUMN "chai_tiling"."angle_deg" IS 'Rotation of the tile, north through east [deg].';

      COMMENT ON COLUMN "chai_tiling"."row_count" IS 'Number of rows.';

      COMMENT ON COLUMN "chai_tiling"."row_spacing_arcsec" IS 'Distance between rows [arcsec].';

      COMMENT ON COLUMN "chai_tiling"."dump_spacing_arcsec" IS 'Distance between dumps along a row [arcsec].'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "chai_tiling" IS 'One tile of a CHAI map.'
    `);
    await queryRunner.query(`
      CREATE TABLE "pre_scheduled_slot" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "obs_unit_id" integer NOT NULL,
        "start_time" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
        "end_time" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
        "reason" text,
        CONSTRAINT "uq_pre_scheduled_slot__obs_unit_id_start_time" UNIQUE ("obs_unit_id", "start_time"),
        CONSTRAINT "ck_pre_scheduled_slot__reason" CHECK ("reason" <> ''),
        CONSTRAINT "ck_pre_scheduled_slot__times_ordered" CHECK ("start_time" < "end_time"),
        CONSTRAINT "pk_pre_scheduled_slot" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "pre_scheduled_slot"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "pre_scheduled_slot"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "pre_scheduled_slot"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "pre_scheduled_slot"."obs_unit_id" IS 'Unit that the time is kept for.';

      COMMENT ON COLUMN "pre_scheduled_slot"."start_time" IS 'Start of the slot, UTC.';

      COMMENT ON COLUMN "pre_scheduled_slot"."end_time" IS 'End of the slot, UTC.';

      COMMENT ON COLUMN "pre_scheduled_slot"."reason" IS 'Why the time is kept; null: nothing to say.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_pre_scheduled_slot__start_time" ON "pre_scheduled_slot" ("start_time")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "pre_scheduled_slot" IS 'A time that is kept for an obs unit.'
    `);
    await queryRunner.query(`
      CREATE TABLE "input_set_member" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "input_set_id" uuid NOT NULL,
        "raw_data_package_id" uuid,
        "data_product_id" uuid,
        CONSTRAINT "uq_input_set_member__package" UNIQUE ("input_set_id", "raw_data_package_id"),
        CONSTRAINT "ck_input_set_member__package_or_product" CHECK (("raw_data_package_id" IS NULL) <> ("data_product_id" IS NULL)),
        CONSTRAINT "pk_input_set_member" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "input_set_member"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "input_set_member"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "input_set_member"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "input_set_member"."input_set_id" IS 'Set that it belongs to.';

      COMMENT ON COLUMN "input_set_member"."raw_data_package_id" IS 'Raw data package; null: a product.';

      COMMENT ON COLUMN "input_set_member"."data_product_id" IS 'Product of an earlier run; null: a raw data package.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_input_set_member__data_product_id" ON "input_set_member" ("data_product_id")
      WHERE
        "data_product_id" IS NOT NULL
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_input_set_member__raw_data_package_id" ON "input_set_member" ("raw_data_package_id")
      WHERE
        "raw_data_package_id" IS NOT NULL
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX "uq_input_set_member__product" ON "input_set_member" ("input_set_id", "data_product_id")
      WHERE
        "data_product_id" IS NOT NULL
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "input_set_member" IS 'One package or one product of an input set.'
    `);
    await queryRunner.query(`
      CREATE TYPE "data_transfer_route_route_type_enum" AS ENUM('direct', 'relay', 'custom')
    `);
    await queryRunner.query(`
      CREATE TABLE "data_transfer_route" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "name" text NOT NULL,
        "origin_site_id" integer NOT NULL,
        "destination_site_id" integer NOT NULL,
        "route_type" "data_transfer_route_route_type_enum" NOT NULL DEFAULT 'direct',
        "relay_site_id" integer,
        "origin_location_id" integer,
        "destination_location_id" integer,
        "method" text NOT NULL,
        "priority" integer NOT NULL DEFAULT '1',
        "active" boolean NOT NULL DEFAULT true,
        CONSTRAINT "uq_data_transfer_route__name" UNIQUE ("name"),
        CONSTRAINT "ck_data_transfer_route__name" CHECK ("name" <> ''),
        CONSTRAINT "ck_data_transfer_route__method" CHECK ("method" <> ''),
        CONSTRAINT "ck_data_transfer_route__priority" CHECK (
          "priority" >= 1
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "ck_data_transfer_route__custom_has_locations" CHECK (
          "route_type" <> 'custom'
          OR (
            "origin_location_id" IS NOT NULL
            AND "destination_location_id" IS NOT NULL
          )
        ),
        CONSTRAINT "ck_data_transfer_route__relay_is_third_site" CHECK (
          "relay_site_id" <> "origin_site_id"
          AND "relay_site_id" <> "destination_site_id"
        ),
        CONSTRAINT "ck_data_transfer_route__relay_has_site" CHECK (("route_type" = 'relay') = ("relay_site_id" IS NOT NULL)),
        CONSTRAINT "ck_data_transfer_route__sites_differ" CHECK ("origin_site_id" <> "destination_site_id"),
        CONSTRAINT "pk_data_transfer_route" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "data_transfer_route"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "data_transfer_route"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "data_transfer_route"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "data_transfer_route"."name" IS 'Name of the route, such as ccat_to_cologne.';

      COMMENT ON COLUMN "data_transfer_route"."origin_site_id" IS 'Site that the data leaves.';

      COMMENT ON COLUMN "data_transfer_route"."destination_site_id" IS 'Site that the data goes to.';

      COMMENT ON COLUMN "data_transfer_route"."route_type" IS 'How the data goes.';

      COMMENT ON COLUMN "data_transfer_route"."relay_site_id" IS 'Site in between of a relay; null: not a relay.';

      COMMENT ON COLUMN "data_transfer_route"."origin_location_id" IS 'Location that the data must leave from; null: any buffer of the site, by priority.';

      COMMENT ON COLUMN "data_transfer_route"."destination_location_id" IS 'Location that the data must go to; null: any buffer of the site, by priority.';

      COMMENT ON COLUMN "data_transfer_route"."method" IS 'Program or protocol that moves the data, such as bbcp.';

      COMMENT ON COLUMN "data_transfer_route"."priority" IS 'Order among routes between the same sites, 1 is used first.';

      COMMENT ON COLUMN "data_transfer_route"."active" IS 'Whether the route is used.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_data_transfer_route__origin_site_id" ON "data_transfer_route" ("origin_site_id")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_data_transfer_route__destination_site_id" ON "data_transfer_route" ("destination_site_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_transfer_route" IS 'How data flows from one site to another.'
    `);
    await queryRunner.query(`
      CREATE TYPE "data_transfer_status_enum" AS ENUM('pending', 'scheduled', 'in_progress', 'completed', 'failed')
    `);
    await queryRunner.query(`
      CREATE TABLE "data_transfer" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "priority" integer NOT NULL DEFAULT '50',
        "retry_count" integer NOT NULL DEFAULT '0',
        "max_retries" integer NOT NULL DEFAULT '3',
        "next_retry_at" TIMESTAMP(3) WITH TIME ZONE,
        "claimed_by" text,
        "heartbeat_at" TIMESTAMP(3) WITH TIME ZONE,
        "scheduled_at" TIMESTAMP(3) WITH TIME ZONE,
        "started_at" TIMESTAMP(3) WITH TIME ZONE,
        "finished_at" TIMESTAMP(3) WITH TIME ZONE,
        "last_error" text,
        "log_path" text,
        "data_transfer_package_id" uuid NOT NULL,
        "data_transfer_route_id" integer,
        "origin_location_id" integer NOT NULL,
        "destination_location_id" integer NOT NULL,
        "status" "data_transfer_status_enum" NOT NULL DEFAULT 'pending',
        "transferred_bytes" bigint,
        CONSTRAINT "ck_data_transfer__priority" CHECK (
          "priority" >= 0
          AND "priority" <= 100
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "ck_data_transfer__retry_count" CHECK (
          "retry_count" >= 0
          AND "retry_count" = CAST("retry_count" AS integer)
        ),
        CONSTRAINT "ck_data_transfer__max_retries" CHECK (
          "max_retries" >= 0
          AND "max_retries" = CAST("max_retries" AS integer)
        ),
        CONSTRAINT "ck_data_transfer__claimed_by" CHECK ("claimed_by" <> ''),
        CONSTRAINT "ck_data_transfer__last_error" CHECK ("last_error" <> ''),
        CONSTRAINT "ck_data_transfer__log_path" CHECK ("log_path" <> ''),
        CONSTRAINT "ck_data_transfer__transferred_bytes" CHECK (
          "transferred_bytes" >= 0
          AND "transferred_bytes" <= 9007199254740991
          AND "transferred_bytes" = CAST("transferred_bytes" AS bigint)
        ),
        CONSTRAINT "ck_data_transfer__locations_differ" CHECK ("origin_location_id" <> "destination_location_id"),
        CONSTRAINT "pk_data_transfer" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "data_transfer"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "data_transfer"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "data_transfer"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "data_transfer"."priority" IS 'Priority, higher first.';

      COMMENT ON COLUMN "data_transfer"."retry_count" IS 'How often the work failed and was tried again.';

      COMMENT ON COLUMN "data_transfer"."max_retries" IS 'How often the work may be tried again.';

      COMMENT ON COLUMN "data_transfer"."next_retry_at" IS 'Earliest time of the next try, UTC; null: at once.';

      COMMENT ON COLUMN "data_transfer"."claimed_by" IS 'Worker that has the work; null: nobody.';

      COMMENT ON COLUMN "data_transfer"."heartbeat_at" IS 'Last sign of life of the worker that has the work, UTC; null: nobody has it.';

      COMMENT ON COLUMN "data_transfer"."scheduled_at" IS 'When the work was given to a worker last, UTC; null: not yet.';

      COMMENT ON COLUMN "data_transfer"."started_at" IS 'When the work was begun last, UTC; null: not yet.';

      COMMENT ON COLUMN "data_transfer"."finished_at" IS 'When the work came to its end, UTC; null: not yet.';

      COMMENT ON COLUMN "data_transfer"."last_error" IS 'What went wrong last; null: nothing.';

      COMMENT ON COLUMN "data_transfer"."log_path" IS 'Path of the log of the last try; null: none written.';

      COMMENT ON COLUMN "data_transfer"."data_transfer_package_id" IS 'Bundle that is moved.';

      COMMENT ON COLUMN "data_transfer"."data_transfer_route_id" IS 'Route that the transfer takes; null: derived without a route.';

      COMMENT ON COLUMN "data_transfer"."origin_location_id" IS 'Buffer that the data leaves.';

      COMMENT ON COLUMN "data_transfer"."destination_location_id" IS 'Buffer that the data goes to.';

      COMMENT ON COLUMN "data_transfer"."status" IS 'Where the moving of the data stands.';

      COMMENT ON COLUMN "data_transfer"."transferred_bytes" IS 'Bytes moved by the last try [byte]; null: not known.'
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX "uq_data_transfer__live" ON "data_transfer" ("data_transfer_package_id", "destination_location_id")
      WHERE
        "status" <> 'failed'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_data_transfer__in_hand" ON "data_transfer" ("heartbeat_at")
      WHERE
        "status" IN ('scheduled', 'in_progress')
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_data_transfer__pending" ON "data_transfer" ("origin_location_id", "priority", "created_at")
      WHERE
        "status" = 'pending'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_transfer" IS 'One transfer of a data transfer package from a buffer to another site''s.'
    `);
    await queryRunner.query(`
      CREATE TABLE "data_transfer_log" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "data_transfer_id" uuid NOT NULL,
        "log_path" text NOT NULL,
        CONSTRAINT "ck_data_transfer_log__log_path" CHECK ("log_path" <> ''),
        CONSTRAINT "pk_data_transfer_log" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "data_transfer_log"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "data_transfer_log"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "data_transfer_log"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "data_transfer_log"."data_transfer_id" IS 'Transfer that the log is of.';

      COMMENT ON COLUMN "data_transfer_log"."log_path" IS 'Path of the log file.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_data_transfer_log__data_transfer_id_created_at" ON "data_transfer_log" ("data_transfer_id", "created_at")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_transfer_log" IS 'Where the log of one try of a transfer lies.'
    `);
    await queryRunner.query(`
      CREATE TYPE "data_transfer_unpacking_status_enum" AS ENUM('pending', 'scheduled', 'in_progress', 'completed', 'failed')
    `);
    await queryRunner.query(`
      CREATE TABLE "data_transfer_unpacking" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "priority" integer NOT NULL DEFAULT '50',
        "retry_count" integer NOT NULL DEFAULT '0',
        "max_retries" integer NOT NULL DEFAULT '3',
        "next_retry_at" TIMESTAMP(3) WITH TIME ZONE,
        "claimed_by" text,
        "heartbeat_at" TIMESTAMP(3) WITH TIME ZONE,
        "scheduled_at" TIMESTAMP(3) WITH TIME ZONE,
        "started_at" TIMESTAMP(3) WITH TIME ZONE,
        "finished_at" TIMESTAMP(3) WITH TIME ZONE,
        "last_error" text,
        "log_path" text,
        "data_transfer_id" uuid NOT NULL,
        "destination_location_id" integer NOT NULL,
        "status" "data_transfer_unpacking_status_enum" NOT NULL DEFAULT 'pending',
        CONSTRAINT "uq_data_transfer_unpacking__data_transfer_id" UNIQUE ("data_transfer_id"),
        CONSTRAINT "ck_data_transfer_unpacking__priority" CHECK (
          "priority" >= 0
          AND "priority" <= 100
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "ck_data_transfer_unpacking__retry_count" CHECK (
          "retry_count" >= 0
          AND "retry_count" = CAST("retry_count" AS integer)
        ),
        CONSTRAINT "ck_data_transfer_unpacking__max_retries" CHECK (
          "max_retries" >= 0
          AND "max_retries" = CAST("max_retries" AS integer)
        ),
        CONSTRAINT "ck_data_transfer_unpacking__claimed_by" CHECK ("claimed_by" <> ''),
        CONSTRAINT "ck_data_transfer_unpacking__last_error" CHECK ("last_error" <> ''),
        CONSTRAINT "ck_data_transfer_unpacking__log_path" CHECK ("log_path" <> ''),
        CONSTRAINT "pk_data_transfer_unpacking" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "data_transfer_unpacking"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "data_transfer_unpacking"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "data_transfer_unpacking"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "data_transfer_unpacking"."priority" IS 'Priority, higher first.';

      COMMENT ON COLUMN "data_transfer_unpacking"."retry_count" IS 'How often the work failed and was tried again.';

      COMMENT ON COLUMN "data_transfer_unpacking"."max_retries" IS 'How often the work may be tried again.';

      COMMENT ON COLUMN "data_transfer_unpacking"."next_retry_at" IS 'Earliest time of the next try, UTC; null: at once.';

      COMMENT ON COLUMN "data_transfer_unpacking"."claimed_by" IS 'Worker that has the work; null: nobody.';

      COMMENT ON COLUMN "data_transfer_unpacking"."heartbeat_at" IS 'Last sign of life of the worker that has the work, UTC; null: nobody has it.';

      COMMENT ON COLUMN "data_transfer_unpacking"."scheduled_at" IS 'When the work was given to a worker last, UTC; null: not yet.';

      COMMENT ON COLUMN "data_transfer_unpacking"."started_at" IS 'When the work was begun last, UTC; null: not yet.';

      COMMENT ON COLUMN "data_transfer_unpacking"."finished_at" IS 'When the work came to its end, UTC; null: not yet.';

      COMMENT ON COLUMN "data_transfer_unpacking"."last_error" IS 'What went wrong last; null: nothing.';

      COMMENT ON COLUMN "data_transfer_unpacking"."log_path" IS 'Path of the log of the last try; null: none written.';

      COMMENT ON COLUMN "data_transfer_unpacking"."data_transfer_id" IS 'Transfer that brought the bundle.';

      COMMENT ON COLUMN "data_transfer_unpacking"."destination_location_id" IS 'Buffer where the bundle is unpacked.';

      COMMENT ON COLUMN "data_transfer_unpacking"."status" IS 'Where the unpacking stands.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_data_transfer_unpacking__in_hand" ON "data_transfer_unpacking" ("heartbeat_at")
      WHERE
        "status" IN ('scheduled', 'in_progress')
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_data_transfer_unpacking__pending" ON "data_transfer_unpacking" ("destination_location_id", "priority", "created_at")
      WHERE
        "status" = 'pending'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_transfer_unpacking" IS 'The unpacking and verifying of a bundle at the end of a transfer.'
    `);
    await queryRunner.query(`
      CREATE TYPE "long_term_archive_transfer_status_enum" AS ENUM('pending', 'scheduled', 'in_progress', 'completed', 'failed')
    `);
    await queryRunner.query(`
      CREATE TABLE "long_term_archive_transfer" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "priority" integer NOT NULL DEFAULT '50',
        "retry_count" integer NOT NULL DEFAULT '0',
        "max_retries" integer NOT NULL DEFAULT '3',
        "next_retry_at" TIMESTAMP(3) WITH TIME ZONE,
        "claimed_by" text,
        "heartbeat_at" TIMESTAMP(3) WITH TIME ZONE,
        "scheduled_at" TIMESTAMP(3) WITH TIME ZONE,
        "started_at" TIMESTAMP(3) WITH TIME ZONE,
        "finished_at" TIMESTAMP(3) WITH TIME ZONE,
        "last_error" text,
        "log_path" text,
        "raw_data_package_id" uuid NOT NULL,
        "origin_location_id" integer NOT NULL,
        "destination_location_id" integer NOT NULL,
        "status" "long_term_archive_transfer_status_enum" NOT NULL DEFAULT 'pending',
        CONSTRAINT "ck_long_term_archive_transfer__priority" CHECK (
          "priority" >= 0
          AND "priority" <= 100
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "ck_long_term_archive_transfer__retry_count" CHECK (
          "retry_count" >= 0
          AND "retry_count" = CAST("retry_count" AS integer)
        ),
        CONSTRAINT "ck_long_term_archive_transfer__max_retries" CHECK (
          "max_retries" >= 0
          AND "max_retries" = CAST("max_retries" AS integer)
        ),
        CONSTRAINT "ck_long_term_archive_transfer__claimed_by" CHECK ("claimed_by" <> ''),
        CONSTRAINT "ck_long_term_archive_transfer__last_error" CHECK ("last_error" <> ''),
        CONSTRAINT "ck_long_term_archive_transfer__log_path" CHECK ("log_path" <> ''),
        CONSTRAINT "ck_long_term_archive_transfer__locations_differ" CHECK ("origin_location_id" <> "destination_location_id"),
        CONSTRAINT "pk_long_term_archive_transfer" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "long_term_archive_transfer"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "long_term_archive_transfer"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "long_term_archive_transfer"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "long_term_archive_transfer"."priority" IS 'Priority, higher first.';

      COMMENT ON COLUMN "long_term_archive_transfer"."retry_count" IS 'How often the work failed and was tried again.';

      COMMENT ON COLUMN "long_term_archive_transfer"."max_retries" IS 'How often the work may be tried again.';

      COMMENT ON COLUMN "long_term_archive_transfer"."next_retry_at" IS 'Earliest time of the next try, UTC; null: at once.';

      COMMENT ON COLUMN "long_term_archive_transfer"."claimed_by" IS 'Worker that has the work; null: nobody.';

      COMMENT ON COLUMN "long_term_archive_transfer"."heartbeat_at" IS 'Last sign of life of the worker that has the work, UTC; null: nobody has it.';

      COMMENT ON COLUMN "long_term_archive_transfer"."scheduled_at" IS 'When the work was given to a worker last, UTC; null: not yet.';

      COMMENT ON COLUMN "long_term_archive_transfer"."started_at" IS 'When the work was begun last, UTC; null: not yet.';

      COMMENT ON COLUMN "long_term_archive_transfer"."finished_at" IS 'When the work came to its end, UTC; null: not yet.';

      COMMENT ON COLUMN "long_term_archive_transfer"."last_error" IS 'What went wrong last; null: nothing.';

      COMMENT ON COLUMN "long_term_archive_transfer"."log_path" IS 'Path of the log of the last try; null: none written.';

      COMMENT ON COLUMN "long_term_archive_transfer"."raw_data_package_id" IS 'Package that is archived.';

      COMMENT ON COLUMN "long_term_archive_transfer"."origin_location_id" IS 'Buffer that the package lies on.';

      COMMENT ON COLUMN "long_term_archive_transfer"."destination_location_id" IS 'Archive that the package goes to.';

      COMMENT ON COLUMN "long_term_archive_transfer"."status" IS 'Where the archiving stands.'
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX "uq_long_term_archive_transfer__live" ON "long_term_archive_transfer" ("raw_data_package_id", "destination_location_id")
      WHERE
        "status" <> 'failed'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_long_term_archive_transfer__in_hand" ON "long_term_archive_transfer" ("heartbeat_at")
      WHERE
        "status" IN ('scheduled', 'in_progress')
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_long_term_archive_transfer__pending" ON "long_term_archive_transfer" ("destination_location_id", "priority", "created_at")
      WHERE
        "status" = 'pending'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "long_term_archive_transfer" IS 'The move of a raw data package from a buffer into a long-term archive.'
    `);
    await queryRunner.query(`
      CREATE TYPE "staging_job_status_enum" AS ENUM('pending', 'scheduled', 'in_progress', 'completed', 'failed')
    `);
    await queryRunner.query(`
      CREATE TABLE "staging_job" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "priority" integer NOT NULL DEFAULT '50',
        "retry_count" integer NOT NULL DEFAULT '0',
        "max_retries" integer NOT NULL DEFAULT '3',
        "next_retry_at" TIMESTAMP(3) WITH TIME ZONE,
        "claimed_by" text,
        "heartbeat_at" TIMESTAMP(3) WITH TIME ZONE,
        "scheduled_at" TIMESTAMP(3) WITH TIME ZONE,
        "started_at" TIMESTAMP(3) WITH TIME ZONE,
        "finished_at" TIMESTAMP(3) WITH TIME ZONE,
        "last_error" text,
        "log_path" text,
        "destination_location_id" integer NOT NULL,
        "requested_by_user_id" integer,
        "status" "staging_job_status_enum" NOT NULL DEFAULT 'pending',
        "active" boolean NOT NULL DEFAULT true,
        "released_at" TIMESTAMP(3) WITH TIME ZONE,
        CONSTRAINT "ck_staging_job__priority" CHECK (
          "priority" >= 0
          AND "priority" <= 100
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "ck_staging_job__retry_count" CHECK (
          "retry_count" >= 0
          AND "retry_count" = CAST("retry_count" AS integer)
        ),
        CONSTRAINT "ck_staging_job__max_retries" CHECK (
          "max_retries" >= 0
          AND "max_retries" = CAST("max_retries" AS integer)
        ),
        CONSTRAINT "ck_staging_job__claimed_by" CHECK ("claimed_by" <> ''),
        CONSTRAINT "ck_staging_job__last_error" CHECK ("last_error" <> ''),
        CONSTRAINT "ck_staging_job__log_path" CHECK ("log_path" <> ''),
        CONSTRAINT "ck_staging_job__released_is_inactive" CHECK ("active" = ("released_at" IS NULL)),
        CONSTRAINT "pk_staging_job" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "staging_job"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "staging_job"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "staging_job"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "staging_job"."priority" IS 'Priority, higher first.';

      COMMENT ON COLUMN "staging_job"."retry_count" IS 'How often the work failed and was tried again.';

      COMMENT ON COLUMN "staging_job"."max_retries" IS 'How often the work may be tried again.';

      COMMENT ON COLUMN "staging_job"."next_retry_at" IS 'Earliest time of the next try, UTC; null: at once.';

      COMMENT ON COLUMN "staging_job"."claimed_by" IS 'Worker that has the work; null: nobody.';

      COMMENT ON COLUMN "staging_job"."heartbeat_at" IS 'Last sign of life of the worker that has the work, UTC; null: nobody has it.';

      COMMENT ON COLUMN "staging_job"."scheduled_at" IS 'When the work was given to a worker last, UTC; null: not yet.';

      COMMENT ON COLUMN "staging_job"."started_at" IS 'When the work was begun last, UTC; null: not yet.';

      COMMENT ON COLUMN "staging_job"."finished_at" IS 'When the work came to its end, UTC; null: not yet.';

      COMMENT ON COLUMN "staging_job"."last_error" IS 'What went wrong last; null: nothing.';

      COMMENT ON COLUMN "staging_job"."log_path" IS 'Path of the log of the last try; null: none written.';

      COMMENT ON COLUMN "staging_job"."destination_location_id" IS 'Processing location that the data go to.';

      COMMENT ON COLUMN "staging_job"."requested_by_user_id" IS 'User that asked for the data; null: a service on its own.';

      COMMENT ON COLUMN "staging_job"."status" IS 'Where the staging stands.';

      COMMENT ON COLUMN "staging_job"."active" IS 'Whether the staged data are still needed.';

      COMMENT ON COLUMN "staging_job"."released_at" IS 'When the staged data were given free, UTC; null: they are needed.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_staging_job__active" ON "staging_job" ("id")
      WHERE
        "active"
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_staging_job__in_hand" ON "staging_job" ("heartbeat_at")
      WHERE
        "status" IN ('scheduled', 'in_progress')
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_staging_job__pending" ON "staging_job" ("destination_location_id", "priority", "created_at")
      WHERE
        "status" = 'pending'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "staging_job" IS 'A request to bring packages from the archive to a processing location.'
    `);
    await queryRunner.query(`
      CREATE TABLE "role_permission" (
        "role_id" integer NOT NULL,
        "permission_id" integer NOT NULL,
        CONSTRAINT "pk_role_permission" PRIMARY KEY ("role_id", "permission_id")
      );

      COMMENT ON COLUMN "role_permission"."role_id" IS 'Key of the Role.';

      COMMENT ON COLUMN "role_permission"."permission_id" IS 'Key of the Permission.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_role_permission__permission_id" ON "role_permission" ("permission_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "role_permission" IS 'Which Permission belongs to which Role.'
    `);
    await queryRunner.query(`
      CREATE TABLE "user_role" (
        "user_id" integer NOT NULL,
        "role_id" integer NOT NULL,
        CONSTRAINT "pk_user_role" PRIMARY KEY ("user_id", "role_id")
      );

      COMMENT ON COLUMN "user_role"."user_id" IS 'Key of the User.';

      COMMENT ON COLUMN "user_role"."role_id" IS 'Key of the Role.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_user_role__role_id" ON "user_role" ("role_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "user_role" IS 'Which Role belongs to which User.'
    `);
    await queryRunner.query(`
      CREATE TABLE "obs_mode_instrument" (
        "obs_mode_id" integer NOT NULL,
        "instrument_id" integer NOT NULL,
        CONSTRAINT "pk_obs_mode_instrument" PRIMARY KEY ("obs_mode_id", "instrument_id")
      );

      COMMENT ON COLUMN "obs_mode_instrument"."obs_mode_id" IS 'Key of the ObsMode.';

      COMMENT ON COLUMN "obs_mode_instrument"."instrument_id" IS 'Key of the Instrument.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_obs_mode_instrument__instrument_id" ON "obs_mode_instrument" ("instrument_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "obs_mode_instrument" IS 'Which Instrument belongs to which ObsMode.'
    `);
    await queryRunner.query(`
      CREATE TABLE "obs_unit_module_configuration" (
        "obs_unit_id" integer NOT NULL,
        "module_configuration_id" integer NOT NULL,
        CONSTRAINT "pk_obs_unit_module_configuration" PRIMARY KEY ("obs_unit_id", "module_configuration_id")
      );

      COMMENT ON COLUMN "obs_unit_module_configuration"."obs_unit_id" IS 'Key of the ObsUnit.';

      COMMENT ON COLUMN "obs_unit_module_configuration"."module_configuration_id" IS 'Key of the InstrumentModuleConfiguration.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_obs_unit_module_configuration__module_configuration_id" ON "obs_unit_module_configuration" ("module_configuration_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "obs_unit_module_configuration" IS 'Which InstrumentModuleConfiguration belongs to which ObsUnit.'
    `);
    await queryRunner.query(`
      CREATE TABLE "staging_job_raw_data_package" (
        "staging_job_id" uuid NOT NULL,
        "raw_data_package_id" uuid NOT NULL,
        CONSTRAINT "pk_staging_job_raw_data_package" PRIMARY KEY ("staging_job_id", "raw_data_package_id")
      );

      COMMENT ON COLUMN "staging_job_raw_data_package"."staging_job_id" IS 'Key of the StagingJob.';

      COMMENT ON COLUMN "staging_job_raw_data_package"."raw_data_package_id" IS 'Key of the RawDataPackage.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_staging_job_raw_data_package__raw_data_package_id" ON "staging_job_raw_data_package" ("raw_data_package_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "staging_job_raw_data_package" IS 'Which RawDataPackage belongs to which StagingJob.'
    `);
    await queryRunner.query(`
      ALTER TABLE "api_token"
      ADD CONSTRAINT "fk_api_token__user_id" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_location"
      ADD CONSTRAINT "fk_data_location__site_id" FOREIGN KEY ("site_id") REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_package"
      ADD CONSTRAINT "fk_data_transfer_package__origin_location_id" FOREIGN KEY ("origin_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "telescope"
      ADD CONSTRAINT "fk_telescope__observatory_id" FOREIGN KEY ("observatory_id") REFERENCES "observatory" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument"
      ADD CONSTRAINT "fk_instrument__telescope_id" FOREIGN KEY ("telescope_id") REFERENCES "telescope" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_slot"
      ADD CONSTRAINT "fk_instrument_slot__instrument_id" FOREIGN KEY ("instrument_id") REFERENCES "instrument" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module"
      ADD CONSTRAINT "fk_instrument_module__instrument_id" FOREIGN KEY ("instrument_id") REFERENCES "instrument" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module"
      ADD CONSTRAINT "fk_instrument_module__slot_id" FOREIGN KEY ("slot_id") REFERENCES "instrument_slot" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      ADD CONSTRAINT "fk_instrument_module_configuration__instrument_module_id" FOREIGN KEY ("instrument_module_id") REFERENCES "instrument_module" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "observing_program"
      ADD CONSTRAINT "fk_observing_program__instrument_id" FOREIGN KEY ("instrument_id") REFERENCES "instrument" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "source"
      ADD CONSTRAINT "fk_source__follows_source_id" FOREIGN KEY ("follows_source_id") REFERENCES "source" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "sub_observing_program"
      ADD CONSTRAINT "fk_sub_observing_program__observing_program_id" FOREIGN KEY ("observing_program_id") REFERENCES "observing_program" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      ADD CONSTRAINT "fk_obs_unit__source_id" FOREIGN KEY ("source_id") REFERENCES "source" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      ADD CONSTRAINT "fk_obs_unit__observing_program_id" FOREIGN KEY ("observing_program_id") REFERENCES "observing_program" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      ADD CONSTRAINT "fk_obs_unit__obs_mode_id" FOREIGN KEY ("obs_mode_id") REFERENCES "obs_mode" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      ADD CONSTRAINT "fk_obs_unit__observation_configuration_id" FOREIGN KEY ("observation_configuration_id") REFERENCES "observation_configuration" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      ADD CONSTRAINT "fk_obs_unit__line_id" FOREIGN KEY ("line_id") REFERENCES "spectral_line" ("line_id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      ADD CONSTRAINT "fk_obs_unit__sub_program_of_program" FOREIGN KEY ("sub_observing_program_id", "observing_program_id") REFERENCES "sub_observing_program" ("id", "observing_program_id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit"
      ADD CONSTRAINT "fk_executed_obs_unit__obs_unit_id" FOREIGN KEY ("obs_unit_id") REFERENCES "obs_unit" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_package"
      ADD CONSTRAINT "fk_raw_data_package__executed_obs_unit_id" FOREIGN KEY ("executed_obs_unit_id") REFERENCES "executed_obs_unit" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_package"
      ADD CONSTRAINT "fk_raw_data_package__instrument_module_id" FOREIGN KEY ("instrument_module_id") REFERENCES "instrument_module" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_package"
      ADD CONSTRAINT "fk_raw_data_package__source_location_id" FOREIGN KEY ("source_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_package"
      ADD CONSTRAINT "fk_raw_data_package__data_transfer_package_id" FOREIGN KEY ("data_transfer_package_id") REFERENCES "data_transfer_package" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_file"
      ADD CONSTRAINT "fk_raw_data_file__executed_obs_unit_id" FOREIGN KEY ("executed_obs_unit_id") REFERENCES "executed_obs_unit" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_file"
      ADD CONSTRAINT "fk_raw_data_file__instrument_module_id" FOREIGN KEY ("instrument_module_id") REFERENCES "instrument_module" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_file"
      ADD CONSTRAINT "fk_raw_data_file__source_location_id" FOREIGN KEY ("source_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_file"
      ADD CONSTRAINT "fk_raw_data_file__raw_data_package_id" FOREIGN KEY ("raw_data_package_id") REFERENCES "raw_data_package" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_package_metadata"
      ADD CONSTRAINT "fk_raw_data_package_metadata__raw_data_package_id" FOREIGN KEY ("raw_data_package_id") REFERENCES "raw_data_package" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_software_version"
      ADD CONSTRAINT "fk_reduction_software_version__reduction_software_id" FOREIGN KEY ("reduction_software_id") REFERENCES "reduction_software" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_grouping"
      ADD CONSTRAINT "fk_data_grouping__instrument_module_id" FOREIGN KEY ("instrument_module_id") REFERENCES "instrument_module" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "pipeline"
      ADD CONSTRAINT "fk_pipeline__data_grouping_id" FOREIGN KEY ("data_grouping_id") REFERENCES "data_grouping" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "pipeline"
      ADD CONSTRAINT "fk_pipeline__processing_location_id" FOREIGN KEY ("processing_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "pipeline"
      ADD CONSTRAINT "fk_pipeline__created_by_user_id" FOREIGN KEY ("created_by_user_id") REFERENCES "user" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_step"
      ADD CONSTRAINT "fk_reduction_step__pipeline_id" FOREIGN KEY ("pipeline_id") REFERENCES "pipeline" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_step"
      ADD CONSTRAINT "fk_reduction_step__upstream_step_id" FOREIGN KEY ("upstream_step_id") REFERENCES "reduction_step" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_step"
      ADD CONSTRAINT "fk_reduction_step__reduction_software_id" FOREIGN KEY ("reduction_software_id") REFERENCES "reduction_software" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_step"
      ADD CONSTRAINT "fk_reduction_step__pinned_version_id" FOREIGN KEY ("pinned_version_id") REFERENCES "reduction_software_version" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_step"
      ADD CONSTRAINT "fk_reduction_step__reduction_step_config_id" FOREIGN KEY ("reduction_step_config_id") REFERENCES "reduction_step_config" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_reduction_step"
      ADD CONSTRAINT "fk_executed_reduction_step__reduction_step_id" FOREIGN KEY ("reduction_step_id") REFERENCES "reduction_step" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_reduction_step"
      ADD CONSTRAINT "fk_executed_reduction_step__input_set_id" FOREIGN KEY ("input_set_id") REFERENCES "input_set" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_reduction_step"
      ADD CONSTRAINT "fk_executed_reduction_step__reduction_software_version_id" FOREIGN KEY ("reduction_software_version_id") REFERENCES "reduction_software_version" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_product"
      ADD CONSTRAINT "fk_data_product__executed_reduction_step_id" FOREIGN KEY ("executed_reduction_step_id") REFERENCES "executed_reduction_step" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "physical_copy"
      ADD CONSTRAINT "fk_physical_copy__data_location_id" FOREIGN KEY ("data_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "physical_copy"
      ADD CONSTRAINT "fk_physical_copy__data_product_id" FOREIGN KEY ("data_product_id") REFERENCES "data_product" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "physical_copy"
      ADD CONSTRAINT "fk_physical_copy__data_transfer_package_id" FOREIGN KEY ("data_transfer_package_id") REFERENCES "data_transfer_package" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "physical_copy"
      ADD CONSTRAINT "fk_physical_copy__raw_data_file_id" FOREIGN KEY ("raw_data_file_id") REFERENCES "raw_data_file" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "physical_copy"
      ADD CONSTRAINT "fk_physical_copy__raw_data_package_id" FOREIGN KEY ("raw_data_package_id") REFERENCES "raw_data_package" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "chai_inpar_parameter"
      ADD CONSTRAINT "fk_chai_inpar_parameter__chai_module_configuration_id" FOREIGN KEY ("chai_module_configuration_id") REFERENCES "instrument_module_configuration" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "chai_inpar_parameter"
      ADD CONSTRAINT "fk_chai_inpar_parameter__spectral_line_id" FOREIGN KEY ("spectral_line_id") REFERENCES "spectral_line" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "chai_tiling"
      ADD CONSTRAINT "fk_chai_tiling__chai_observation_configuration_id" FOREIGN KEY ("chai_observation_configuration_id") REFERENCES "observation_configuration" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "pre_scheduled_slot"
      ADD CONSTRAINT "fk_pre_scheduled_slot__obs_unit_id" FOREIGN KEY ("obs_unit_id") REFERENCES "obs_unit" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "input_set_member"
      ADD CONSTRAINT "fk_input_set_member__input_set_id" FOREIGN KEY ("input_set_id") REFERENCES "input_set" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "input_set_member"
      ADD CONSTRAINT "fk_input_set_member__raw_data_package_id" FOREIGN KEY ("raw_data_package_id") REFERENCES "raw_data_package" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "input_set_member"
      ADD CONSTRAINT "fk_input_set_member__data_product_id" FOREIGN KEY ("data_product_id") REFERENCES "data_product" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_route"
      ADD CONSTRAINT "fk_data_transfer_route__origin_site_id" FOREIGN KEY ("origin_site_id") REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_route"
      ADD CONSTRAINT "fk_data_transfer_route__destination_site_id" FOREIGN KEY ("destination_site_id") REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_route"
      ADD CONSTRAINT "fk_data_transfer_route__relay_site_id" FOREIGN KEY ("relay_site_id") REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_route"
      ADD CONSTRAINT "fk_data_transfer_route__origin_location_id" FOREIGN KEY ("origin_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_route"
      ADD CONSTRAINT "fk_data_transfer_route__destination_location_id" FOREIGN KEY ("destination_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer"
      ADD CONSTRAINT "fk_data_transfer__data_transfer_package_id" FOREIGN KEY ("data_transfer_package_id") REFERENCES "data_transfer_package" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer"
      ADD CONSTRAINT "fk_data_transfer__data_transfer_route_id" FOREIGN KEY ("data_transfer_route_id") REFERENCES "data_transfer_route" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer"
      ADD CONSTRAINT "fk_data_transfer__origin_location_id" FOREIGN KEY ("origin_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer"
      ADD CONSTRAINT "fk_data_transfer__destination_location_id" FOREIGN KEY ("destination_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_log"
      ADD CONSTRAINT "fk_data_transfer_log__data_transfer_id" FOREIGN KEY ("data_transfer_id") REFERENCES "data_transfer" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_unpacking"
      ADD CONSTRAINT "fk_data_transfer_unpacking__data_transfer_id" FOREIGN KEY ("data_transfer_id") REFERENCES "data_transfer" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_unpacking"
      ADD CONSTRAINT "fk_data_transfer_unpacking__destination_location_id" FOREIGN KEY ("destination_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "long_term_archive_transfer"
      ADD CONSTRAINT "fk_long_term_archive_transfer__raw_data_package_id" FOREIGN KEY ("raw_data_package_id") REFERENCES "raw_data_package" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "long_term_archive_transfer"
      ADD CONSTRAINT "fk_long_term_archive_transfer__origin_location_id" FOREIGN KEY ("origin_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "long_term_archive_transfer"
      ADD CONSTRAINT "fk_long_term_archive_transfer__destination_location_id" FOREIGN KEY ("destination_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "staging_job"
      ADD CONSTRAINT "fk_staging_job__destination_location_id" FOREIGN KEY ("destination_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "staging_job"
      ADD CONSTRAINT "fk_staging_job__requested_by_user_id" FOREIGN KEY ("requested_by_user_id") REFERENCES "user" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "role_permission"
      ADD CONSTRAINT "fk_role_permission__role_id" FOREIGN KEY ("role_id") REFERENCES "role" ("id") ON DELETE CASCADE ON UPDATE CASCADE
    `);
    await queryRunner.query(`
      ALTER TABLE "role_permission"
      ADD CONSTRAINT "fk_role_permission__permission_id" FOREIGN KEY ("permission_id") REFERENCES "permission" ("id") ON DELETE CASCADE ON UPDATE CASCADE
    `);
    await queryRunner.query(`
      ALTER TABLE "user_role"
      ADD CONSTRAINT "fk_user_role__user_id" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE ON UPDATE CASCADE
    `);
    await queryRunner.query(`
      ALTER TABLE "user_role"
      ADD CONSTRAINT "fk_user_role__role_id" FOREIGN KEY ("role_id") REFERENCES "role" ("id") ON DELETE CASCADE ON UPDATE CASCADE
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_mode_instrument"
      ADD CONSTRAINT "fk_obs_mode_instrument__obs_mode_id" FOREIGN KEY ("obs_mode_id") REFERENCES "obs_mode" ("id") ON DELETE CASCADE ON UPDATE CASCADE
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_mode_instrument"
      ADD CONSTRAINT "fk_obs_mode_instrument__instrument_id" FOREIGN KEY ("instrument_id") REFERENCES "instrument" ("id") ON DELETE CASCADE ON UPDATE CASCADE
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit_module_configuration"
      ADD CONSTRAINT "fk_obs_unit_module_configuration__obs_unit_id" FOREIGN KEY ("obs_unit_id") REFERENCES "obs_unit" ("id") ON DELETE CASCADE ON UPDATE CASCADE
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit_module_configuration"
      ADD CONSTRAINT "fk_obs_unit_module_configuration__module_configuration_id" FOREIGN KEY ("module_configuration_id") REFERENCES "instrument_module_configuration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
    `);
    await queryRunner.query(`
      ALTER TABLE "staging_job_raw_data_package"
      ADD CONSTRAINT "fk_staging_job_raw_data_package__staging_job_id" FOREIGN KEY ("staging_job_id") REFERENCES "staging_job" ("id") ON DELETE CASCADE ON UPDATE CASCADE
    `);
    await queryRunner.query(`
      ALTER TABLE "staging_job_raw_data_package"
      ADD CONSTRAINT "fk_staging_job_raw_data_package__raw_data_package_id" FOREIGN KEY ("raw_data_package_id") REFERENCES "raw_data_package" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "staging_job_raw_data_package"
      DROP CONSTRAINT "fk_staging_job_raw_data_package__raw_data_package_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "staging_job_raw_data_package"
      DROP CONSTRAINT "fk_staging_job_raw_data_package__staging_job_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit_module_configuration"
      DROP CONSTRAINT "fk_obs_unit_module_configuration__module_configuration_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit_module_configuration"
      DROP CONSTRAINT "fk_obs_unit_module_configuration__obs_unit_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_mode_instrument"
      DROP CONSTRAINT "fk_obs_mode_instrument__instrument_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_mode_instrument"
      DROP CONSTRAINT "fk_obs_mode_instrument__obs_mode_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "user_role"
      DROP CONSTRAINT "fk_user_role__role_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "user_role"
      DROP CONSTRAINT "fk_user_role__user_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "role_permission"
      DROP CONSTRAINT "fk_role_permission__permission_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "role_permission"
      DROP CONSTRAINT "fk_role_permission__role_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "staging_job"
      DROP CONSTRAINT "fk_staging_job__requested_by_user_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "staging_job"
      DROP CONSTRAINT "fk_staging_job__destination_location_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "long_term_archive_transfer"
      DROP CONSTRAINT "fk_long_term_archive_transfer__destination_location_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "long_term_archive_transfer"
      DROP CONSTRAINT "fk_long_term_archive_transfer__origin_location_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "long_term_archive_transfer"
      DROP CONSTRAINT "fk_long_term_archive_transfer__raw_data_package_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_unpacking"
      DROP CONSTRAINT "fk_data_transfer_unpacking__destination_location_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_unpacking"
      DROP CONSTRAINT "fk_data_transfer_unpacking__data_transfer_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_log"
      DROP CONSTRAINT "fk_data_transfer_log__data_transfer_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer"
      DROP CONSTRAINT "fk_data_transfer__destination_location_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer"
      DROP CONSTRAINT "fk_data_transfer__origin_location_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer"
      DROP CONSTRAINT "fk_data_transfer__data_transfer_route_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer"
      DROP CONSTRAINT "fk_data_transfer__data_transfer_package_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_route"
      DROP CONSTRAINT "fk_data_transfer_route__destination_location_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_route"
      DROP CONSTRAINT "fk_data_transfer_route__origin_location_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_route"
      DROP CONSTRAINT "fk_data_transfer_route__relay_site_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_route"
      DROP CONSTRAINT "fk_data_transfer_route__destination_site_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_route"
      DROP CONSTRAINT "fk_data_transfer_route__origin_site_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "input_set_member"
      DROP CONSTRAINT "fk_input_set_member__data_product_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "input_set_member"
      DROP CONSTRAINT "fk_input_set_member__raw_data_package_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "input_set_member"
      DROP CONSTRAINT "fk_input_set_member__input_set_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "pre_scheduled_slot"
      DROP CONSTRAINT "fk_pre_scheduled_slot__obs_unit_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "chai_tiling"
      DROP CONSTRAINT "fk_chai_tiling__chai_observation_configuration_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "chai_inpar_parameter"
      DROP CONSTRAINT "fk_chai_inpar_parameter__spectral_line_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "chai_inpar_parameter"
      DROP CONSTRAINT "fk_chai_inpar_parameter__chai_module_configuration_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "physical_copy"
      DROP CONSTRAINT "fk_physical_copy__raw_data_package_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "physical_copy"
      DROP CONSTRAINT "fk_physical_copy__raw_data_file_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "physical_copy"
      DROP CONSTRAINT "fk_physical_copy__data_transfer_package_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "physical_copy"
      DROP CONSTRAINT "fk_physical_copy__data_product_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "physical_copy"
      DROP CONSTRAINT "fk_physical_copy__data_location_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_product"
      DROP CONSTRAINT "fk_data_product__executed_reduction_step_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_reduction_step"
      DROP CONSTRAINT "fk_executed_reduction_step__reduction_software_version_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_reduction_step"
      DROP CONSTRAINT "fk_executed_reduction_step__input_set_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_reduction_step"
      DROP CONSTRAINT "fk_executed_reduction_step__reduction_step_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_step"
      DROP CONSTRAINT "fk_reduction_step__reduction_step_config_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_step"
      DROP CONSTRAINT "fk_reduction_step__pinned_version_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_step"
      DROP CONSTRAINT "fk_reduction_step__reduction_software_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_step"
      DROP CONSTRAINT "fk_reduction_step__upstream_step_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_step"
      DROP CONSTRAINT "fk_reduction_step__pipeline_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "pipeline"
      DROP CONSTRAINT "fk_pipeline__created_by_user_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "pipeline"
      DROP CONSTRAINT "fk_pipeline__processing_location_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "pipeline"
      DROP CONSTRAINT "fk_pipeline__data_grouping_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_grouping"
      DROP CONSTRAINT "fk_data_grouping__instrument_module_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_software_version"
      DROP CONSTRAINT "fk_reduction_software_version__reduction_software_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_package_metadata"
      DROP CONSTRAINT "fk_raw_data_package_metadata__raw_data_package_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_file"
      DROP CONSTRAINT "fk_raw_data_file__raw_data_package_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_file"
      DROP CONSTRAINT "fk_raw_data_file__source_location_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_file"
      DROP CONSTRAINT "fk_raw_data_file__instrument_module_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_file"
      DROP CONSTRAINT "fk_raw_data_file__executed_obs_unit_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_package"
      DROP CONSTRAINT "fk_raw_data_package__data_transfer_package_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_package"
      DROP CONSTRAINT "fk_raw_data_package__source_location_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_package"
      DROP CONSTRAINT "fk_raw_data_package__instrument_module_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_package"
      DROP CONSTRAINT "fk_raw_data_package__executed_obs_unit_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit"
      DROP CONSTRAINT "fk_executed_obs_unit__obs_unit_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      DROP CONSTRAINT "fk_obs_unit__sub_program_of_program"
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      DROP CONSTRAINT "fk_obs_unit__line_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      DROP CONSTRAINT "fk_obs_unit__observation_configuration_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      DROP CONSTRAINT "fk_obs_unit__obs_mode_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      DROP CONSTRAINT "fk_obs_unit__observing_program_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      DROP CONSTRAINT "fk_obs_unit__source_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "sub_observing_program"
      DROP CONSTRAINT "fk_sub_observing_program__observing_program_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "source"
      DROP CONSTRAINT "fk_source__follows_source_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "observing_program"
      DROP CONSTRAINT "fk_observing_program__instrument_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      DROP CONSTRAINT "fk_instrument_module_configuration__instrument_module_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module"
      DROP CONSTRAINT "fk_instrument_module__slot_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module"
      DROP CONSTRAINT "fk_instrument_module__instrument_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_slot"
      DROP CONSTRAINT "fk_instrument_slot__instrument_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument"
      DROP CONSTRAINT "fk_instrument__telescope_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "telescope"
      DROP CONSTRAINT "fk_telescope__observatory_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_transfer_package"
      DROP CONSTRAINT "fk_data_transfer_package__origin_location_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "data_location"
      DROP CONSTRAINT "fk_data_location__site_id"
    `);
    await queryRunner.query(`
      ALTER TABLE "api_token"
      DROP CONSTRAINT "fk_api_token__user_id"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "staging_job_raw_data_package" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_staging_job_raw_data_package__raw_data_package_id"
    `);
    await queryRunner.query(`
      DROP TABLE "staging_job_raw_data_package"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "obs_unit_module_configuration" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_obs_unit_module_configuration__module_configuration_id"
    `);
    await queryRunner.query(`
      DROP TABLE "obs_unit_module_configuration"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "obs_mode_instrument" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_obs_mode_instrument__instrument_id"
    `);
    await queryRunner.query(`
      DROP TABLE "obs_mode_instrument"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "user_role" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_user_role__role_id"
    `);
    await queryRunner.query(`
      DROP TABLE "user_role"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "role_permission" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_role_permission__permission_id"
    `);
    await queryRunner.query(`
      DROP TABLE "role_permission"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "staging_job" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_staging_job__pending"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_staging_job__in_hand"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_staging_job__active"
    `);
    await queryRunner.query(`
      DROP TABLE "staging_job"
    `);
    await queryRunner.query(`
      DROP TYPE "staging_job_status_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "long_term_archive_transfer" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_long_term_archive_transfer__pending"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_long_term_archive_transfer__in_hand"
    `);
    await queryRunner.query(`
      DROP INDEX "uq_long_term_archive_transfer__live"
    `);
    await queryRunner.query(`
      DROP TABLE "long_term_archive_transfer"
    `);
    await queryRunner.query(`
      DROP TYPE "long_term_archive_transfer_status_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_transfer_unpacking" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_data_transfer_unpacking__pending"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_data_transfer_unpacking__in_hand"
    `);
    await queryRunner.query(`
      DROP TABLE "data_transfer_unpacking"
    `);
    await queryRunner.query(`
      DROP TYPE "data_transfer_unpacking_status_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_transfer_log" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_data_transfer_log__data_transfer_id_created_at"
    `);
    await queryRunner.query(`
      DROP TABLE "data_transfer_log"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_transfer" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_data_transfer__pending"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_data_transfer__in_hand"
    `);
    await queryRunner.query(`
      DROP INDEX "uq_data_transfer__live"
    `);
    await queryRunner.query(`
      DROP TABLE "data_transfer"
    `);
    await queryRunner.query(`
      DROP TYPE "data_transfer_status_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_transfer_route" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_data_transfer_route__destination_site_id"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_data_transfer_route__origin_site_id"
    `);
    await queryRunner.query(`
      DROP TABLE "data_transfer_route"
    `);
    await queryRunner.query(`
      DROP TYPE "data_transfer_route_route_type_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "input_set_member" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "uq_input_set_member__product"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_input_set_member__raw_data_package_id"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_input_set_member__data_product_id"
    `);
    await queryRunner.query(`
      DROP TABLE "input_set_member"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "pre_scheduled_slot" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_pre_scheduled_slot__start_time"
    `);
    await queryRunner.query(`
      DROP TABLE "pre_scheduled_slot"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "chai_tiling" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "chai_tiling"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "chai_inpar_parameter" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_chai_inpar_parameter__spectral_line_id"
    `);
    await queryRunner.query(`
      DROP TABLE "chai_inpar_parameter"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "deletion_policy" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "deletion_policy"
    `);
    await queryRunner.query(`
      DROP TYPE "deletion_policy_location_type_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "physical_copy" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "uq_physical_copy__package_at_location"
    `);
    await queryRunner.query(`
      DROP INDEX "uq_physical_copy__file_at_location"
    `);
    await queryRunner.query(`
      DROP INDEX "uq_physical_copy__bundle_at_location"
    `);
    await queryRunner.query(`
      DROP INDEX "uq_physical_copy__product_at_location"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_physical_copy__in_hand"
    `);
    await queryRunner.query(`
      DROP TABLE "physical_copy"
    `);
    await queryRunner.query(`
      DROP TYPE "physical_copy_checksum_algorithm_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "physical_copy_status_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "physical_copy_type_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_product" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "data_product"
    `);
    await queryRunner.query(`
      DROP TYPE "data_product_checksum_algorithm_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "data_product_type_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "executed_reduction_step" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_executed_reduction_step__division"
    `);
    await queryRunner.query(`
      DROP INDEX "uq_executed_reduction_step__live"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_executed_reduction_step__pending"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_executed_reduction_step__in_hand"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_executed_reduction_step__input_set_id"
    `);
    await queryRunner.query(`
      DROP TABLE "executed_reduction_step"
    `);
    await queryRunner.query(`
      DROP TYPE "executed_reduction_step_status_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "reduction_step" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_reduction_step__reduction_step_config_id"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_reduction_step__reduction_software_id"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_reduction_step__upstream_step_id"
    `);
    await queryRunner.query(`
      DROP TABLE "reduction_step"
    `);
    await queryRunner.query(`
      DROP TYPE "reduction_step_version_policy_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "reduction_step_config" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "reduction_step_config"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "pipeline" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_pipeline__enabled"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_pipeline__data_grouping_id"
    `);
    await queryRunner.query(`
      DROP TABLE "pipeline"
    `);
    await queryRunner.query(`
      DROP TYPE "pipeline_trigger_type_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_grouping" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_data_grouping__instrument_module_id"
    `);
    await queryRunner.query(`
      DROP TABLE "data_grouping"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "reduction_software_version" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "reduction_software_version"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "reduction_software" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "reduction_software"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "input_set" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "input_set"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "status_history" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_status_history__row_id_changed_at"
    `);
    await queryRunner.query(`
      DROP TABLE "status_history"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "raw_data_package_metadata" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "raw_data_package_metadata"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "raw_data_file" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_raw_data_file__unpackaged"
    `);
    await queryRunner.query(`
      DROP TABLE "raw_data_file"
    `);
    await queryRunner.query(`
      DROP TYPE "raw_data_file_checksum_algorithm_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "raw_data_package" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_raw_data_package__pending"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_raw_data_package__waiting"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_raw_data_package__in_hand"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_raw_data_package__listed"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_raw_data_package__data_transfer_package_id"
    `);
    await queryRunner.query(`
      DROP TABLE "raw_data_package"
    `);
    await queryRunner.query(`
      DROP TYPE "raw_data_package_checksum_algorithm_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "raw_data_package_status_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "raw_data_package_state_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "executed_obs_unit" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_executed_obs_unit__obs_unit_id_start_time"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_executed_obs_unit__observing_night"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_executed_obs_unit__start_time"
    `);
    await queryRunner.query(`
      DROP TABLE "executed_obs_unit"
    `);
    await queryRunner.query(`
      DROP TYPE "executed_obs_unit_quality_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "executed_obs_unit_status_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "obs_unit" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_obs_unit__line_id"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_obs_unit__observation_configuration_id"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_obs_unit__obs_mode_id"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_obs_unit__sub_observing_program_id"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_obs_unit__observing_program_id"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_obs_unit__source_id"
    `);
    await queryRunner.query(`
      DROP TABLE "obs_unit"
    `);
    await queryRunner.query(`
      DROP TYPE "obs_unit_state_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "sub_observing_program" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "sub_observing_program"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "spectral_line" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "spectral_line"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "source" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "source"
    `);
    await queryRunner.query(`
      DROP TYPE "source_body_class_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "source_off_frame_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "source_velocity_convention_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "source_velocity_frame_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "source_field_frame_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "source_field_shape_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "source_category_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "source_type_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "observing_program" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_observing_program__instrument_id"
    `);
    await queryRunner.query(`
      DROP TABLE "observing_program"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "observation_configuration" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "observation_configuration"
    `);
    await queryRunner.query(`
      DROP TYPE "observation_configuration_type_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "obs_mode" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "obs_mode"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "instrument_module_configuration" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "instrument_module_configuration"
    `);
    await queryRunner.query(`
      DROP TYPE "instrument_module_configuration_sideband_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "instrument_module_configuration_type_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "instrument_module" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "instrument_module"
    `);
    await queryRunner.query(`
      DROP TYPE "instrument_module_availability_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "instrument_slot" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "instrument_slot"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "instrument" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_instrument__telescope_id"
    `);
    await queryRunner.query(`
      DROP TABLE "instrument"
    `);
    await queryRunner.query(`
      DROP TYPE "instrument_availability_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "instrument_kind_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "telescope" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_telescope__observatory_id"
    `);
    await queryRunner.query(`
      DROP TABLE "telescope"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "observatory" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "observatory"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_transfer_package" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "ix_data_transfer_package__pending"
    `);
    await queryRunner.query(`
      DROP INDEX "ix_data_transfer_package__in_hand"
    `);
    await queryRunner.query(`
      DROP TABLE "data_transfer_package"
    `);
    await queryRunner.query(`
      DROP TYPE "data_transfer_package_checksum_algorithm_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "data_transfer_package_status_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "data_location" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "data_location"
    `);
    await queryRunner.query(`
      DROP TYPE "data_location_availability_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "data_location_location_type_enum"
    `);
    await queryRunner.query(`
      DROP TYPE "data_location_storage_type_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "site" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "site"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "api_token" IS NULL
    `);
    await queryRunner.query(`
      DROP INDEX "uq_api_token__name_of_user"
    `);
    await queryRunner.query(`
      DROP TABLE "api_token"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "user" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "user"
    `);
    await queryRunner.query(`
      DROP TYPE "user_kind_enum"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "role" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "role"
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "permission" IS NULL
    `);
    await queryRunner.query(`
      DROP TABLE "permission"
    `);
  }
}
