using System.Globalization;
using System.Text;

namespace MiniKube.ApiServer.Auditing;

/// <summary>
/// A file of one JSON object a line (<c>--audit-log-path</c>), or standard output (<c>-</c>). A line is with the system before <see cref="Write"/> returns, so that what a killed server
/// has answered is there. A file that has become too large gets the time into its name, as upstream's does, and a new one begins.
/// </summary>
internal sealed partial class AuditLog : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const long Megabyte = 1024 * 1024;

    // As upstream's, when no size is given.
    private const int DefaultMegabytes = 100;

    private readonly Lock _lock = new();
    private readonly string? _path;
    private readonly long _maxBytes;
    private readonly int _maxBackups;
    private readonly TimeProvider _clock;
    private readonly ILogger<AuditLog> _logger;
    private Stream _file;

    private AuditLog(string path, ApiServerOptions options, TimeProvider clock, ILogger<AuditLog> logger)
    {
        _path = path == "-" ? null : path;
        _maxBytes = Megabyte * (options.AuditLogMaxSize > 0 ? options.AuditLogMaxSize : DefaultMegabytes);
        (_maxBackups, _clock, _logger) = (options.AuditLogMaxBackup, clock, logger);
        _file = _path is null ? Console.OpenStandardOutput() : Open(_path);
    }

    /// <summary>Null when no path is given: then nothing is logged.</summary>
    public static AuditLog? Create(ApiServerOptions options, TimeProvider clock, ILogger<AuditLog> logger) =>
        options.AuditLogPath is { Length: > 0 } path ? new AuditLog(path, options, clock, logger) : null;

    /// <summary>Adds a line. A disk that is full costs lines of the log and no request.</summary>
    public void Write(string json)
    {
        var line = Encoding.UTF8.GetBytes(json + "\n");
        lock (_lock)
        {
            try
            {
                if (_path is not null && _file.Length > 0 && _file.Length + line.Length > _maxBytes)
                {
                    Rotate(_path);
                }

                _file.Write(line);
            }
            catch (IOException error)
            {
                Log.NotWritten(_logger, error.Message);
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private void Rotate(string path)
    {
        _file.Dispose();
        var (stem, ending) = (Path.ChangeExtension(path, null), Path.GetExtension(path));
        File.Move(path, $"{stem}-{_clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH-mm-ss.fff", CultureInfo.InvariantCulture)}{ending}", overwrite: true);
        _file = Open(path);
        if (_maxBackups > 0)
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
            foreach (var old in Directory.GetFiles(folder, $"{Path.GetFileName(stem)}-????-??-??T*{ending}").OrderDescending(StringComparer.Ordinal).Skip(_maxBackups))
            {
                File.Delete(old);
            }
        }
    }

    private static FileStream Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A line of the audit log could not be written: {Reason}")]
        public static partial void NotWritten(ILogger logger, string reason);
    }
}
