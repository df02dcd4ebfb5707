using System.Collections.Concurrent;
using Etcdserverpb;
using Grpc.Net.Client;

namespace MiniKube.Storage.Etcd;

/// <summary>One member of the cluster: a connection, what is under way on it, and whether to trust it. Calls are those of the package; retries and failover are ours.</summary>
internal sealed class EtcdMember(Uri address, GrpcChannel channel) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<EtcdCall, bool> _calls = new();
    private CancellationTokenSource _lost = new();
    private ulong _term;
    private bool _wasAsked;

    public Uri Address { get; } = address;

    public KV.KVClient Kv { get; } = new(channel);

    public Lease.LeaseClient Leases { get; } = new(channel);

    public Watch.WatchClient Watches { get; } = new(channel);

    public Maintenance.MaintenanceClient Maintenance { get; } = new(channel);

    /// <summary>Asked in this order, until a probe finds it well again.</summary>
    public EtcdTrust Trust { get; private set; }

    /// <summary>
    /// Cancelled when the member is found silent, so that what is under way with it does not wait for the connection to time out. A member that is not trusted
    /// is asked for want of a better one: that is not given up.
    /// </summary>
    public CancellationToken LostFromHere
    {
        get
        {
            lock (_gate)
            {
                return Trust == EtcdTrust.Well ? _lost.Token : CancellationToken.None;
            }
        }
    }

    /// <summary>Begins a request, which is to be disposed of when it is over.</summary>
    public EtcdCall Begin(long now, CancellationToken cancellationToken)
    {
        var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, LostFromHere);
        var call = new EtcdCall(now, Volatile.Read(ref _term), ending, ended => _calls.TryRemove(ended, out _));
        _calls[call] = true;
        Volatile.Write(ref _wasAsked, true);
        return call;
    }

    /// <summary>Whether any request has waited since before that moment.</summary>
    public bool HasCallFromBefore(long timestamp) => _calls.Keys.Any(call => call.Began < timestamp);

    /// <summary>Whether it was asked anything since this was called last.</summary>
    public bool TakeWasAsked() => Interlocked.Exchange(ref _wasAsked, false);

    /// <summary>The member follows a leader in that term; 0 when it knows of none. Ends what was asked in other terms.</summary>
    public void SawTerm(ulong term)
    {
        Volatile.Write(ref _term, term);
        foreach (var call in _calls.Keys)
        {
            call.EndUnlessIn(term);
        }
    }

    /// <summary>Returns whether it was well before.</summary>
    public bool Suspect(EtcdTrust trust)
    {
        bool wasWell;
        CancellationTokenSource lost;
        lock (_gate)
        {
            (wasWell, lost) = (Trust == EtcdTrust.Well, _lost);
            Trust = trust;
        }

        if (trust == EtcdTrust.Silent)
        {
            lost.Cancel();
        }

        return wasWell;
    }

    public void TrustAgain()
    {
        lock (_gate)
        {
            Trust = EtcdTrust.Well;
            if (_lost.IsCancellationRequested)
            {
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
