using System.Net.Http.Headers;

namespace MiniKube.Benchmarks.Load;

/// <summary>What a cluster does all day, by many clients at once: of 100 turns 70 are gets, 10 lists of pods of one node, 10 patches, 10 creates with the deletion after.</summary>
internal sealed class MixedWorkload(LoadTarget target, TimeProvider clock, TimeSpan duration, int pods)
{
    private const int Cycle = 100;
    private readonly Measurement _measurement = new(target, clock);
    private int _run;

    public Task<IReadOnlyList<Figure>> RunAsync(int clients, CancellationToken cancellationToken)
    {
        var run = ++_run;
        return _measurement.RunAsync(
            $"mixed, {clients} clients",
            clients,
            duration,
            (client, connection, number) => TurnAsync(connection, ((client * 7919) + number) % pods, client, number, run, cancellationToken),
            cancellationToken);
    }

    // The kinds of turns are spread over the cycle, and every client is at another place of it: 37 has no factor in common with 100.
    private static async Task TurnAsync(HttpClient connection, int pod, int client, int number, int run, CancellationToken cancellationToken)
    {
        var path = $"/api/v1/namespaces/{PodBodies.NamespaceOf(pod)}/pods/{PodBodies.Name(pod)}";
        switch (((number * 37) + (client * 13)) % Cycle)
        {
            case < 70:
                await SendAsync(connection, HttpMethod.Get, path, null, cancellationToken);
                break;
            case < 80:
                await SendAsync(connection, HttpMethod.Get, $"/api/v1/pods?fieldSelector=spec.nodeName%3Dload-node-{pod % PodBodies.Parts}&limit=100", null, cancellationToken);
                break;
            case < 90:
                using (var patch = new StringContent($$$"""{"metadata":{"annotations":{"load/turn":"{{{run}}}-{{{client}}}-{{{number}}}"} } }""", MergePatch))
                {
                    await SendAsync(connection, HttpMethod.Patch, path, patch, cancellationToken);
                }

                break;
            default:
                var name = $"mixed-{run}-{client}-{number}";
                using (var body = PodBodies.Create(name, number))
                {
                    await SendAsync(connection, HttpMethod.Post, "/api/v1/namespaces/default/pods", body, cancellationToken);
                }

                await SendAsync(connection, HttpMethod.Delete, $"/api/v1/namespaces/default/pods/{name}?gracePeriodSeconds=0", null, cancellationToken);
                break;
        }
    }

    private static async Task SendAsync(HttpClient connection, HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Version = connection.DefaultRequestVersion, VersionPolicy = connection.DefaultVersionPolicy, Content = body };
        using var response = await connection.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static MediaTypeHeaderValue MergePatch => new("application/merge-patch+json");
}
