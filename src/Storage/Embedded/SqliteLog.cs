using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace MiniKube.Storage.Embedded;

/// <summary>The log in a SQLite database in WAL mode: one connection writes, others read beside it.</summary>
internal sealed class SqliteLog : IVersionLog
{
    private const int IdleReaders = 4;

    private readonly ConcurrentBag<SqliteLogReader> _readers = [];
    private readonly string _path;
    private readonly FileStream _lock;
    private readonly SqliteConnection _connection;
    private readonly SqliteLogWriter _writer;
    private volatile bool _isClosed;

    private SqliteLog(string path, FileStream fileLock, SqliteConnection connection, SqliteLogWriter writer) =>
        (_path, _lock, _connection, _writer) = (path, fileLock, connection, writer);

    public bool HasSpareSpace => _writer.HasSpareSpace;

    public static SqliteLog Open(EmbeddedStoreOptions options)
    {
        var path = Path.GetFullPath(options.Path);
        FileStream? fileLock = null;
        SqliteConnection? connection = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? path);
            fileLock = LockFile(path);
            connection = SqliteSchema.Connect(path, SqliteOpenMode.ReadWriteCreate);
            return new SqliteLog(path, fileLock, connection, new SqliteLogWriter(connection, options.QuotaBytes));
        }
        catch (Exception e)
        {
            connection?.Dispose();
            fileLock?.Dispose();
            throw e is StorageException ? e : new StorageException(StorageErrorKind.Failed, $"cannot open the store {path}: {e.Message}", e);
        }
    }

    public LogContent Load()
    {
        var versions = new List<KeyVersion>();
        using var statement = new SqliteStatement(
            SqliteSchema.Handle(_connection), "SELECT id, key, created, version, expires FROM version ORDER BY id");
        while (statement.Step())
        {
            var expires = statement.Number(4);
            versions.Add(new KeyVersion(
                statement.Text(1), statement.Number(0), statement.Number(2), statement.Number(3),
                expires == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(expires)));
        }

        return new LogContent(versions, SqliteSchema.Number(_connection, "SELECT revision FROM compaction"));
    }

    public void Append(CommitBatch batch) => _writer.Append(batch);

    public IReadOnlyList<KeyValue>? TryRead(IReadOnlyList<KeyVersion> versions) =>
        versions.Count == 0 ? [] : Read(reader => reader.TryRead(versions));

    public HistoryPage ReadHistory(KeyRange range, long fromRevision, long toRevision) =>
        Read(reader => reader.ReadHistory(range, fromRevision, toRevision));

    public void Tidy() => _writer.Checkpoint();

    public void Dispose()
    {
        _isClosed = true;
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }

        _writer.Dispose();
        _connection.Dispose();
        _lock.Dispose();
    }

    // SQLite lets several processes in; two of them would each believe in their own revisions.
    private static FileStream LockFile(string path)
    {
        FileStream fileLock;
        try
        {
            fileLock = new FileStream(path + ".lock", Privately(FileShare.None));
        }
        catch (IOException e) when (File.Exists(path + ".lock"))
        {
            throw new StorageException(StorageErrorKind.Failed, $"the store {path} is in use by another process", e);
        }

        // The database holds secrets. SQLite gives its other files the mode of this one.
        new FileStream(path, Privately(FileShare.ReadWrite)).Dispose();
        return fileLock;
    }

    private static FileStreamOptions Privately(FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private T Read<T>(Func<SqliteLogReader, T> read)
    {
        if (_isClosed)
        {
            throw new StorageException(StorageErrorKind.Unavailable, "the store is closed");
        }

        if (!_readers.TryTake(out var reader))
        {
            reader = new SqliteLogReader(_path);
        }

        // A reader that failed is not used again.
        T result;
        try
        {
            result = read(reader);
        }
        catch
        {
            reader.Dispose();
            throw;
        }

        if (_readers.Count < IdleReaders && !_isClosed)
        {
            _readers.Add(reader);
        }
        else
        {
            reader.Dispose();
        }

        return result;
    }
}
