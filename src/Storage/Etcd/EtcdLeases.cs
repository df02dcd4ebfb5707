using Etcdserverpb;

namespace MiniKube.Storage.Etcd;

/// <summary>
/// Leases for keys with a time to live. Keys of the same time share a lease that was made at most a twentieth of it ago, so that there are some
/// twenty leases for each time to live however many keys there are; a key may live that much longer, as upstream's.
/// </summary>
internal sealed class EtcdLeases(EtcdMembers members, TimeProvider time) : IDisposable
{
    // etcd deletes the keys of a lease in one step, during which it does nothing else.
    private const int KeysPerLease = 5000;
    private static readonly TimeSpan LongestShare = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestShare = TimeSpan.FromSeconds(1);

    private readonly Dictionary<TimeSpan, SharedLease> _leases = [];
    private readonly SemaphoreSlim _gate = new(1);

    public async Task<long> GetAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_leases.TryGetValue(timeToLive, out var lease) || lease.Keys >= KeysPerLease || time.GetElapsedTime(lease.Granted) >= Share(timeToLive))
            {
                RemoveOld();
                lease = await GrantAsync(timeToLive, cancellationToken);
            }

            _leases[timeToLive] = lease with { Keys = lease.Keys + 1 };
            return lease.Id;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Forgets all leases, when etcd does not know one of them any more.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        _leases.Clear();
        _gate.Release();
    }

    public void Dispose() => _gate.Dispose();

    private static TimeSpan Share(TimeSpan timeToLive)
    {
        var share = timeToLive / 20;
        return share < ShortestShare ? ShortestShare : share > LongestShare ? LongestShare : share;
    }

    // A grant whose answer got lost leaves a lease without keys that ends by itself.
    private async Task<SharedLease> GrantAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        var granted = time.GetTimestamp();
        var request = new LeaseGrantRequest { TTL = (long)Math.Ceiling((timeToLive + Share(timeToLive)).TotalSeconds) };
        var response = await members.AskAsync((member, options) => member.Leases.LeaseGrantAsync(request, options), cancellationToken);
        return new SharedLease(response.ID, granted, 0);
    }

    private void RemoveOld()
    {
        foreach (var (timeToLive, lease) in _leases.ToList())
        {
            if (time.GetElapsedTime(lease.Granted) >= Share(timeToLive))
            {
                _leases.Remove(timeToLive);
            }
        }
    }

    private sealed record SharedLease(long Id, long Granted, int Keys);
}
