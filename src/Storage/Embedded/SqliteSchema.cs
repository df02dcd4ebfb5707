using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MiniKube.Storage.Embedded;

/// <summary>The database: one table of versions, appended at its end, and the revision of the last compaction.</summary>
internal static class SqliteSchema
{
    private const long FormatVersion = 1;

    /// <summary>Opens a connection. The first one makes the database.</summary>
    public static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        Run(connection, "PRAGMA busy_timeout = 5000");
        return connection;
    }

    public static sqlite3 Handle(SqliteConnection connection) =>
        connection.Handle ?? throw new StorageException(StorageErrorKind.Failed, "the database is closed");

    public static void Run(SqliteConnection connection, string sql)
    {
        using var statement = new SqliteStatement(Handle(connection), sql);
        statement.Run();
    }

    /// <summary>Prepares a connection for writing. Throws Failed when the file is not a store of this format.</summary>
    public static void Prepare(SqliteConnection connection)
    {
        var format = Number(connection, "PRAGMA user_version");
        if (format != 0 && format != FormatVersion)
        {
            throw new StorageException(StorageErrorKind.Failed, $"the store has format {format}, this program knows {FormatVersion}");
        }

        if (format == 0)
        {
            // Both must be said before the first table is made. Values of 1 to 4 KB, the usual object, waste less of a page of 8 KB.
            Run(connection, "PRAGMA page_size = 8192");
            Run(connection, "PRAGMA auto_vacuum = INCREMENTAL");
        }

        Run(connection, "PRAGMA journal_mode = WAL");
        Run(connection, "PRAGMA synchronous = FULL");

        // The writer checkpoints itself, after it has answered; the WAL file is kept and overwritten.
        Run(connection, "PRAGMA wal_autocheckpoint = 0");
        Run(connection, "PRAGMA journal_size_limit = 67108864");
        if (format == 0)
        {
            Create(connection);
        }
    }

    /// <summary>Writes the database, as one transaction sees it, to a new file.</summary>
    public static void Copy(string path, string copy)
    {
        try
        {
            using var connection = Connect(path, SqliteOpenMode.ReadOnly);
            using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $copy";
            command.Parameters.AddWithValue("$copy", copy);
            command.ExecuteNonQuery();
        }
        catch (SqliteException error)
        {
            throw new StorageException(StorageErrorKind.Failed, $"cannot copy the store {path}: {error.Message}", error);
        }
    }

    public static long Number(SqliteConnection connection, string sql)
    {
        using var statement = new SqliteStatement(Handle(connection), sql);
        return statement.ReadNumber();
    }

    private static void Create(SqliteConnection connection)
    {
        Run(connection, "BEGIN IMMEDIATE");
        Run(connection, """
            CREATE TABLE version (
                id INTEGER PRIMARY KEY, key TEXT NOT NULL, created INTEGER NOT NULL, version INTEGER NOT NULL,
                expires INTEGER NOT NULL, value BLOB)
            """);
        Run(connection, "CREATE TABLE compaction (id INTEGER PRIMARY KEY CHECK (id = 0), revision INTEGER NOT NULL)");
        Run(connection, "INSERT INTO compaction VALUES (0, 0)");
        Run(connection, $"PRAGMA user_version = {FormatVersion}");
        Run(connection, "COMMIT");
    }
}
