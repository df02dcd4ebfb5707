using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Storage.Etcd;

namespace MiniKube.TestSupport.Etcd;

/// <summary>Three members on loopback.</summary>
public sealed class EtcdCluster : IAsyncDisposable
{
    /// <param name="dataOf">The folder in which a member (0 to 2) keeps its data; null for a temporary one.</param>
    public EtcdCluster(Func<int, string?>? dataOf = null)
    {
        Members = [.. Enumerable.Range(0, 3).Select(i => new EtcdProcess { Name = $"etcd-{i + 1}", DataFolder = dataOf?.Invoke(i) })];
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
