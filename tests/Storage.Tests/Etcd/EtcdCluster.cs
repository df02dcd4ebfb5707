using Microsoft.Extensions.Logging.Abstractions;
using MiniKube.Storage.Etcd;

namespace MiniKube.Storage.Tests.Etcd;

/// <summary>Three members on loopback.</summary>
internal sealed class EtcdCluster : IAsyncDisposable
{
    public EtcdCluster()
    {
        Members = [.. Enumerable.Range(1, 3).Select(i => new EtcdProcess { Name = $"etcd-{i}" })];
        foreach (var member in Members)
        {
            member.Cluster = string.Join(',', Members.Select(each => $"{each.Name}={each.Peer}"));
        }
    }

    public IReadOnlyList<EtcdProcess> Members { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var member in Members)
        {
            member.Start();
        }

        foreach (var member in Members)
        {
            await using var store = member.Connect();
            await member.WaitAsync(store, cancellationToken);
        }
    }

    public EtcdStore Connect() =>
        new(
            new EtcdStoreOptions { Servers = [.. Members.Select(member => member.Address)] },
            NullLogger<EtcdStore>.Instance, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
        {
            await member.DisposeAsync();
        }
    }
}
