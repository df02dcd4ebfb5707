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
        TransactionResult noted;
        try
        {
            noted = await storage.CommitAsync(
                new Transaction([new Compare(NoteKey, seen.ModRevision)], [Operation.Put(NoteKey, value)]), cancellationToken);
        }
        catch (StorageException error) when (error.Kind == StorageErrorKind.NoSpace)
        {
            // There is no space for a note just when it is needed most: every server does it then.
            Log.CompactingWithoutNote(logger, error.Message);
            await ForgetAsync(seen.Revision, cancellationToken);
            return seen with { Revision = revision };
        }

        if (!noted.Succeeded)
        {
            return noted.CurrentOnFailure is { } other ? new Note(other.ModRevision, Read(other)) : new Note(0, 0);
        }

        await ForgetAsync(seen.Revision, cancellationToken);
        return new Note(noted.Revision, revision);
    }

    private async Task ForgetAsync(long revision, CancellationToken cancellationToken)
    {
        if (revision == 0)
        {
            return;
        }

        try
        {
            await storage.CompactAsync(revision, cancellationToken);
            Log.Compacted(logger, revision);
        }
        catch (StorageException error) when (error.Kind == StorageErrorKind.Compacted)
        {
            // Somebody else has done that and more.
        }
    }

    private static long Read(KeyValue note) =>
        long.TryParse(Encoding.UTF8.GetString(note.Value.Span), CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    /// <summary>The note as last seen: when it was written, and the revision that it tells.</summary>
    private readonly record struct Note(long ModRevision, long Revision);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Compacted the store up to revision {Revision}")]
        public static partial void Compacted(ILogger logger, long revision);

        [LoggerMessage(LogLevel.Warning, "The store is out of space ({Reason}): compacting it without a note for other servers")]
        public static partial void CompactingWithoutNote(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "Could not compact the store; trying again after the interval")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
