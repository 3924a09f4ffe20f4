package io.lift.evaluator;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the memory of all stores of the process together: what they have read and what they have
 * not written yet. By default each store has bounds of its own, 98 MiB, and there are dozens.
 */
public final class StoreMemory implements RocksDBConfigSetter {
  private static final long TOTAL_BYTES = 64L << 20;
  private static final long WRITE_BYTES = 32L << 20;

  /** A store is written to a file when it has so much to write. */
  private static final long WRITE_BYTES_OF_ONE = 4L << 20;

  /** Of the total, for indexes and filters, which are read with every access. */
  private static final double INDEX_SHARE = 0.2;

  static {
    RocksDB.loadLibrary();
  }

  private static final Cache CACHE = new LRUCache(TOTAL_BYTES, -1, false, INDEX_SHARE);
  private static final WriteBufferManager WRITES = new WriteBufferManager(WRITE_BYTES, CACHE);

  @Override
  public void setConfig(String store, Options options, Map<String, Object> settings) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setWriteBufferManager(WRITES);
    options.setWriteBufferSize(WRITE_BYTES_OF_ONE);
    options.setTableFormatConfig(table);
  }

  @Override
  public void close(String store, Options options) {
    // the cache belongs to all stores
  }
}
