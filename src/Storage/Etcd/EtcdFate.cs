using Grpc.Core;

namespace MiniKube.Storage.Etcd;

/// <summary>Learns whether a write happened whose answer got lost, from what etcd holds now and from the history since it was sent.</summary>
internal sealed class EtcdFate(EtcdMembers members, EtcdReader reader, EtcdStoreOptions options, TimeProvider time)
{
    /// <summary>
    /// The second attempt found a compare that fails: because the first one happened, or because of somebody else. Throws Unknown
    /// when that cannot be told apart, as with two deletions of the same version.
    /// </summary>
    public async Task<TransactionResult> ResolveAsync(
        Transaction transaction, TransactionResult refused, long before, RpcException lost, CancellationToken cancellationToken)
    {
        if (Witness(transaction) is { } put)
        {
            var (revision, isComplete) = await SearchAsync(put, before, cancellationToken);
            return revision > 0
                ? new TransactionResult(true, revision, null)
                : isComplete ? refused : throw EtcdErrors.Unknown(lost);
        }

        return await IsUndeletedAsync(transaction, before, cancellationToken) ? refused : throw EtcdErrors.Unknown(lost);
    }

    /// <summary>For a write that cannot be sent again. Not to find it means nothing: it may still be on its way.</summary>
    public async Task<TransactionResult> FindAsync(Transaction transaction, long before, RpcException lost, CancellationToken cancellationToken)
    {
        var revision = Witness(transaction) is { } put ? (await SearchAsync(put, before, cancellationToken)).Revision : 0;
        return revision > 0 ? new TransactionResult(true, revision, null) : throw EtcdErrors.Unknown(lost);
    }

    // A deletion surely did not happen if the key has lived on since before it was sent.
    private async Task<bool> IsUndeletedAsync(Transaction transaction, long before, CancellationToken cancellationToken)
    {
        var key = KeyRange.Single(transaction.Operations[0].Key);
        var now = await reader.RangeAsync(new RangeQuery(key), cancellationToken);
        return now.Items.Count > 0 && now.Items[0].CreateRevision <= before;
    }

    // The put that would be found if the write happened. Objects differ by writer and time; equal bytes would mean the same object.
    private static Operation? Witness(Transaction transaction) => transaction.Operations.FirstOrDefault(operation => operation.Value is not null);

    /// <summary>Looks through every version of the key after a revision, up to the one it has now.</summary>
    private async Task<(long Revision, bool IsComplete)> SearchAsync(Operation put, long after, CancellationToken cancellationToken)
    {
        var key = KeyRange.Single(put.Key);
        using var deadline = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var now = await reader.RangeAsync(new RangeQuery(key), either.Token);
            var newest = now.Items.Count == 0 ? 0 : now.Items[0].ModRevision;
            if (newest > 0 && newest <= after)
            {
                return (0, true);
            }

            if (newest == 0)
            {
                // No version tells where its history ends.
                deadline.CancelAfter(options.LateWriteTimeout);
            }

            await using var watch = new EtcdWatch(members, reader, time, key, after + 1);
            while (true)
            {
                foreach (var change in (await watch.NextAsync(either.Token)).Events)
                {
                    if (change.Type == KeyEventType.Put && change.KeyValue.Value.Span.SequenceEqual(put.Value.GetValueOrDefault().Span))
                    {
                        return (change.KeyValue.ModRevision, true);
                    }

                    if (newest > 0 && change.KeyValue.ModRevision >= newest)
                    {
                        return (0, true);
                    }
                }
            }
        }
        catch (StorageException)
        {
            return (0, false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (0, false);
        }
    }
}
