import type { DataSource } from 'typeorm';

/** The data source of the settings, not connected yet. */
export declare const dataSource: DataSource;
