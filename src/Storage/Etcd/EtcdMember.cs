using Etcdserverpb;
using Grpc.Net.Client;

namespace MiniKube.Storage.Etcd;

/// <summary>One member of the cluster: a connection, and whether to trust it. Calls are those of the package; retries and failover are ours.</summary>
internal sealed class EtcdMember(Uri address, GrpcChannel channel) : IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _lost = new();

    public Uri Address { get; } = address;

    public KV.KVClient Kv { get; } = new(channel);

    public Lease.LeaseClient Leases { get; } = new(channel);

    public Watch.WatchClient Watches { get; } = new(channel);

    /// <summary>It did not answer in time. Asked last, until a probe finds it well again.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>
    /// Cancelled when the member becomes suspect, so that what is under way with it does not wait for the connection to time out. A member that is suspect
    /// already is asked for want of a better one: that is not given up.
    /// </summary>
    public CancellationToken LostFromHere
    {
        get
        {
            lock (_gate)
            {
                return IsSuspect ? CancellationToken.None : _lost.Token;
            }
        }
    }

    /// <summary>Returns whether it was trusted before.</summary>
    public bool Suspect()
    {
        CancellationTokenSource lost;
        lock (_gate)
        {
            if (IsSuspect)
            {
                return false;
            }

            IsSuspect = true;
            lost = _lost;
        }

        lost.Cancel();
        return true;
    }

    public void Trust()
    {
        lock (_gate)
        {
            if (IsSuspect)
            {
                IsSuspect = false;
                _lost = new CancellationTokenSource();
            }
        }
    }

    public void Dispose()
    {
        channel.Dispose();
        _lost.Dispose();
    }
}
