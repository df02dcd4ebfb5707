using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.Cluster.Hosts;

namespace MiniKube.Cluster.Demo;

/// <summary>Sixteen clients and twenty informers that work through the load balancer, in a namespace of their own.</summary>
internal sealed class ClientLoad : IAsyncDisposable
{
    private const int Clients = 16;
    private const int Informers = 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly LoadServer _server;
    private readonly TimeProvider _clock;
    private readonly ConcurrentQueue<Attempt> _attempts = new();
    private readonly List<LoadClient> _clients;
    private readonly List<LoadInformer> _informers;
    private readonly CancellationTokenSource _stopClients = new();
    private readonly CancellationTokenSource _stopInformers = new();
    private readonly Task _asking;
    private readonly Task _watching;

    private ClientLoad(LoadServer server, TimeProvider clock, Random random)
    {
        (_server, _clock) = (server, clock);
        var start = clock.GetTimestamp();
        _clients = [.. Enumerable.Range(0, Clients).Select(number => new LoadClient(number, Clients, server, _attempts, new Random(random.Next()), clock, start))];
        _informers = [.. Enumerable.Range(0, Informers).Select(number => new LoadInformer(number, server, clock))];
        // Ended by its own hand: what is under way is waited for.
        _asking = Task.WhenAll(_clients.Select(client => Task.Run(() => client.RunAsync(_stopClients.Token), CancellationToken.None)));
        _watching = Task.WhenAll(_informers.Select(informer => Task.Run(() => informer.RunAsync(_stopInformers.Token), CancellationToken.None)));
    }

    public string Namespace => _server.Namespace;

    public IReadOnlyCollection<Attempt> Attempts => _attempts;

    public IEnumerable<InformerRange> Ranges => _informers.SelectMany(informer => informer.Ranges);

    /// <summary>Operations that failed however often they were tried.</summary>
    public int Abandoned => _clients.Sum(client => client.Abandoned);

    public static async Task<ClientLoad> StartAsync(ClusterHosts cluster, TimeSpan patience, Random random, CancellationToken cancellationToken)
    {
        var @namespace = $"demo-{Guid.NewGuid().ToString("N")[..8]}";
        var server = new LoadServer(cluster, @namespace, patience);
        using var connection = server.Connect();
        using var body = new StringContent($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{@namespace}}}"}}""", Encoding.UTF8, "application/json");
        using var answer = await connection.PostAsync(new Uri("/api/v1/namespaces", UriKind.Relative), body, cancellationToken);
        return answer.IsSuccessStatusCode
            ? new ClientLoad(server, cluster.Clock, random)
            : throw new ClusterException($"The namespace {@namespace} could not be made: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }

    /// <summary>Ends the requests and waits until informers have caught up. What clients were promised and is not so, one line each; empty when nothing is lost.</summary>
    public async Task<IReadOnlyList<string>> StopAsync(CancellationToken cancellationToken)
    {
        await _stopClients.CancelAsync();
        await _asking;
        using var connection = _server.Connect();
        var list = JsonNode.Parse(await connection.GetStringAsync(new Uri(_server.ConfigMaps, UriKind.Relative), cancellationToken));
        var stored = list.ObjectsAt("items").Where(item => item.StringAt("data", "v") is not null)
            .ToDictionary(item => item.StringAt("metadata", "name") ?? "", item => item.StringAt("data", "v") ?? "", StringComparer.Ordinal);
        var newest = list.ObjectsAt("items").Select(item => long.Parse(item.StringAt("metadata", "resourceVersion") ?? "0", System.Globalization.CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();
        var behind = await WaitForInformersAsync(newest, cancellationToken);
        await _stopInformers.CancelAsync();
        await _watching;
        using var deleted = await connection.DeleteAsync(new Uri($"/api/v1/namespaces/{Namespace}", UriKind.Relative), cancellationToken);
        return [.. _clients.SelectMany(client => client.FindLost(stored)), .. behind];
    }

    public async ValueTask DisposeAsync()
    {
        await _stopClients.CancelAsync();
        await _stopInformers.CancelAsync();
        await _asking;
        await _watching;
        _stopClients.Dispose();
        _stopInformers.Dispose();
    }

    private async Task<IReadOnlyList<string>> WaitForInformersAsync(long newest, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        while (true)
        {
            var behind = _informers.Index().Where(informer => informer.Item.Version < newest).ToList();
            if (behind.Count == 0 || _clock.GetElapsedTime(began) > Limit)
            {
                return [.. behind.Select(informer => $"informer {informer.Index} knows version {informer.Item.Version} of {newest}")];
            }

            await Task.Delay(Poll, _clock, cancellationToken);
        }
    }
}
