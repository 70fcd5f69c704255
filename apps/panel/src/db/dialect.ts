import type { SqliteDialectConfig } from 'kysely'
import {
  CompiledQuery,
  type DatabaseConnection,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type TransactionSettings,
} from 'kysely'

/**
 * A writing transaction takes the write lock when it begins: one that read first and wrote later could fail half-way,
 * because the command line writes too. With access mode `read only` it is a snapshot and takes no lock.
 */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings) {
    const begin = settings?.accessMode === 'read only' ? 'begin' : 'begin immediate'
    await connection.executeQuery(CompiledQuery.raw(begin))
  }

  /** After some failures, as of a full disk, SQLite has rolled back by itself; what failed is the reason to tell. */
  override async rollbackTransaction(connection: DatabaseConnection) {
    try {
      await super.rollbackTransaction(connection)
    } catch (err) {
      if (!(err instanceof Error && err.message.includes('no transaction is active'))) throw err
    }
  }
}

/** SQLite's DDL is transactional; with this a migration that dies leaves nothing behind. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

export class ArgosDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig
  constructor(config: SqliteDialectConfig) {
    super(config)
    this.#config = config
  }
  override createDriver() {
    return new ImmediateDriver(this.#config)
  }
  override createAdapter() {
    return new TransactionalAdapter()
  }
}
