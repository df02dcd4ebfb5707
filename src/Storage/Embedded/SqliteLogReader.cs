using Microsoft.Data.Sqlite;

namespace MiniKube.Storage.Embedded;

/// <summary>One connection that reads the log. Used by one reader at a time.</summary>
internal sealed class SqliteLogReader : IDisposable
{
    private const int PageEvents = 1000;
    private const long PageBytes = 4 << 20;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _value;
    private readonly SqliteStatement _history;
    private readonly SqliteStatement _commit;

    public SqliteLogReader(string path)
    {
        _connection = SqliteSchema.Connect(path, SqliteOpenMode.ReadOnly);
        var database = SqliteSchema.Handle(_connection);
        _begin = new SqliteStatement(database, "BEGIN");
        _value = new SqliteStatement(database, "SELECT value FROM version WHERE id = ?");
        _history = new SqliteStatement(
            database, "SELECT id, key, created, version, value FROM version WHERE id >= ? AND id < ? ORDER BY id");
        _commit = new SqliteStatement(database, "COMMIT");
    }

    public IReadOnlyList<KeyValue>? TryRead(IReadOnlyList<KeyVersion> versions)
    {
        // One read transaction for all: else each value takes and gives back a lock of the file.
        _begin.Run();
        var items = new List<KeyValue>(versions.Count);
        foreach (var version in versions)
        {
            if (_value.Bind(1, version.Id).Step())
            {
                items.Add(version.WithValue(_value.Bytes(0)));
            }

            _value.Reset();
        }

        _commit.Run();
        return items.Count == versions.Count ? items : null;
    }

    public HistoryPage ReadHistory(KeyRange range, long fromRevision, long toRevision)
    {
        var events = new List<KeyEvent>();
        var (revision, bytes) = (fromRevision - 1, 0L);
        _history.Bind(1, KeyVersion.IdOf(fromRevision, 0)).Bind(2, KeyVersion.IdOf(toRevision + 1, 0));
        while (_history.Step())
        {
            var id = _history.Number(0);
            var isNewRevision = id >> KeyVersion.IndexBits != revision;
            if (isNewRevision && (events.Count >= PageEvents || bytes >= PageBytes))
            {
                _history.Reset();
                return new HistoryPage(revision, events);
            }

            revision = id >> KeyVersion.IndexBits;
            var key = _history.Text(1);
            if (range.Contains(key))
            {
                var entry = new LogEntry(new KeyVersion(key, id, _history.Number(2), _history.Number(3), null), _history.Bytes(4));
                events.Add(entry.ToEvent());
                bytes += entry.Value.Length;
            }
        }

        _history.Reset();
        return new HistoryPage(toRevision, events);
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_begin, _value, _history, _commit])
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
