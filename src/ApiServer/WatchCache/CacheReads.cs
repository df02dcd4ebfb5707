using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.WatchCache;

/// <summary>Makes the cache new enough for a read before it is answered from it.</summary>
internal sealed class CacheReads(ReadIndex readIndex, CacheProgress progress, TimeProvider clock)
{
    /// <summary>How long a reader waits for a revision that this server has not seen (upstream's blockTimeout).</summary>
    private static readonly TimeSpan FutureWait = TimeSpan.FromSeconds(3);

    private const long FirstRevision = 1;

    /// <summary>Linearizable: returns a revision that the store had after this call began, once the cache holds it.</summary>
    public async ValueTask<long> WaitForNewestAsync(CancellationToken cancellationToken)
    {
        var revision = await readIndex.CurrentAsync().WaitAsync(cancellationToken);
        await progress.WaitAsync(revision, cancellationToken);
        return revision;
    }

    /// <summary>Waits until the cache holds a revision that a client has seen; if it does not come, the client is told to try again.</summary>
    public async ValueTask WaitForAsync(long revision, CancellationToken cancellationToken)
    {
        if (progress.Revision >= revision)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(FutureWait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await progress.WaitAsync(revision, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw StatusException.ResourceVersionTooLarge(revision, progress.Revision);
        }
    }

    /// <summary>For a read that any state satisfies: waits only until the cache has been filled once. Before, it would tell of a cluster without objects.</summary>
    public ValueTask WaitForAnyAsync(CancellationToken cancellationToken) => WaitForAsync(FirstRevision, cancellationToken);

    /// <summary>What any read may be answered with: whatever the cache holds.</summary>
    public long Revision => progress.Revision;
}
