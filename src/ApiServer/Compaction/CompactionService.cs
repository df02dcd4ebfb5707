using System.Globalization;
using System.Text;

using MiniKube.Storage;

namespace MiniKube.ApiServer.Compaction;

/// <summary>
/// Makes the store forget what is older than one interval (upstream's etcd-compaction-interval, 5 minutes). Of several API servers one does it each
/// time: the one that first writes the key in which they note when it was last done, and how far the store was then.
/// </summary>
internal sealed partial class CompactionService(IKeyValueStore storage, TimeSpan interval, TimeProvider clock, ILogger<CompactionService> logger)
    : BackgroundService
{
    /// <summary>Upstream's name for the note, outside /registry/.</summary>
    internal const string NoteKey = "compact_rev_key";

    // Runs from here on: when the background task begins is chance.
    private readonly PeriodicTimer? _timer = interval > TimeSpan.Zero ? new PeriodicTimer(interval, clock) : null;

    public override void Dispose()
    {
        _timer?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var seen = new Note(0, 0);
        while (_timer is not null && await _timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                seen = await CompactAsync(seen, stoppingToken);
            }
            catch (StorageException error)
            {
                Log.Failed(logger, error);
            }
        }
    }

    /// <summary>Notes how far the store is; if nobody did since <paramref name="seen"/>, forgets what was before that.</summary>
    private async Task<Note> CompactAsync(Note seen, CancellationToken cancellationToken)
    {
        var revision = await storage.CurrentRevisionAsync(cancellationToken);
        var value = Encoding.UTF8.GetBytes(revision.ToString(CultureInfo.InvariantCulture));
        var noted = await storage.CommitAsync(
            new Transaction([new Compare(NoteKey, seen.ModRevision)], [Operation.Put(NoteKey, value)]), cancellationToken);
        if (!noted.Succeeded)
        {
            return noted.CurrentOnFailure is { } other ? new Note(other.ModRevision, Read(other)) : new Note(0, 0);
        }

        if (seen.Revision > 0)
        {
            await storage.CompactAsync(seen.Revision, cancellationToken);
            Log.Compacted(logger, seen.Revision);
        }

        return new Note(noted.Revision, revision);
    }

    private static long Read(KeyValue note) =>
        long.TryParse(Encoding.UTF8.GetString(note.Value.Span), CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    /// <summary>The note as last seen: when it was written, and the revision that it tells.</summary>
    private readonly record struct Note(long ModRevision, long Revision);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Compacted the store up to revision {Revision}")]
        public static partial void Compacted(ILogger logger, long revision);

        [LoggerMessage(LogLevel.Warning, "Could not compact the store; trying again after the interval")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
