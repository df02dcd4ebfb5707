namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// Reads the store's newest revision for many readers at once. A reader may share a read only if it was sent after the reader came: whoever comes while
/// one is under way waits for the next. So every answer is linearizable, at one store read for all that wait.
/// </summary>
internal sealed class ReadIndex(Func<CancellationToken, Task<long>> readRevision)
{
    private readonly Lock _lock = new();
    private Task<long>? _sent;
    private Task<long>? _waiting;

    public Task<long> CurrentAsync()
    {
        lock (_lock)
        {
            if (_waiting is { } shared)
            {
                return shared;
            }

            if (_sent is not { IsCompleted: false } running)
            {
                // Not cancellable by one reader: the others wait for it, too.
                return _sent = readRevision(CancellationToken.None);
            }

            return _waiting = SendAfterAsync(running);
        }
    }

    private async Task<long> SendAfterAsync(Task<long> running)
    {
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task<long> read;
        lock (_lock)
        {
            _waiting = null;
            read = _sent = readRevision(CancellationToken.None);
        }

        return await read;
    }
}
