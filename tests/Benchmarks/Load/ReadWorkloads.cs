using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace MiniKube.Benchmarks.Load;

/// <summary>Gets and lists of many pods, which <see cref="FillAsync"/> makes.</summary>
internal sealed class ReadWorkloads(LoadTarget target, TimeProvider clock, TimeSpan duration, int pods)
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    private const int Fillers = 16;
    private const int Rounds = 7;
    private readonly Measurement _measurement = new(target, clock);

    public async Task FillAsync(CancellationToken cancellationToken)
    {
        using var connection = target.Connect();
        for (var part = 0; part < PodBodies.Parts; part++)
        {
            using var body = new StringContent(
                $$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{PodBodies.NamespaceOf(part)}}"} }""", MediaTypeHeaderValue.Parse("application/json"));
            using var response = await connection.PostAsync("/api/v1/namespaces", body, cancellationToken);
        }

        await Parallel.ForEachAsync(
            Enumerable.Range(0, pods),
            new ParallelOptions { MaxDegreeOfParallelism = Fillers, CancellationToken = cancellationToken },
            async (number, token) =>
            {
                using var body = PodBodies.Create(PodBodies.Name(number), number);
                using var response = await connection.PostAsync($"/api/v1/namespaces/{PodBodies.NamespaceOf(number)}/pods", body, token);
                response.EnsureSuccessStatusCode();
            });
    }

    public Task<IReadOnlyList<Figure>> GetAsync(int clients, bool maybeStale, CancellationToken cancellationToken) => _measurement.RunAsync(
        $"get pod{(maybeStale ? " at resourceVersion=0" : "")}, {clients} clients",
        clients,
        duration,
        async (client, connection, number) =>
        {
            var pod = ((client * 7919) + number) % pods;
            var path = $"/api/v1/namespaces/{PodBodies.NamespaceOf(pod)}/pods/{PodBodies.Name(pod)}{(maybeStale ? "?resourceVersion=0" : "")}";
            using var response = await connection.GetAsync(path, cancellationToken);
            response.EnsureSuccessStatusCode();
            await response.Content.LoadIntoBufferAsync(cancellationToken);
        },
        cancellationToken);

    public async Task<IReadOnlyList<Figure>> ListAsync(CancellationToken cancellationToken) =>
    [
        .. await ListAsync($"list {pods} pods", "/api/v1/pods", "application/json", cancellationToken),
        .. await ListAsync($"list {pods} pods as Table", "/api/v1/pods", Table, cancellationToken),
        .. await ListAsync("list a tenth by label", "/api/v1/pods?labelSelector=tenth%3Dyes", "application/json", cancellationToken),
        .. await ListAsync("list a tenth by node", "/api/v1/pods?fieldSelector=spec.nodeName%3Dload-node-3", "application/json", cancellationToken),
        .. await ListAsync("list a tenth by namespace", $"/api/v1/namespaces/{PodBodies.NamespaceOf(3)}/pods", "application/json", cancellationToken),
        .. await ListAsync($"list {pods} pods in pages of 500", "/api/v1/pods?limit=500", "application/json", cancellationToken),
    ];

    private async Task<IReadOnlyList<Figure>> ListAsync(string name, string path, string accept, CancellationToken cancellationToken)
    {
        using var connection = target.Connect();
        await ListOnceAsync(connection, path, accept, cancellationToken);
        var times = new List<double>();
        var size = 0L;
        var server = target.Process?.ProcessorTime() ?? default;
        for (var round = 0; round < Rounds; round++)
        {
            var started = clock.GetTimestamp();
            size = await ListOnceAsync(connection, path, accept, cancellationToken);
            times.Add(clock.GetElapsedTime(started).TotalMilliseconds);
        }

        server = (target.Process?.ProcessorTime() ?? default) - server;
        List<Figure> figures = [new Figure($"{name}: time", "ms", times, ""), new Figure($"{name}: size", "MB", [size / 1e6], "")];
        if (target.Process is not null)
        {
            figures.Add(new Figure($"{name}: server CPU", "ms", [server.TotalMilliseconds / Rounds], ""));
        }

        return figures;
    }

    /// <summary>The size in bytes of the whole list, all of its pages.</summary>
    private static async Task<long> ListOnceAsync(HttpClient connection, string path, string accept, CancellationToken cancellationToken)
    {
        var size = 0L;
        for (var page = path; page is not null;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, page) { Version = connection.DefaultRequestVersion, VersionPolicy = connection.DefaultVersionPolicy };
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            response.EnsureSuccessStatusCode();
            if (!path.Contains("limit=", StringComparison.Ordinal))
            {
                return await DrainAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
            }

            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            size += body.Length;
            page = NextOf(body) is { } next ? $"{path}&continue={Uri.EscapeDataString(next)}" : null;
        }

        return size;
    }

    // The list's own metadata stands before its items.
    private static string? NextOf(byte[] list)
    {
        var reader = new System.Text.Json.Utf8JsonReader(list);
        while (reader.Read())
        {
            if (reader.TokenType == System.Text.Json.JsonTokenType.PropertyName && reader.ValueTextEquals("metadata"u8))
            {
                reader.Read();
                return JsonNode.Parse(ref reader)?["continue"]?.GetValue<string>() is { Length: > 0 } next ? next : null;
            }
        }

        return null;
    }

    private static async Task<long> DrainAsync(Stream content, CancellationToken cancellationToken)
    {
        var buffer = new byte[256 * 1024];
        var size = 0L;
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            size += read;
        }

        return size;
    }
}
