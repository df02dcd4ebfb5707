using Etcdserverpb;
using Grpc.Core;

namespace MiniKube.Storage.Etcd;

/// <summary>
/// Carries out transactions, each at most once. An answer that got lost leaves open whether the write happened: a transaction that
/// compares a key it changes with a revision that there was may be sent again, since it cannot happen twice, and what then stands in
/// its way tells its fate. Any other is looked for in what etcd has, and if it is not there its fate is Unknown. So it is with a
/// creation: made, deleted by somebody, and made again by the second sending, it would have happened twice.
/// </summary>
internal sealed class EtcdWriter(EtcdMembers members, EtcdReader reader, EtcdLeases leases, EtcdFate fate, EtcdStoreOptions options, TimeProvider time)
{
    public async Task<TransactionResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        TransactionLimits.Check(transaction);
        if (reader.NewestSeen == 0)
        {
            // Whatever the write makes will be newer than this.
            await reader.CurrentRevisionAsync(cancellationToken);
        }

        var request = EtcdMessages.ToRequest(transaction, await LeasesAsync(transaction, cancellationToken));
        try
        {
            return await SendAsync(transaction, request, cancellationToken);
        }
        catch (StorageException e) when (e.InnerException is RpcException rpc && EtcdErrors.IsLeaseNotFound(rpc))
        {
            // This process slept longer than the lease lived. Nothing was written.
            await leases.ForgetAsync(cancellationToken);
            request = EtcdMessages.ToRequest(transaction, await LeasesAsync(transaction, cancellationToken));
            return await SendAsync(transaction, request, cancellationToken);
        }
    }

    private async Task<TransactionResult> SendAsync(Transaction transaction, TxnRequest request, CancellationToken cancellationToken)
    {
        // A member that is well and follows its leader is only slow: what is given up in haste is of unknown fate, and is done all the same.
        var patience = new Patience(options.RequestTimeout, options.RequestTimeout, time);
        var before = reader.NewestSeen;
        RpcException? lost = null;
        while (true)
        {
            RpcException? last = null;
            foreach (var member in members.InOrder())
            {
                try
                {
                    var response = await members.AskAsync(member, (one, call) => one.Kv.TxnAsync(request, call), patience.Attempt, cancellationToken);
                    reader.Saw(response.Header.Revision);
                    var result = EtcdMessages.ToResult(transaction, response);
                    return lost is null || result.Succeeded ? result : await fate.ResolveAsync(transaction, result, before, lost, cancellationToken);
                }
                catch (RpcException e)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (EtcdErrors.AsAnswer(e) is { } answer)
                    {
                        throw lost is null ? answer : EtcdErrors.Unknown(lost);
                    }

                    last = e;
                    lost = EtcdErrors.IsNotSent(e) ? lost : e;
                    var isToGoOn = members.Suspect(member, e);
                    if (lost is not null && !IsGuarded(transaction))
                    {
                        return await fate.FindAsync(transaction, before, lost, cancellationToken);
                    }

                    if (!isToGoOn)
                    {
                        break;
                    }
                }
            }

            if (!await patience.NextRoundAsync(last, cancellationToken))
            {
                throw lost is null ? EtcdErrors.Unavailable(last) : EtcdErrors.Unknown(lost);
            }
        }
    }

    /// <summary>Whether carrying it out makes one of its own compares fail, so that it cannot happen twice.</summary>
    private static bool IsGuarded(Transaction transaction) =>
        transaction.Operations.Any(operation => transaction.Compares.Any(
            compare => compare.Key == operation.Key && compare.ModRevision != 0));

    private async Task<long[]> LeasesAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        var ids = new long[transaction.Operations.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            if (transaction.Operations[i] is { Value: not null, TimeToLive: { } timeToLive })
            {
                ids[i] = await leases.GetAsync(timeToLive, cancellationToken);
            }
        }

        return ids;
    }
}
