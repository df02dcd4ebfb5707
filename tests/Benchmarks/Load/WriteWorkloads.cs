using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace MiniKube.Benchmarks.Load;

/// <summary>Creates, and updates that get into each other's way.</summary>
internal sealed class WriteWorkloads(LoadTarget target, TimeProvider clock, TimeSpan duration)
{
    private const int Contended = 20;
    private const int FirstClients = 16;
    private readonly Measurement _measurement = new(target, clock);
    private int _run;

    /// <summary>
    /// The creates of the first seconds after a start, when a .NET server still compiles what it runs often: shown for themselves, and none of the others' figures.
    /// </summary>
    public Task<IReadOnlyList<Figure>> CreateFirstAsync(CancellationToken cancellationToken) => CreateAsync($"create pod, just started, {FirstClients} clients", FirstClients, cancellationToken);

    public Task<IReadOnlyList<Figure>> CreateAsync(int clients, CancellationToken cancellationToken) => CreateAsync($"create pod, {clients} clients", clients, cancellationToken);

    private Task<IReadOnlyList<Figure>> CreateAsync(string name, int clients, CancellationToken cancellationToken)
    {
        var run = ++_run;
        return _measurement.RunAsync(name, clients, duration, async (client, connection, number) =>
        {
            using var body = PodBodies.Create($"created-{run}-{client}-{number}", number);
            using var response = await connection.PostAsync("/api/v1/namespaces/default/pods", body, cancellationToken);
            response.EnsureSuccessStatusCode();
        }, cancellationToken);
    }

    /// <summary>Read, change, write back, again on conflict: all clients on a few objects.</summary>
    public async Task<IReadOnlyList<Figure>> UpdateAsync(int clients, CancellationToken cancellationToken)
    {
        using var setup = target.Connect();
        for (var number = 0; number < Contended; number++)
        {
            using var body = new StringContent($$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"contended-{{number}}"},"data":{"count":"0"} }""", MediaTypeHeaderValue.Parse("application/json"));
            using var response = await setup.PostAsync("/api/v1/namespaces/default/configmaps", body, cancellationToken);
        }

        var conflicts = 0;
        var updates = 0;
        var figures = await _measurement.RunAsync($"update with conflicts, {clients} clients", clients, duration, async (client, connection, number) =>
        {
            var path = $"/api/v1/namespaces/default/configmaps/contended-{(client + number) % Contended}";
            while (true)
            {
                var current = JsonNode.Parse(await connection.GetByteArrayAsync(path, cancellationToken))!;
                current["data"]!["count"] = $"{client}-{number}";
                using var body = new StringContent(current.ToJsonString(), MediaTypeHeaderValue.Parse("application/json"));
                using var response = await connection.PutAsync(path, body, cancellationToken);
                if (response.StatusCode != HttpStatusCode.Conflict)
                {
                    response.EnsureSuccessStatusCode();
                    Interlocked.Increment(ref updates);
                    return;
                }

                Interlocked.Increment(ref conflicts);
            }
        }, cancellationToken);
        return [.. figures, new Figure($"update with conflicts, {clients} clients: conflicts", "%", [100d * conflicts / (conflicts + updates)], "")];
    }
}
