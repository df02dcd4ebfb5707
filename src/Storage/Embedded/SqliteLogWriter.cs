using Microsoft.Data.Sqlite;

namespace MiniKube.Storage.Embedded;

/// <summary>The writing half of the log. Used by one thread.</summary>
internal sealed class SqliteLogWriter : IDisposable
{
    private const long CheckpointBytes = 8 << 20;

    // Over the quota, deletes and compaction still need pages to work with.
    private const long ReserveBytes = 64 << 20;
    private const int VacuumPages = 512;

    private readonly SqliteConnection _connection;
    private readonly long _pageSize;
    private readonly long _quotaBytes;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _compact;
    private readonly SqliteStatement _vacuum;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly SqliteStatement _checkpoint;
    private long _limitBytes;
    private long _bytesSinceCheckpoint;

    public SqliteLogWriter(SqliteConnection connection, long quotaBytes)
    {
        SqliteSchema.Prepare(connection);
        var database = SqliteSchema.Handle(connection);
        (_connection, _quotaBytes) = (connection, quotaBytes);
        _pageSize = SqliteSchema.Number(connection, "PRAGMA page_size");
        _begin = new SqliteStatement(database, "BEGIN IMMEDIATE");
        _insert = new SqliteStatement(database, "INSERT INTO version (id, key, created, version, expires, value) VALUES (?, ?, ?, ?, ?, ?)");
        _delete = new SqliteStatement(database, "DELETE FROM version WHERE id = ?");
        _compact = new SqliteStatement(database, "UPDATE compaction SET revision = ?");
        _vacuum = new SqliteStatement(database, $"PRAGMA incremental_vacuum({VacuumPages})");
        _commit = new SqliteStatement(database, "COMMIT");
        _rollback = new SqliteStatement(database, "ROLLBACK");
        _checkpoint = new SqliteStatement(database, "PRAGMA wal_checkpoint(PASSIVE)");
    }

    /// <summary>Whether more of the file is free than is worth keeping for what comes next: an eighth, and at least 4 MB.</summary>
    public bool HasSpareSpace
    {
        get
        {
            var free = SqliteSchema.Number(_connection, "PRAGMA freelist_count");
            return free > VacuumPages && free > SqliteSchema.Number(_connection, "PRAGMA page_count") / 8;
        }
    }

    public void Append(CommitBatch batch)
    {
        Limit(batch.HasPuts ? _quotaBytes : _quotaBytes + ReserveBytes);
        _begin.Run();
        try
        {
            foreach (var entry in batch.Entries)
            {
                Insert(entry);
            }

            Remove(batch);
            _commit.Run();
        }
        catch (StorageException e) when (e.Kind != StorageErrorKind.Failed)
        {
            // SQLite undoes by itself what it could not write to the disk, but not what hit the limit.
            if (SQLitePCL.raw.sqlite3_get_autocommit(SqliteSchema.Handle(_connection)) == 0)
            {
                _rollback.Run();
            }

            throw;
        }
    }

    /// <summary>Copies the write-ahead log into the database when it has grown, so that it starts from its beginning again.</summary>
    public void Checkpoint()
    {
        if (_bytesSinceCheckpoint >= CheckpointBytes)
        {
            // Also when it fails for want of space: what it would copy stays where it is, and every commit would try anew.
            _bytesSinceCheckpoint = 0;
            _checkpoint.Run();
        }
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_begin, _insert, _delete, _compact, _vacuum, _commit, _rollback, _checkpoint])
        {
            statement.Dispose();
        }
    }

    private void Insert(LogEntry entry)
    {
        var version = entry.Version;
        _insert.Bind(1, version.Id).Bind(2, version.Key).Bind(3, version.CreateRevision).Bind(4, version.Version)
            .Bind(5, version.Expires?.ToUnixTimeMilliseconds() ?? 0).Bind(6, entry.Value.Span).Run();
        _bytesSinceCheckpoint += version.Key.Length + entry.Value.Length + _pageSize / 4;
    }

    private void Remove(CommitBatch batch)
    {
        if (batch.CompactRevision > 0)
        {
            _compact.Bind(1, batch.CompactRevision).Run();
        }

        foreach (var id in batch.Removals)
        {
            _delete.Bind(1, id).Run();
            _bytesSinceCheckpoint += _pageSize;
        }

        if (batch.Vacuum)
        {
            _vacuum.Run();
            _bytesSinceCheckpoint += VacuumPages * _pageSize;
        }
    }

    private void Limit(long bytes)
    {
        if (bytes != _limitBytes)
        {
            SqliteSchema.Run(_connection, $"PRAGMA max_page_count = {bytes / _pageSize}");
            _limitBytes = bytes;
        }
    }
}
