using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

using MiniKube.Faults.Tests.Checking;
using MiniKube.Faults.Tests.Rig;

namespace MiniKube.Faults.Tests.Load;

/// <summary>The pulses of every API server and of etcd itself: writes that have nothing to do with those of the campaign.</summary>
internal sealed class Pulses : IDisposable
{
    private static readonly TimeSpan MemberPatience = TimeSpan.FromSeconds(1);

    private readonly HttpClient _etcd = new() { Timeout = MemberPatience };
    private readonly IReadOnlyList<Uri> _members;
    private readonly IReadOnlyList<HttpClient> _clients;
    private readonly List<Pulse> _servers;
    private readonly Pulse _store;
    private int _beats;

    public Pulses(FaultCluster cluster, IReadOnlyList<HttpClient> clients, long start, TimeProvider clock)
    {
        (_clients, _members) = (clients, [.. cluster.Etcd.Members.Select(member => member.Address)]);
        _servers = [.. clients.Select((client, number) => new Pulse(stop => WriteAsync(client, number, stop), start, clock))];
        _store = new Pulse(WriteToAnyMemberAsync, start, clock);
    }

    public IReadOnlyList<Span> StoreOutages => _store.Outages;

    public IReadOnlyList<Span> ServerOutages(int number) => _servers[number].Outages;

    /// <summary>Makes what the pulses change.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        for (var number = 0; number < _clients.Count; number++)
        {
            using var response = await _clients[number].PostAsync("/api/v1/namespaces/default/configmaps", Body(number), cancellationToken);
            response.EnsureSuccessStatusCode();
        }
    }

    public Task RunAsync(CancellationToken stop) => Task.WhenAll([_store.RunAsync(stop), .. _servers.Select(server => server.RunAsync(stop))]);

    public void Dispose() => _etcd.Dispose();

    private async Task<bool> WriteAsync(HttpClient client, int number, CancellationToken stop)
    {
        using var response = await client.PutAsync($"/api/v1/namespaces/default/configmaps/pulse-{number}", Body(number), stop);
        return response.IsSuccessStatusCode;
    }

    private StringContent Body(int number) => Json(string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"pulse-{{{number}}}"},"data":{"beat":"{{{Interlocked.Increment(ref _beats)}}}"}}"""));

    // etcd's own gateway to its API: what it says does not depend on our client.
    private async Task<bool> WriteToAnyMemberAsync(CancellationToken stop)
    {
        var asked = _members.Select(member => WriteToAsync(member, stop)).ToList();
        while (asked.Count > 0)
        {
            var answered = await Task.WhenAny(asked);
            if (await answered)
            {
                return true;
            }

            asked.Remove(answered);
        }

        return false;
    }

    private async Task<bool> WriteToAsync(Uri member, CancellationToken stop)
    {
        try
        {
            var key = Convert.ToBase64String("/pulse"u8);
            using var response = await _etcd.PostAsync(new Uri(member, "/v3/kv/put"), Json($$"""{"key":"{{key}}","value":"{{key}}"}"""), stop);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
}
