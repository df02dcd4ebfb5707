using System.Runtime.CompilerServices;

using MiniKube.Storage;

namespace MiniKube.Overlay.Subnets;

/// <summary>
/// The leases in etcd. Every write names the revision that it replaces, so that no two nodes ever hold one subnet; a node that stops renewing
/// loses its lease after <see cref="TimeToLive"/>, by etcd's own clock.
/// </summary>
internal sealed class SubnetRegistry(IKeyValueStore store, string prefix, Random random)
{
    /// <summary>How long a lease lives. Flannel's number.</summary>
    public static readonly TimeSpan TimeToLive = TimeSpan.FromHours(24);

    private readonly KeyRange _subnets = KeyRange.Prefix($"{prefix}/subnets/");

    /// <summary>The network's configuration; null while nobody has put one.</summary>
    public async Task<NetworkConfig?> ConfigAsync(CancellationToken cancellationToken)
    {
        var read = await store.RangeAsync(new RangeQuery(KeyRange.Single($"{prefix}/config")), cancellationToken);
        return read.Items is [var item] ? NetworkConfig.Parse(item.Value) : null;
    }

    /// <summary>Takes a subnet for this node: the one it has, the one it had, or a free one.</summary>
    public async Task<Subnet> AcquireAsync(NetworkConfig config, LeaseAttributes attributes, Subnet? previous, CancellationToken cancellationToken)
    {
        while (true)
        {
            var listed = await ListAsync(cancellationToken);
            var mine = listed.Leases.FirstOrDefault(lease => lease.Attributes.PublicIP == attributes.PublicIP);
            if (mine is not null && !config.Offers(mine.Subnet))
            {
                // The network was configured anew: what the node had is no part of it any more.
                await store.CommitAsync(
                    new Transaction([new(Key(mine.Subnet), mine.ModRevision)], [Operation.Delete(Key(mine.Subnet))]), cancellationToken);
                continue;
            }

            var subnet = mine?.Subnet ?? SubnetChoice.Choose(config, listed.Taken, previous, random);
            if (await PutAsync(subnet, mine?.ModRevision ?? 0, attributes, cancellationToken))
            {
                return subnet;
            }
        }
    }

    /// <summary>Makes this node's lease live on, or again, if it was lost and nobody has taken it.</summary>
    /// <exception cref="SubnetLostException">Another node has the subnet now.</exception>
    public async Task RenewAsync(Subnet subnet, LeaseAttributes attributes, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await store.RangeAsync(new RangeQuery(KeyRange.Single(Key(subnet))), cancellationToken);
            var current = read.Items is [var item] ? item : null;
            if (current is not null && !IsHeldBy(attributes.PublicIP, current))
            {
                throw new SubnetLostException($"the lease of {subnet} is held by another node now");
            }

            if (await PutAsync(subnet, current?.ModRevision ?? 0, attributes, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>All leases, after every change of any of them: first as they are now. Whatever is no lease is left out.</summary>
    public async IAsyncEnumerable<IReadOnlyList<SubnetLease>> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var listed = await ListAsync(cancellationToken);
            var leases = listed.Leases.ToDictionary(lease => lease.Subnet);
            yield return [.. leases.Values];
            await using var changes = store.WatchAsync(_subnets, listed.Revision + 1, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(changes) is { } batch)
            {
                Apply(leases, batch.Events);
                yield return [.. leases.Values];
            }
        }
    }

    public static bool IsHeldBy(string publicIP, KeyValue item) =>
        SubnetLease.TryRead(item, out var lease) && lease.Attributes.PublicIP == publicIP;

    // Null when what lies between was compacted away: then all is read again.
    private static async Task<WatchBatch?> NextAsync(IAsyncEnumerator<WatchBatch> changes)
    {
        try
        {
            return await changes.MoveNextAsync() ? changes.Current : null;
        }
        catch (StorageException exception) when (exception.Kind == StorageErrorKind.Compacted)
        {
            return null;
        }
    }

    private static void Apply(Dictionary<Subnet, SubnetLease> leases, IReadOnlyList<KeyEvent> events)
    {
        foreach (var (type, item) in events)
        {
            if (type == KeyEventType.Put && SubnetLease.TryRead(item, out var lease))
            {
                leases[lease.Subnet] = lease;
            }
            else if (SubnetLease.TryParseKey(item.Key, out var gone))
            {
                leases.Remove(gone);
            }
        }
    }

    private async Task<Listing> ListAsync(CancellationToken cancellationToken)
    {
        var read = await store.RangeAsync(new RangeQuery(_subnets), cancellationToken);
        var listing = new Listing(read.Revision, [], []);
        foreach (var item in read.Items)
        {
            if (SubnetLease.TryParseKey(item.Key, out var subnet))
            {
                listing.Taken.Add(subnet);
            }

            if (SubnetLease.TryRead(item, out var lease))
            {
                listing.Leases.Add(lease);
            }
        }

        return listing;
    }

    private async Task<bool> PutAsync(Subnet subnet, long expected, LeaseAttributes attributes, CancellationToken cancellationToken)
    {
        var put = Operation.Put(Key(subnet), SubnetLease.Encode(attributes), TimeToLive);
        var result = await store.CommitAsync(new Transaction([new(Key(subnet), expected)], [put]), cancellationToken);
        return result.Succeeded;
    }

    private string Key(Subnet subnet) => $"{prefix}/subnets/{SubnetLease.KeyPart(subnet)}";

    /// <param name="Revision">When it was so.</param>
    /// <param name="Leases">What can be read.</param>
    /// <param name="Taken">Their subnets, and those whose value cannot be read: they are somebody's all the same.</param>
    private sealed record Listing(long Revision, List<SubnetLease> Leases, List<Subnet> Taken);
}
