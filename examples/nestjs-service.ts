/*
 * A NestJS service on the data source of this package: a module, a repository, a unit of work and the shutdown.
 *
 *   npm install @nestjs/common @nestjs/core @nestjs/typeorm reflect-metadata rxjs
 *   node dist/examples/nestjs-service.js
 */
import 'reflect-metadata';
import {
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  Param,
  ParseIntPipe,
  Post,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InjectDataSource, InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import {
  dataSourceOptions,
  loadSettings,
  ObsUnit,
  type Settings,
  startObservation,
  withDbSession,
} from 'ccat-ops-db';
import type { DataSource, Repository } from 'typeorm';

@Injectable()
export class Observing {
  constructor(
    @InjectRepository(ObsUnit) private readonly obsUnits: Repository<ObsUnit>,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {}

  available(): Promise<ObsUnit[]> {
    return this.obsUnits.find({ where: { available: true }, order: { name: 'ASC' } });
  }

  start(obsUnitId: number): Promise<string> {
    const { dataSource } = this;
    return withDbSession((manager) => startObservation(manager, { obsUnitId, startTime: new Date() }), {
      dataSource,
      retry: {},
    });
  }
}

@Controller('obs-units')
export class ObsUnitController {
  constructor(@Inject(Observing) private readonly observing: Observing) {}

  @Get()
  list(): Promise<ObsUnit[]> {
    return this.observing.available();
  }

  @Post(':id/start')
  start(@Param('id', ParseIntPipe) id: number): Promise<string> {
    return this.observing.start(id);
  }
}

/** The operator chooses the database, so the module is made from the settings. */
export function observingModule(settings: Settings): Type {
  @Module({
    imports: [TypeOrmModule.forRoot(dataSourceOptions(settings)), TypeOrmModule.forFeature([ObsUnit])],
    providers: [Observing],
    controllers: [ObsUnitController],
  })
  class ObservingModule {}
  return ObservingModule;
}

/** Calls the controller directly, without an HTTP server of @nestjs/platform-express or -fastify. */
async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(observingModule(loadSettings()), {
    logger: ['error'],
  });
  // SIGTERM closes the data source, too.
  app.enableShutdownHooks();
  const controller = app.get(ObsUnitController);
  const [first] = await controller.list();
  if (first) console.log(first.name, await controller.start(first.id));
  await app.close();
}

if (require.main === module) void main();
