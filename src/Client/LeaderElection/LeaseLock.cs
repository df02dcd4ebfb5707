using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;

namespace MiniKube.Client.LeaderElection;

/// <summary>
/// One candidate's view of the Lease: takes it when it is free or has run out, renews it, gives it back. Whether it has run out is judged by this machine's monotonic clock, from when a change of the Lease
/// was last *seen*: clocks of machines may differ.
/// </summary>
internal sealed class LeaseLock(IObjectClient client, LeaderElectionOptions options, TimeProvider clock)
{
    private V1Lease? _observed;
    private long _observedAt;
    private bool _mustRead;

    /// <summary>The acquisition whose answer this candidate has seen. An acquisition whose answer was lost has a token that nobody knows.</summary>
    private (string? Uid, int Transitions)? _acquired;

    /// <summary>The fencing token of the last acquisition; null when the server gives none.</summary>
    public string? Token { get; private set; }

    public string Holder => _observed?.Spec?.HolderIdentity ?? "";

    /// <returns>Whether this candidate holds the Lease now.</returns>
    public async Task<bool> TryAcquireOrRenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(cancellationToken);
        }
        catch (StatusException exception) when (exception.Status.Reason is "Conflict" or "AlreadyExists")
        {
            // Somebody wrote it in between, or our own last write arrived and its answer did not. What it is now is read at the next try.
            _mustRead = true;
            return false;
        }
    }

    /// <summary>Makes way for the next leader at once, instead of after the lease's duration.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (_observed is not { Spec: { } spec } lease || spec.HolderIdentity != options.Identity)
        {
            return;
        }

        var now = clock.GetKubernetesMicroNow();
        Observe(await client.UpdateAsync(
            lease with
            {
                Spec = spec with { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = now, AcquireTime = now },
            },
            cancellationToken));
        _acquired = null;
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        // The leader's own last write is what it renews; the resource version tells if that is not the newest.
        var lease = !_mustRead && IsOurs(_observed) ? _observed : await GetAsync(cancellationToken);
        _mustRead = false;
        if (lease is null)
        {
            Acquired(await client.CreateAsync(New(), cancellationToken));
            return true;
        }

        Observe(lease);
        if (IsOurs(lease))
        {
            return await RenewAsync(lease, cancellationToken);
        }

        if (lease.Spec?.HolderIdentity is { Length: > 0 } && !HasRunOut(lease))
        {
            return false;
        }

        Acquired(await client.UpdateAsync(Taken(lease), cancellationToken));
        return true;
    }

    private async Task<bool> RenewAsync(V1Lease lease, CancellationToken cancellationToken)
    {
        if (_acquired != Acquisition(lease))
        {
            // We hold it, but never saw the answer that had the token: give it up and take it again.
            await ReleaseAsync(cancellationToken);
            return await TryAsync(cancellationToken);
        }

        Observe(await client.UpdateAsync(lease with { Spec = lease.Spec with { RenewTime = clock.GetKubernetesMicroNow() } }, cancellationToken));
        return true;
    }

    private async Task<V1Lease?> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetAsync<V1Lease>(options.Lease, cancellationToken);
        }
        catch (StatusException exception) when (exception.Status.Code == 404)
        {
            return null;
        }
    }

    private void Acquired(V1Lease lease)
    {
        Observe(lease);
        _acquired = Acquisition(lease);
        // Taken out of the object: it is the server's to give, and renewals send the object back.
        Token = lease.Metadata?.Annotations is { } annotations && annotations.Remove(Fencing.TokenAnnotation, out var token) ? token : null;
    }

    private void Observe(V1Lease lease)
    {
        if (_observed?.Metadata?.ResourceVersion != lease.Metadata?.ResourceVersion || _observed?.Metadata?.Uid != lease.Metadata?.Uid)
        {
            _observedAt = clock.GetTimestamp();
        }

        _observed = lease;
    }

    private bool HasRunOut(V1Lease lease) =>
        clock.GetElapsedTime(_observedAt) >= TimeSpan.FromSeconds(lease.Spec?.LeaseDurationSeconds ?? options.LeaseDuration.TotalSeconds);

    private bool IsOurs(V1Lease? lease) => lease?.Spec?.HolderIdentity == options.Identity;

    private static (string? Uid, int Transitions) Acquisition(V1Lease lease) => (lease.Metadata?.Uid, lease.Spec?.LeaseTransitions ?? 0);

    private V1Lease New()
    {
        var now = clock.GetKubernetesMicroNow();
        return new V1Lease
        {
            ApiVersion = "coordination.k8s.io/v1",
            Kind = "Lease",
            Metadata = new V1ObjectMeta { NamespaceProperty = options.Lease.Namespace, Name = options.Lease.Name },
            Spec = new V1LeaseSpec
            {
                HolderIdentity = options.Identity,
                LeaseDurationSeconds = (int)options.LeaseDuration.TotalSeconds,
                AcquireTime = now,
                RenewTime = now,
                LeaseTransitions = 0,
            },
        };
    }

    private V1Lease Taken(V1Lease lease)
    {
        var now = clock.GetKubernetesMicroNow();
        return lease with
        {
            Spec = (lease.Spec ?? new V1LeaseSpec()) with
            {
                HolderIdentity = options.Identity,
                LeaseDurationSeconds = (int)options.LeaseDuration.TotalSeconds,
                AcquireTime = now,
                RenewTime = now,
                LeaseTransitions = (lease.Spec?.LeaseTransitions ?? 0) + 1,
            },
        };
    }
}
