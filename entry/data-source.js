// For TypeORM's command: typeorm migration:run -d node_modules/ccat-ops-db/entry/data-source.js
// Which database, the settings say; they are read when this file is.
module.exports = { dataSource: require('./index.js').createDataSource() };
