using SQLitePCL;

namespace MiniKube.Storage.Embedded;

/// <summary>A prepared statement, on SQLite's own calls: a commit binds values without copies, boxes or a command object.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int PrimaryCode = 0xff;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    public SqliteStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, string value)
    {
        Check(raw.sqlite3_bind_text(_statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result != raw.SQLITE_ROW && result != raw.SQLITE_DONE)
        {
            raw.sqlite3_reset(_statement);
            Check(result);
        }

        return result == raw.SQLITE_ROW;
    }

    public void Reset() => Check(raw.sqlite3_reset(_statement));

    public void Run()
    {
        while (Step())
        {
            // A pragma may give rows that nobody asked for.
        }

        Reset();
    }

    /// <summary>Runs the statement for its only number.</summary>
    public long ReadNumber()
    {
        var value = Step() ? Number(0) : 0;
        Reset();
        return value;
    }

    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result == raw.SQLITE_OK || result == raw.SQLITE_ROW || result == raw.SQLITE_DONE)
        {
            return;
        }

        var message = $"SQLite error {raw.sqlite3_extended_errcode(_database)}: {raw.sqlite3_errmsg(_database).utf8_to_string()}";
        throw new StorageException(
            (result & PrimaryCode) switch
            {
                raw.SQLITE_FULL => StorageErrorKind.NoSpace,
                raw.SQLITE_BUSY => StorageErrorKind.Unavailable,
                _ => StorageErrorKind.Failed,
            },
            message);
    }
}
